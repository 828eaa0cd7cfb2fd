#include <gtest/gtest.h>

#include "node/execution/transaction/decode.hpp"
#include "node/execution/transaction/encode.hpp"
#include "tests/unit/node/execution/transaction/samples.hpp"

namespace buri::testing {
namespace {

using namespace execution::transaction;

class TransactionBytes : public ::testing::TestWithParam<EnvelopeType> {};

TEST_P(TransactionBytes, DecodeToWhatWasEncoded) {
  const SignedTransaction original = sample(GetParam());
  const auto decoded = decode(encode(original));
  ASSERT_TRUE(decoded.ok()) << describe(decoded.error());
  EXPECT_EQ(*decoded, original);
}

TEST_P(TransactionBytes, StandInABodyBesideOthers) {
  RlpWriter body;
  write(sample(GetParam()), body);
  write(sample(EnvelopeType::kLegacy), body);
  RlpReader reader{ByteView(body.items())};
  const auto first = read(reader);
  ASSERT_TRUE(first.ok()) << describe(first.error());
  EXPECT_EQ(*first, sample(GetParam()));
  const auto second = read(reader);
  ASSERT_TRUE(second.ok()) << describe(second.error());
  EXPECT_EQ(*second, sample(EnvelopeType::kLegacy));
  EXPECT_TRUE(reader.at_end());
}

TEST_P(TransactionBytes, AreRefusedWhenCutOrFollowedByMore) {
  const Bytes whole = encode(sample(GetParam()));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode(ByteView(whole).first(size)).ok()) << size;
  }
  Bytes longer = whole;
  longer.push_back(0x80);
  EXPECT_FALSE(decode(longer).ok());
}

/// Whatever a changed byte makes of a transaction, it is refused or read as exactly those bytes.
TEST_P(TransactionBytes, HaveOneMeaningEach) {
  Bytes bytes = encode(sample(GetParam()));
  for (std::uint8_t& byte : bytes) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      byte = static_cast<std::uint8_t>(byte ^ 1U << bit);
      const auto decoded = decode(bytes);
      if (decoded.ok()) EXPECT_EQ(encode(*decoded), bytes);
      byte = static_cast<std::uint8_t>(byte ^ 1U << bit);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, TransactionBytes,
                         ::testing::Values(EnvelopeType::kLegacy, EnvelopeType::kAccessList,
                                           EnvelopeType::kDynamicFee, EnvelopeType::kBlob,
                                           EnvelopeType::kSetCode, EnvelopeType::kStateSync));

TEST(TransactionDecode, NamesTheFieldAndTheFault) {
  EXPECT_EQ(describe(decode({}).error()), "a transaction has no bytes");
  EXPECT_EQ(describe(decode(Bytes{0x05, 0xc0}).error()), "transaction type 0x05 is not known");
  EXPECT_EQ(describe(decode(Bytes{0x00, 0xc0}).error()), "transaction type 0x00 is not known");
  EXPECT_EQ(describe(decode(Bytes{0x02, 0xc0}).error()), "chain id: a list has too few items");
  EXPECT_EQ(describe(decode(Bytes{0xc1, 0x00}).error()),
            "nonce: an integer has a leading zero byte");
  EXPECT_EQ(describe(decode(Bytes{0xc4, 0x80, 0x80, 0x80, 0x05}).error()),
            "to: a byte string has the wrong length");
}

TEST(TransactionDecode, RefusesALegacyTransactionInAByteString) {
  RlpWriter body;
  body.bytes(encode(sample(EnvelopeType::kLegacy)));
  RlpReader reader{ByteView(body.items())};
  EXPECT_FALSE(read(reader).ok());
}

TEST(TransactionDecode, RefusesCreationByTypesThatCannotCreate) {
  for (const EnvelopeType type : {EnvelopeType::kBlob, EnvelopeType::kSetCode}) {
    SignedTransaction creation = sample(type);
    creation.to.reset();
    EXPECT_EQ(describe(decode(encode(creation)).error()), "to: a byte string has the wrong length");
  }
}

TEST(TransactionDecode, ReadsCreations) {
  for (const EnvelopeType type :
       {EnvelopeType::kLegacy, EnvelopeType::kAccessList, EnvelopeType::kDynamicFee}) {
    SignedTransaction creation = sample(type);
    creation.to.reset();
    const auto decoded = decode(encode(creation));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(*decoded, creation);
  }
}

}  // namespace
}  // namespace buri::testing
