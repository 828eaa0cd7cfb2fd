#include <gtest/gtest.h>

#include <set>

#include "base/codec/rlp.hpp"
#include "base/hex.hpp"
#include "hsm/rules/bor_header.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/hsm/golden.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

/// T32: the bytes of one purpose, offered in the free fields of another.

namespace buri::hsm::rules {
namespace {

using testing::outcome;
using testing::World;

/// Sign bytes that an attacker would love to have signed, and pieces of them.
std::vector<Bytes> payloads() {
  std::vector<Bytes> all;
  const auto add = [&all](Bytes bytes) {
    Bytes prefixed_by_checkpoint{1};
    append(prefixed_by_checkpoint, bytes);
    all.push_back(std::move(prefixed_by_checkpoint));
    all.push_back(std::move(bytes));
  };
  add(wire::root_chain_sign_bytes(testing::root_chain_call(3).transaction));
  add(wire::root_chain_sign_bytes(testing::submit_checkpoint(3, 0, 255).transaction));
  const auto header = testing::bor_header(1001, testing::hash_of(1)).header;
  add(wire::bor_header_sign_bytes(header));
  add(wire::bor_header_rlp(header, {}));
  add(wire::heimdall_sign_bytes(testing::heimdall_transaction(7).transaction, {}));
  add(wire::vote_sign_bytes(testing::precommit_at(200, 0)));
  add(wire::proposal_sign_bytes(testing::proposal_at(200, 0)));
  add(wire::vote_extension_sign_bytes(testing::kChainId, 200, 0, Bytes(40)));
  add(wire::possession_sign_bytes({"c", "i", {}}, testing::kAddress));
  for (const JsonValue& line : buri::testing::golden_lines("dynamic-fee-transactions.jsonl")) {
    add(buri::testing::hex_of(line, "raw"));
  }
  // An unsigned legacy transaction (EIP-155) and an unsigned one of type 1.
  RlpWriter legacy;
  legacy.integer(0).integer(1).integer(21'000).bytes(testing::kAddress).integer(1).bytes({});
  legacy.integer(1).integer(0).integer(0);
  add(legacy.as_list());
  RlpWriter with_list;
  with_list.integer(1).integer(0).integer(1).integer(21'000).bytes(testing::kAddress).integer(1);
  with_list.bytes({}).list(RlpWriter());
  Bytes typed{1};
  append(typed, with_list.as_list());
  add(std::move(typed));
  all.emplace_back(32, 0xab);  // a bare digest
  return all;
}

TEST(T32CrossPurpose, NothingElseFitsIntoThePlainExtension) {
  const World world;
  for (const Bytes& payload : payloads()) {
    wire::SignVote vote = testing::precommit_at(200, 0);
    vote.plain_extension = payload;
    EXPECT_EQ(outcome(world.ask(vote)), "plain_extension") << to_hex(payload);
    // Behind and around the genuine dummy.
    const Bytes dummy = wire::plain_dummy(wire::ExtensionForm::kBanner, vote.height, vote.chain_id);
    vote.plain_extension = dummy;
    append(*vote.plain_extension, payload);
    EXPECT_EQ(outcome(world.ask(vote)), "plain_extension");
    vote.plain_extension = payload;
    append(*vote.plain_extension, dummy);
    EXPECT_EQ(outcome(world.ask(vote)), "plain_extension");
  }
}

TEST(T32CrossPurpose, NothingElseFitsIntoTheVoteExtension) {
  const World world;
  for (const Bytes& payload : payloads()) {
    wire::SignVote vote = testing::precommit_at(200, 0);
    vote.extension = payload;
    EXPECT_EQ(outcome(world.ask(vote)), "vote_extension") << to_hex(payload);
    vote = testing::precommit_at(200, 0);
    append(*vote.extension, payload);
    EXPECT_EQ(outcome(world.ask(vote)), "vote_extension") << to_hex(payload);
  }
}

TEST(T32CrossPurpose, NothingElseFitsIntoTheChainId) {
  const World world;
  for (const Bytes& payload : payloads()) {
    wire::SignVote vote = testing::vote_at(200, 0, wire::VoteType::kPrevote);
    vote.chain_id = as_text(payload);
    EXPECT_EQ(outcome(world.ask(vote)), "chain");
    vote.chain_id = std::string(testing::kChainId) + std::string(as_text(payload));
    EXPECT_EQ(outcome(world.ask(vote)), "chain");
    wire::SignProposal proposal = testing::proposal_at(200, 0);
    proposal.chain_id = as_text(payload);
    EXPECT_EQ(outcome(world.ask(proposal)), "chain");
    wire::SignHeimdallTransaction transaction = testing::heimdall_transaction(7);
    transaction.transaction.chain_id = as_text(payload);
    EXPECT_EQ(outcome(world.ask(transaction)), "chain");
  }
}

TEST(T32CrossPurpose, NothingElseFitsIntoTheVanity) {
  const World world;
  for (Bytes payload : payloads()) {
    payload.resize(32);
    wire::SignBorHeader request = testing::bor_header(1001, testing::hash_of(1));
    request.header.extra.vanity = FixedBytes<32>::from(payload);
    EXPECT_EQ(outcome(world.ask(request)), "header_form") << to_hex(payload);
  }
}

TEST(T32CrossPurpose, NothingElseFitsIntoAHeimdallMessage) {
  const World world;
  for (const Bytes& payload : payloads()) {
    wire::SignHeimdallTransaction request = testing::heimdall_transaction(7);
    request.transaction.messages[0].value = payload;
    const Decision decision = world.ask(request);
    EXPECT_EQ(outcome(decision), "message_content") << to_hex(payload);
  }
}

TEST(T32CrossPurpose, NoTwoPurposesSignTheSameBytes) {
  std::set<Bytes> distinct;
  const auto all = payloads();
  distinct.insert(all.begin(), all.end());
  EXPECT_EQ(distinct.size(), all.size());
}

TEST(T32CrossPurpose, PossessionIsProvedInACeremonyOnly) {
  World world;
  const wire::ProveOfPossession request{"heimdall-test", "2026-1", testing::hash_of(1)};
  EXPECT_EQ(outcome(world.ask(request)), "ceremony");
  world.ceremony = true;
  const Decision decision = world.ask(request);
  ASSERT_EQ(outcome(decision), "granted");
  EXPECT_FALSE(decision->record);
  EXPECT_EQ(outcome(world.ask(wire::ProveOfPossession{"", "", {}})), "malformed");
}

}  // namespace
}  // namespace buri::hsm::rules
