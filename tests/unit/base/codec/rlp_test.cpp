#include "base/codec/rlp.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"

namespace buri {
namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

/// The error of reading `text` (hex) as one item, or nothing if it is one.
std::optional<RlpError> error_of(std::string_view text) {
  const Bytes bytes = hex(text);
  const auto item = decode_rlp(bytes);
  return item.ok() ? std::nullopt : std::optional(item.error());
}

// Yellow paper, appendix B, and ethereum.org's examples.
TEST(Rlp, WritesThePublishedExamples) {
  EXPECT_EQ(to_hex(RlpWriter().bytes(as_bytes("dog")).items()), "83646f67");
  EXPECT_EQ(to_hex(RlpWriter().bytes(as_bytes("cat")).bytes(as_bytes("dog")).as_list()),
            "c88363617483646f67");
  EXPECT_EQ(to_hex(RlpWriter().bytes({}).items()), "80");
  EXPECT_EQ(to_hex(RlpWriter().as_list()), "c0");
  EXPECT_EQ(to_hex(RlpWriter().integer(0).integer(15).integer(1024).items()), "800f820400");
  const RlpWriter empty;
  const RlpWriter one = RlpWriter().list(empty);
  EXPECT_EQ(to_hex(RlpWriter().list(empty).list(one).as_list()), "c3c0c1c0");
}

TEST(Rlp, SwitchesToTheLongFormAt56Bytes) {
  EXPECT_EQ(to_hex(RlpWriter().bytes(Bytes(55, 1)).items()).substr(0, 4), "b701");
  EXPECT_EQ(to_hex(RlpWriter().bytes(Bytes(56, 1)).items()).substr(0, 6), "b83801");
  EXPECT_EQ(to_hex(RlpWriter().bytes(Bytes(256, 1)).items()).substr(0, 8), "b9010001");
  EXPECT_EQ(to_hex(RlpWriter().bytes(Bytes(56, 1)).as_list()).substr(0, 8), "f83ab838");
}

TEST(Rlp, ReadsBackWhatItWrites) {
  const Bytes list =
      RlpWriter().integer(7).bytes(Bytes(300, 9)).list(RlpWriter().integer(0)).as_list();
  auto reader = decode_rlp_list(list);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->next_uint64().value(), 7u);
  EXPECT_TRUE(equal(reader->next_bytes().value(), Bytes(300, 9)));
  auto inner = reader->next_list();
  ASSERT_TRUE(inner.ok());
  EXPECT_EQ(inner->next_uint64().value(), 0u);
  EXPECT_TRUE(inner->expect_end().ok());
  EXPECT_TRUE(reader->expect_end().ok());
  EXPECT_EQ(reader->next().error(), RlpError::kMissingItem);
}

TEST(Rlp, WritesListsInPlaceAsListsOfTheirOwn) {
  for (const std::size_t size : {0, 1, 55, 56, 255, 256, 70'000}) {
    const Bytes payload(size, 9);
    const auto fill = [&](RlpWriter& list) {
      list.integer(7).list_of([&](RlpWriter& inner) { inner.bytes(payload); });
    };
    RlpWriter apart;
    fill(apart);
    EXPECT_EQ(RlpWriter().integer(1).list_of(fill).take_items(),
              RlpWriter().integer(1).list(apart).items())
        << size;
    EXPECT_EQ(apart.items(), RlpWriter().integer(7).list(RlpWriter().bytes(payload)).items());
  }
}

TEST(Rlp, RejectsTruncatedItems) {
  for (const char* text : {"83646f", "b8", "b838", "c3c0", "f9", "bfffffffffffffffff"}) {
    EXPECT_EQ(error_of(text), RlpError::kTruncated) << text;
  }
}

TEST(Rlp, RejectsLeadingZeroLength) {
  EXPECT_EQ(error_of("b900" + std::string(2, '3') + std::string(200, '0')),
            RlpError::kNonCanonicalLength);
  EXPECT_EQ(error_of("f800"), RlpError::kNonCanonicalLength);
}

TEST(Rlp, RejectsLongFormOfAShortPayload) {
  EXPECT_EQ(error_of("b801ff"), RlpError::kNonCanonicalLength);
  EXPECT_EQ(error_of("f801c0"), RlpError::kNonCanonicalLength);
}

TEST(Rlp, RejectsAHeaderOnASmallByte) {
  EXPECT_EQ(error_of("817f"), RlpError::kNonCanonicalByte);
  EXPECT_EQ(error_of("8180"), std::nullopt);
}

TEST(Rlp, RejectsTrailingBytes) { EXPECT_EQ(error_of("c000"), RlpError::kTrailingBytes); }

TEST(Rlp, IntegersHaveNoLeadingZeroAndFitTheirWidth) {
  const Bytes zero = hex("00");
  EXPECT_EQ(RlpReader(zero).next_u256().error(), RlpError::kLeadingZero);
  const Bytes padded = hex("820001");
  EXPECT_EQ(RlpReader(padded).next_uint64().error(), RlpError::kLeadingZero);
  const Bytes nine = hex("89010000000000000000");
  EXPECT_EQ(RlpReader(nine).next_uint64().error(), RlpError::kIntegerTooLarge);
  EXPECT_TRUE(RlpReader(nine).next_u256().ok());
  const Bytes wide = RlpWriter().bytes(Bytes(33, 1)).items();
  EXPECT_EQ(RlpReader(wide).next_u256().error(), RlpError::kIntegerTooLarge);
}

TEST(Rlp, TellsListsFromByteStrings) {
  const Bytes list = hex("c0");
  EXPECT_EQ(RlpReader(list).next_bytes().error(), RlpError::kExpectedBytes);
  const Bytes string = hex("80");
  EXPECT_EQ(RlpReader(string).next_list().error(), RlpError::kExpectedList);
  EXPECT_EQ(decode_rlp_list(string).error(), RlpError::kExpectedList);
  EXPECT_EQ(RlpReader(string).next_fixed<1>().error(), RlpError::kWrongLength);
}

}  // namespace
}  // namespace buri
