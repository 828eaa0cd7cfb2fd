#include "hsm/rules/record.hpp"

#include <gtest/gtest.h>

#include "tests/unit/hsm/rules/samples.hpp"

namespace buri::hsm::rules {
namespace {

using testing::World;

/// Ledgers in which every purpose was signed.
Ledgers used_ledgers() {
  World world;
  wire::SignVote promise = testing::precommit_at(200, 0);
  CHECK(world.sign(promise).ok(), "the sample passes");
  CHECK(world.sign(wire::ReportCheckpoint{5}).ok(), "the sample passes");
  CHECK(world.sign(wire::ReportMilestone{1000, testing::hash_of(1)}).ok(), "the sample passes");
  CHECK(world.sign(testing::bor_header(1001, testing::hash_of(1))).ok(), "the sample passes");
  CHECK(world.sign(testing::heimdall_transaction(7)).ok(), "the sample passes");
  CHECK(world.sign(testing::root_chain_call(3)).ok(), "the sample passes");
  return world.ledgers;
}

constexpr Ledger kAll[] = {Ledger::kConsensus, Ledger::kBorHeader, Ledger::kHeimdallTransaction,
                           Ledger::kRootChainTransaction};

TEST(Record, EveryLedgerSurvivesItsEncoding) {
  for (const Ledgers& ledgers : {used_ledgers(), World().ledgers, Ledgers{}}) {
    for (const Ledger ledger : kAll) {
      const Record record = ledgers.get(ledger);
      EXPECT_EQ(ledger_of(record), ledger);
      const Bytes payload = encode_record(record);
      const auto decoded = decode_record(ledger, payload);
      ASSERT_TRUE(decoded.ok()) << ledger_name(ledger) << ": " << describe(decoded.error());
      EXPECT_EQ(*decoded, record);
    }
  }
}

TEST(Record, TruncatedAndExtendedPayloadsAreRefused) {
  for (const Ledger ledger : kAll) {
    Bytes payload = encode_record(used_ledgers().get(ledger));
    payload.push_back(0);
    EXPECT_FALSE(decode_record(ledger, payload).ok());
    payload.resize(payload.size() - 2);
    EXPECT_FALSE(decode_record(ledger, payload).ok()) << ledger_name(ledger);
  }
}

TEST(Record, NamesFitTheStateStore) {
  for (const Ledger ledger : kAll) {
    EXPECT_LE(ledger_name(ledger).size(), 16u);
    EXPECT_EQ(ledger_name(ledger).find_first_not_of("abcdefghijklmnopqrstuvwxyz-"),
              std::string_view::npos);
  }
}

TEST(Record, SignaturesOfOtherBytesAreNeverAttached) {
  World world;
  const Decision decision = world.ask(testing::precommit_at(200, 0));
  Record record = *decision->record;
  std::vector<MadeSignature> foreign;
  for (const SignatureSlot& slot : decision->slots) {
    foreign.push_back({slot.purpose, testing::hash_of(9), {}});
  }
  const Record before = record;
  attach_signatures(record, foreign);
  EXPECT_EQ(record, before);
}

TEST(Record, StoredSignaturesSurviveTheirEncoding) {
  const std::vector<MadeSignature> made{
      {wire::Purpose::kVote, testing::hash_of(1), testing::made_up_signature(testing::hash_of(1))},
      {wire::Purpose::kVoteExtension, testing::hash_of(2), {}}};
  const Bytes bytes = encode_signatures(made);
  EXPECT_EQ(decode_signatures(bytes).value(), made);
  EXPECT_FALSE(decode_signatures(ByteView(bytes).first(bytes.size() - 1)).ok());
  EXPECT_TRUE(decode_signatures(encode_signatures({}))->empty());
}

TEST(Record, AStartSignsFromItsFirstPlaceOn) {
  const World world;
  EXPECT_TRUE(world.ask(testing::proposal_at(100, 0)).ok());
  EXPECT_FALSE(world.ask(testing::proposal_at(99, 7)).ok());
  EXPECT_TRUE(world.ask(testing::bor_header(1000, testing::hash_of(1))).ok());
  EXPECT_FALSE(world.ask(testing::bor_header(999, testing::hash_of(1))).ok());
  EXPECT_FALSE(world.ask(testing::heimdall_transaction(6)).ok());
  EXPECT_FALSE(world.ask(testing::root_chain_call(2)).ok());
}

}  // namespace
}  // namespace buri::hsm::rules
