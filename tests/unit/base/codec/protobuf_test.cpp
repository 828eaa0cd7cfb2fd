#include <gtest/gtest.h>

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "base/hex.hpp"

namespace buri {
namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

/// The first error while reading every field of `text` (hex), or nothing.
std::optional<ProtobufError> error_of(std::string_view text) {
  const Bytes message = hex(text);
  ProtobufReader reader(message);
  while (!reader.at_end()) {
    const auto field = reader.next();
    if (!field.ok()) return field.error();
  }
  return std::nullopt;
}

TEST(ProtobufWriter, OmitsZeroScalarsAndEmptyBytesButNotMessages) {
  ProtobufWriter writer;
  writer.varint(1, 0).sfixed64(2, 0).bytes(3, {}).string(4, "").message(5, ProtobufWriter());
  EXPECT_EQ(to_hex(writer.encoded()), "2a00");
}

TEST(ProtobufWriter, WritesNegativeIntegersInTenBytes) {
  EXPECT_EQ(to_hex(ProtobufWriter().varint(4, static_cast<std::uint64_t>(-1)).encoded()),
            "20ffffffffffffffffff01");
}

// Go's zero time, spec/cometbft.md 2.
TEST(ProtobufWriter, WritesGoZeroTime) {
  const ProtobufWriter time =
      std::move(ProtobufWriter().varint(1, static_cast<std::uint64_t>(-62135596800)));
  EXPECT_EQ(to_hex(ProtobufWriter().message(5, time).encoded()), "2a0b088092b8c398feffffff01");
}

TEST(ProtobufWriter, PrefixesTheLength) {
  EXPECT_EQ(to_hex(ProtobufWriter().bytes(1, Bytes(200, 0)).length_prefixed()).substr(0, 10),
            "cb010ac801");
}

TEST(ProtobufReader, ReadsEveryWireType) {
  const Bytes message = hex("08ac021101000000000000001a02abcd2501000000");
  ProtobufReader reader(message);
  EXPECT_EQ(reader.next()->integer, 300u);
  EXPECT_EQ(reader.next()->type, WireType::kFixed64);
  EXPECT_TRUE(equal(reader.next()->bytes, hex("abcd")));
  EXPECT_EQ(reader.next()->number, 4u);
  EXPECT_TRUE(reader.at_end());
}

TEST(ProtobufReader, RejectsPaddedVarints) {
  EXPECT_EQ(error_of("088000"), ProtobufError::kVarintTooLong);
  EXPECT_EQ(error_of("888000"), ProtobufError::kVarintTooLong);
}

TEST(ProtobufReader, RejectsVarintsBeyond64Bits) {
  EXPECT_EQ(error_of("08ffffffffffffffffff01"), std::nullopt);
  EXPECT_EQ(error_of("08ffffffffffffffffff02"), ProtobufError::kVarintTooLong);
  EXPECT_EQ(error_of("08ffffffffffffffffffff01"), ProtobufError::kVarintTooLong);
}

TEST(ProtobufReader, RejectsFieldsThatRunPastTheEnd) {
  for (const char* text :
       {"08", "0880", "0a05", "0a02ff", "11000000", "0d0000", "0affffffffffffffffff01"}) {
    EXPECT_EQ(error_of(text), ProtobufError::kTruncated) << text;
  }
}

TEST(ProtobufReader, RejectsFieldZeroGroupsAndFallingNumbers) {
  EXPECT_EQ(error_of("0000"), ProtobufError::kBadTag);
  EXPECT_EQ(error_of("0b"), ProtobufError::kBadWireType);
  EXPECT_EQ(error_of("10010801"), ProtobufError::kFieldOrder);
}

TEST(ProtobufReader, ZigZagMapsAlternatingSigns) {
  EXPECT_EQ(from_zig_zag(0), 0);
  EXPECT_EQ(from_zig_zag(1), -1);
  EXPECT_EQ(from_zig_zag(2), 1);
  EXPECT_EQ(from_zig_zag(UINT64_MAX), INT64_MIN);
}

}  // namespace
}  // namespace buri
