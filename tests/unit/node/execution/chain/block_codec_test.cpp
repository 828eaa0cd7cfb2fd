#include <gtest/gtest.h>

#include "base/random.hpp"
#include "node/execution/chain/block.hpp"
#include "node/execution/chain/receipt.hpp"
#include "node/execution/transaction/encode.hpp"

/// The encodings of blocks and what is in them: one form each, everything else refused by name.

namespace buri::execution::chain {
namespace {

Address address(std::uint8_t last) {
  Address result;
  result.bytes[19] = last;
  return result;
}

SignedTransaction of_type(EnvelopeType type) {
  SignedTransaction transaction;
  transaction.type = type;
  if (type == EnvelopeType::kStateSync) {
    transaction.events = {{7, address(1), Bytes{1, 2, 3}, Hash256{{9}}}, {8, address(2), {}, {}}};
    return transaction;
  }
  if (type != EnvelopeType::kLegacy) transaction.chain_id = U256::from_uint64(137);
  transaction.nonce = 3;
  transaction.max_tip = transaction.max_fee = U256::from_uint64(25);
  if (type > EnvelopeType::kAccessList) transaction.max_fee = U256::from_uint64(1000);
  transaction.gas_limit = 21000;
  transaction.to = address(5);
  transaction.value = U256{{0, 0, 0, 1}};
  transaction.data = Bytes(100, 0xab);
  if (type != EnvelopeType::kLegacy) transaction.access_list = {{address(6), {U256{}, U256{{1}}}}};
  if (type == EnvelopeType::kBlob) transaction.blob_hashes = {Hash256{{1}}};
  if (type == EnvelopeType::kSetCode) {
    transaction.authorizations = {{U256{{137}}, address(8), 4, 1, U256{{5}}, U256{{6}}}};
  }
  transaction.v = U256::from_uint64(type == EnvelopeType::kLegacy ? 309 : 1);
  transaction.r = U256{{1, 2, 3, 4}};
  transaction.s = U256{{5, 6, 7, 8}};
  return transaction;
}

constexpr std::array kTypes{EnvelopeType::kLegacy,     EnvelopeType::kAccessList,
                            EnvelopeType::kDynamicFee, EnvelopeType::kBlob,
                            EnvelopeType::kSetCode,    EnvelopeType::kStateSync};

Block some_block() {
  Block block;
  block.header.extra = Bytes(97, 1);
  block.header.base_fee = U256::from_uint64(30);
  for (const EnvelopeType type : kTypes) block.transactions.push_back(of_type(type));
  return block;
}

TEST(BlockCodec, WritesWhatItRead) {
  const Bytes encoded = encode_block(some_block());
  const auto decoded = decode_block(encoded);
  ASSERT_TRUE(decoded.ok()) << describe(decoded.error());
  EXPECT_EQ(encode_block(*decoded), encoded);
  EXPECT_EQ(decoded->transactions.size(), kTypes.size());
}

TEST(BlockCodec, KeepsAnEmptyListOfWithdrawalsApartFromNone) {
  Block block = some_block();
  EXPECT_FALSE(decode_block(encode_block(block))->withdrawals.has_value());
  block.withdrawals.emplace();
  EXPECT_TRUE(decode_block(encode_block(block))->withdrawals.has_value());
}

TEST(BlockCodec, RefusesALegacyTransactionInAString) {
  const Bytes legacy = transaction::encode(of_type(EnvelopeType::kLegacy));
  RlpWriter block;
  block.encoded(encode_rlp(some_block().header)).list(RlpWriter().bytes(legacy)).list({});
  EXPECT_EQ(decode_block(block.as_list()).error().field, "block.transactions[0]");
}

TEST(BlockCodec, RefusesAForkFieldThatIsLeftOut) {
  Header header = some_block().header;
  header.requests_hash = Hash256{{1}};
  const auto decoded = decode_header(encode_rlp(header));
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().field, "header.withdrawals_root");
}

TEST(SealMessage, CoversTheBaseFeeOnlyFromJaipurOn) {
  const Header header = some_block().header;
  EXPECT_NE(seal_message(header, true), seal_message(header, false));
  Header short_extra = header;
  short_extra.extra.resize(64);
  EXPECT_FALSE(seal_message(short_extra, true).has_value());
}

/// Of 3,000 values some occur again and again, and many share a slot.
TEST(ReceiptBlooms, OfABlockAreThoseOfEachReceiptAlone) {
  SeededRandom random(1);
  std::vector<Receipt> together(500);
  for (Receipt& receipt : together) {
    for (std::uint64_t logs = random.below(4); logs > 0; --logs) {
      evm::Log& log = receipt.logs.emplace_back();
      log.address = address(static_cast<std::uint8_t>(random.below(8)));
      log.topic_count = static_cast<std::uint8_t>(random.below(5));
      for (Hash256& topic : log.topic_words) {
        const std::uint64_t value = random.below(3000);
        topic.bytes = {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8)};
      }
    }
  }
  std::vector<Receipt> alone = together;
  fill_blooms(together);
  for (Receipt& receipt : alone) fill_blooms(std::span(&receipt, 1));
  EXPECT_EQ(together, alone);
}

TEST(ReceiptCodec, WritesWhatItRead) {
  evm::Log log{.address = address(1), .topic_count = 2, .data = Bytes{1, 2, 3}};
  log.topic_words[1] = Hash256{{7}};
  for (const EnvelopeType type : kTypes) {
    const Bytes encoded = encode_receipt({type, true, 21000, {}, {log, log}});
    const auto decoded = decode_receipt(encoded);
    ASSERT_TRUE(decoded.ok()) << describe(decoded.error());
    EXPECT_EQ(encode_receipt(*decoded), encoded);
    EXPECT_EQ(decoded->logs.size(), 2U);
  }
}

TEST(ReceiptCodec, RefusesFiveTopicsAndOtherStatuses) {
  RlpWriter topics;
  for (int i = 0; i < 5; ++i) topics.bytes(Hash256{});
  RlpWriter logs;
  logs.list(RlpWriter().bytes(Address{}).list(topics).bytes({}));
  const auto receipt = [&](std::uint64_t status) {
    return RlpWriter()
        .integer(status)
        .integer(std::uint64_t{0})
        .bytes(Bloom{})
        .list(logs)
        .as_list();
  };
  EXPECT_EQ(decode_receipt(receipt(1)).error().expected, "at most 4 topics");
  EXPECT_EQ(decode_receipt(receipt(2)).error().field, "receipt.status");
}

}  // namespace
}  // namespace buri::execution::chain
