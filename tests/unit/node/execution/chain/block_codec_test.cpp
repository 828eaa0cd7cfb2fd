#include <gtest/gtest.h>

#include "node/execution/chain/block.hpp"
#include "node/execution/chain/receipt.hpp"

/// The encodings of blocks and what is in them: one form each, everything else refused by name.

namespace buri::execution::chain {
namespace {

Address address(std::uint8_t last) {
  Address result;
  result.bytes[19] = last;
  return result;
}

Transaction of_type(TxType type) {
  Transaction transaction;
  transaction.type = type;
  if (type == TxType::kStateSync) {
    transaction.records = {{7, address(1), Bytes{1, 2, 3}, Hash256{{9}}}, {8, address(2), {}, {}}};
    return transaction;
  }
  if (type != TxType::kLegacy) transaction.chain_id = U256::from_uint64(137);
  transaction.nonce = 3;
  transaction.max_tip = transaction.max_fee = U256::from_uint64(25);
  if (type > TxType::kAccessList) transaction.max_fee = U256::from_uint64(1000);
  transaction.gas_limit = 21000;
  transaction.to = address(5);
  transaction.value = U256{{0, 0, 0, 1}};
  transaction.data = Bytes(100, 0xab);
  if (type != TxType::kLegacy) transaction.access_list = {{address(6), {U256{}, U256{{1}}}}};
  if (type == TxType::kBlob) transaction.blob_hashes = {Hash256{{1}}};
  if (type == TxType::kSetCode) {
    transaction.authorizations = {{U256{{137}}, address(8), 4, 1, U256{{5}}, U256{{6}}}};
  }
  transaction.v = U256::from_uint64(type == TxType::kLegacy ? 309 : 1);
  transaction.r = U256{{1, 2, 3, 4}};
  transaction.s = U256{{5, 6, 7, 8}};
  return transaction;
}

constexpr std::array kTypes{TxType::kLegacy, TxType::kAccessList, TxType::kDynamicFee,
                            TxType::kBlob,   TxType::kSetCode,    TxType::kStateSync};

Block some_block() {
  Block block;
  block.header.extra = Bytes(97, 1);
  block.header.base_fee = U256::from_uint64(30);
  for (const TxType type : kTypes) block.transactions.push_back(of_type(type));
  return block;
}

DecodeError refusal_of(ByteView bytes) {
  auto transaction = decode_transaction(bytes, "tx");
  EXPECT_FALSE(transaction.ok());
  return transaction.ok() ? DecodeError{} : transaction.error();
}

TEST(TransactionCodec, WritesWhatItRead) {
  for (const TxType type : kTypes) {
    const Bytes encoded = encode_transaction(of_type(type));
    const auto decoded = decode_transaction(encoded, "tx");
    ASSERT_TRUE(decoded.ok()) << describe(decoded.error());
    EXPECT_EQ(decoded->type, type);
    EXPECT_EQ(encode_transaction(*decoded), encoded);
  }
}

TEST(TransactionCodec, RefusesUnknownTypesByTheirNumber) {
  const Bytes encoded{0x05, 0xc0};
  EXPECT_EQ(refusal_of(encoded).found, "type 5");
  EXPECT_EQ(refusal_of({}).found, "no byte");
}

TEST(TransactionCodec, NamesTheFieldThatIsWrong) {
  Bytes encoded = encode_transaction(of_type(TxType::kDynamicFee));
  encoded.push_back(0);
  EXPECT_EQ(refusal_of(encoded).field, "tx");
  // [nonce with a leading zero, ...]
  const Bytes bad_nonce = RlpWriter().bytes(Bytes{0, 1}).as_list();
  EXPECT_EQ(refusal_of(bad_nonce).field, "tx.nonce");
  const Bytes bad_target = RlpWriter()
                               .integer(std::uint64_t{1})
                               .integer(std::uint64_t{1})
                               .integer(std::uint64_t{1})
                               .bytes(Bytes(19))
                               .as_list();
  EXPECT_EQ(describe(refusal_of(bad_target)), "tx.to: expected 20 bytes or none, found 19 bytes");
}

TEST(TransactionCodec, RefusesSetCodeWithoutTarget) {
  Transaction transaction = of_type(TxType::kSetCode);
  transaction.to.reset();
  EXPECT_EQ(refusal_of(encode_transaction(transaction)).field, "tx.to");
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
  const Bytes legacy = encode_transaction(of_type(TxType::kLegacy));
  RlpWriter block;
  block.encoded(encode_rlp(some_block().header)).list(RlpWriter().bytes(legacy)).list({});
  EXPECT_EQ(decode_block(block.as_list()).error().found, "a list in a string");
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

TEST(ReceiptCodec, WritesWhatItRead) {
  evm::Log log{.address = address(1), .topic_count = 2, .data = Bytes{1, 2, 3}};
  log.topic_words[1] = Hash256{{7}};
  for (const TxType type : kTypes) {
    const Bytes encoded = encode_receipt(make_receipt(type, true, 21000, {log, log}));
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
