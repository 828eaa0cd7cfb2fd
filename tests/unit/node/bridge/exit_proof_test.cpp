#include "node/bridge/exit_proof.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/cli/verify_checkpoint.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::bridge {
namespace {

/// The exit that pos-contracts accepted, decoded; tests break it in one place.
class ExitProofRules : public ::testing::Test {
 protected:
  static cli::ExitInput input() {
    const JsonValue document =
        parse_json(buri::testing::golden_text("rootchain/contract-exit.json")).value();
    return cli::decode_exit_input(JsonCursor(document)).value();
  }
  void expect_receipt_failure(ExitRule rule) {
    const auto log = verify_receipt(buri::testing::engine(), proof_);
    ASSERT_FALSE(log.ok());
    EXPECT_EQ(describe(log.error().rule), describe(rule));
  }
  ExitRule block_rule() {
    return verify_block(buri::testing::engine(), proof_, start_, root_).error().rule;
  }

  const cli::ExitInput input_ = input();
  ExitProof proof_ = decode_exit_proof(input_.payload).value();
  std::uint64_t start_ = *input_.start;
  Hash256 root_ = *input_.root;
};

TEST_F(ExitProofRules, HoldsAsTheContractFoundIt) {
  const auto log = verify_receipt(buri::testing::engine(), proof_);
  ASSERT_TRUE(log.ok());
  EXPECT_EQ(log.value().log_count, 2u);
  EXPECT_EQ(log.value().receipt_type, 2);
  EXPECT_TRUE(verify_block(buri::testing::engine(), proof_, start_, root_).ok());
}

TEST_F(ExitProofRules, ATrieNodeIsNamedByItsParent) {
  proof_.receipts_root.bytes[0] ^= 1;
  expect_receipt_failure(ExitRule::kTrieNode);
  proof_.receipts_root.bytes[0] ^= 1;
  proof_.receipt_proof.back().back() ^= 1;
  expect_receipt_failure(ExitRule::kTrieNode);
}

TEST_F(ExitProofRules, ThePathLeadsToTheReceiptsIndex) {
  proof_.receipt_index = 0;  // its branch holds another child
  expect_receipt_failure(ExitRule::kTrieNode);
  proof_.receipt_index = 5;  // its branch is empty
  expect_receipt_failure(ExitRule::kTriePath);
}

TEST_F(ExitProofRules, EveryNodeIsNeededAndNoneIsLeftOver) {
  const auto last = proof_.receipt_proof.back();
  proof_.receipt_proof.pop_back();
  expect_receipt_failure(ExitRule::kTriePath);
  proof_.receipt_proof.push_back(last);
  proof_.receipt_proof.push_back(last);
  expect_receipt_failure(ExitRule::kTriePath);
  proof_.receipt_proof.clear();
  expect_receipt_failure(ExitRule::kTriePath);
}

TEST_F(ExitProofRules, TheReceiptIsTheOneInTheTrie) {
  proof_.receipt.back() ^= 1;
  expect_receipt_failure(ExitRule::kReceipt);
}

TEST_F(ExitProofRules, TheLogExists) {
  proof_.log_index = 2;
  expect_receipt_failure(ExitRule::kLogIndex);
}

TEST_F(ExitProofRules, TheBlockHasItsPlaceUnderTheRoot) {
  start_ = proof_.block_number + 1;
  EXPECT_EQ(block_rule(), ExitRule::kBlockIndex);
  start_ = 0;
  root_.bytes[3] ^= 1;
  EXPECT_EQ(block_rule(), ExitRule::kRoot);
  root_.bytes[3] ^= 1;
  ++proof_.block_time;
  EXPECT_EQ(block_rule(), ExitRule::kRoot);
  proof_.block_number = 8;  // three siblings reach index 7
  EXPECT_EQ(block_rule(), ExitRule::kBlockIndex);
}

/// Which item of a payload whose item `index` is replaced is refused.
unsigned refused_item(const Bytes& payload, unsigned index, const Bytes& replacement) {
  RlpReader reader = decode_rlp_list(payload).value();
  RlpWriter writer;
  for (unsigned i = 0; !reader.at_end(); ++i) {
    const RlpItem item = reader.next().value();
    writer.encoded(i == index ? ByteView(replacement) : item.encoded);
  }
  const auto proof = decode_exit_proof(writer.as_list());
  return proof.ok() ? 99 : proof.error().item;
}

TEST_F(ExitProofRules, DecodingNamesTheItem) {
  const Bytes list{0xc0};
  for (unsigned item = 0; item < 10; ++item) {
    EXPECT_EQ(refused_item(input_.payload, item, list), item);
  }
  const Bytes padded{0x82, 0x00, 0x01};
  for (const unsigned item : {0u, 2u, 3u, 9u}) {
    EXPECT_EQ(refused_item(input_.payload, item, padded), item);
  }
  EXPECT_EQ(refused_item(input_.payload, 1, Bytes{0x01}), 1u);
  EXPECT_EQ(refused_item(input_.payload, 8, Bytes{0x01}), 8u);
  EXPECT_EQ(refused_item(input_.payload, 8, Bytes{0x82, 0x20, 0x01}), 8u);
}

TEST_F(ExitProofRules, TheOptionalItemsAreRefused) {
  RlpReader reader = decode_rlp_list(input_.payload).value();
  RlpWriter writer;
  while (!reader.at_end()) writer.encoded(reader.next().value().encoded);
  writer.integer(1);
  EXPECT_EQ(decode_exit_proof(writer.as_list()).error().item, 10u);
}

}  // namespace
}  // namespace buri::bridge
