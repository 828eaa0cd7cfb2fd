#include "hsm/rules/interchange.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/hsm/golden.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

namespace buri::hsm::rules {
namespace {

using testing::outcome;
using testing::World;

constexpr std::string_view kChainB = "heimdall-gold-b";

std::string stock_state() { return buri::testing::golden_signer_text("privval-state.json"); }

TEST(T48Interchange, TheStateOfAStockDaemonGoesOnWhereItStood) {
  const auto record = import_file_pv(stock_state(), kChainB);
  ASSERT_TRUE(record.ok()) << describe(record.error());
  EXPECT_EQ(record->height, 160);
  EXPECT_EQ(record->step, Step::kPrecommit);
  EXPECT_EQ(to_hex(buri::testing::signer_of(buri::testing::keccak256(record->sign_bytes),
                                            *record->signature)),
            "3e12443215507f47d490f1ccf472673e4d05d8f8");

  World world;
  world.policy.consensus.chain_id = kChainB;
  world.ledgers.consensus = *record;
  world.now = record->timestamp.seconds;
  wire::SignVote vote = testing::vote_at(160, 0, wire::VoteType::kPrecommit);
  vote.chain_id = kChainB;
  vote.timestamp = record->timestamp;
  EXPECT_EQ(outcome(world.ask(vote)), "equivocation");
  vote.height = 159;
  EXPECT_EQ(outcome(world.ask(vote)), "height_regression");
  vote.height = 161;
  EXPECT_EQ(outcome(world.ask(vote)), "granted");
}

TEST(T48Interchange, WhatWasExportedIsTheStockFileAgain) {
  const ConsensusRecord record = import_file_pv(stock_state(), kChainB).value();
  EXPECT_EQ(export_file_pv(record), stock_state());
  const std::string started = export_file_pv(start_consensus(5));
  EXPECT_EQ(started, "{\n  \"height\": \"4\",\n  \"round\": 2147483647,\n  \"step\": 3\n}");
  EXPECT_EQ(import_file_pv(started, kChainB)->height, 4);
}

/// The stock file with one text replaced.
std::string changed(std::string_view from, std::string_view to) {
  std::string json = stock_state();
  const std::size_t at = json.find(from);
  CHECK(at != std::string::npos, "the text is in the file");
  return json.replace(at, from.size(), to);
}

TEST(T48Interchange, AFileThatContradictsItselfIsRefused) {
  EXPECT_FALSE(import_file_pv(stock_state(), "another-chain").ok());
  EXPECT_FALSE(import_file_pv(changed("\"160\"", "\"161\""), kChainB).ok());
  EXPECT_FALSE(import_file_pv(changed("\"round\": 0", "\"round\": 1"), kChainB).ok());
  EXPECT_FALSE(import_file_pv(changed("\"step\": 3", "\"step\": 2"), kChainB).ok());
  EXPECT_FALSE(import_file_pv(changed("\"step\": 3", "\"step\": 4"), kChainB).ok());
  EXPECT_FALSE(import_file_pv(changed("\"signbytes\": \"74", "\"signbytes\": \"75"), kChainB).ok());
  EXPECT_FALSE(import_file_pv(changed("\"signature\": \"mYiU", "\"signature\": \""), kChainB).ok());
  EXPECT_FALSE(import_file_pv(changed("\"step\": 3,", "\"step\": 3, \"x\": 1,"), kChainB).ok());
  EXPECT_FALSE(import_file_pv(R"({"height":"0","round":0,"step":0})", kChainB).ok());
  EXPECT_FALSE(import_file_pv("", kChainB).ok());
}

TEST(T48Interchange, TmkmsCountsItsWholeHeightAsSigned) {
  const auto record = import_tmkms(
      R"({"height":"500","round":"1","step":2,"block_id":{"hash":"AB","parts":{"total":1}}})");
  ASSERT_TRUE(record.ok()) << describe(record.error());
  World world;
  world.ledgers.consensus = *record;
  EXPECT_EQ(outcome(world.ask(testing::vote_at(500, 9, wire::VoteType::kPrecommit))),
            "height_regression");
  EXPECT_EQ(outcome(world.ask(testing::proposal_at(501, 0))), "granted");
  EXPECT_FALSE(import_tmkms(R"({"height":"0","round":"0","step":0})").ok());
  EXPECT_FALSE(import_tmkms(R"({"height":500,"round":"0","step":0})").ok());
  EXPECT_FALSE(import_tmkms(R"({"height":"500","round":"-1","step":0})").ok());
}

SignState sample_state() {
  World world;
  CHECK(world.sign(testing::precommit_at(200, 0)).ok(), "the sample passes");
  CHECK(world.sign(testing::root_chain_call(3)).ok(), "the sample passes");
  return {testing::kAddress,
          {world.ledgers.consensus, world.ledgers.bor, world.ledgers.heimdall,
           world.ledgers.root_chain}};
}

TEST(T48Interchange, OurOwnFormatKeepsEveryRecord) {
  const SignState state = sample_state();
  const auto read = import_sign_state(export_sign_state(state));
  ASSERT_TRUE(read.ok()) << describe(read.error());
  EXPECT_EQ(*read, state);
  const SignState empty{testing::kAddress, {}};
  EXPECT_EQ(import_sign_state(export_sign_state(empty)).value(), empty);
}

TEST(T48Interchange, EveryChangedCharacterOfOurFormatIsNoticed) {
  const SignState state = sample_state();
  const std::string json = export_sign_state(state);
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] == ' ' || json[at] == '\n') continue;
    std::string edited = json;
    edited[at] = edited[at] == '0' ? '1' : '0';
    ASSERT_FALSE(import_sign_state(edited).ok()) << at;
  }
}

}  // namespace
}  // namespace buri::hsm::rules
