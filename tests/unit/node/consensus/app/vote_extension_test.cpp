#include "node/consensus/app/vote_extension.hpp"

#include <gtest/gtest.h>

#include "node/consensus/codec/message.hpp"
#include "tests/unit/node/consensus/replay/chain_run.hpp"

/// Vote extensions of a recorded chain, one by one and tampered with.

namespace buri::consensus::app {
namespace {

using replay::bundled_chain;
using replay::ChainRun;

/// The extensions of the next height's committed votes, as another validator hears of them.
std::vector<VerifyRequest> heard(const ChainRun& run) {
  std::vector<VerifyRequest> requests;
  const replay::DecodedHeight& height = run.next();
  for (const auto& entry : height.extended_commit.signatures) {
    if (entry.vote.flag != engine::BlockIdFlag::kCommit) continue;
    const auto& hash = height.record.block_hash.bytes;
    const auto& address = entry.vote.validator_address->bytes;
    requests.push_back({.height = height.record.height,
                        .block_hash = {hash.begin(), hash.end()},
                        .validator_address = {address.begin(), address.end()},
                        .extensions = {entry.extension, entry.non_rp_extension}});
  }
  return requests;
}

bool is_accepted(ChainRun& run, const VerifyRequest& request) {
  const auto verdict = run.app().verify_vote_extension(request);
  return verdict.ok() && verdict->ok();
}

TEST(VoteExtension, OfEveryRecordedVoteIsAccepted) {
  ChainRun run(bundled_chain());
  std::size_t checked = 0;
  for (; !run.at_end(); run.step()) {
    for (const VerifyRequest& request : heard(run)) {
      EXPECT_TRUE(is_accepted(run, request)) << request.height;
      ++checked;
    }
  }
  EXPECT_GT(checked, 400U);
}

TEST(VoteExtension, EncodesAsRecorded) {
  for (const replay::DecodedHeight& height : replay::read_heights(bundled_chain())) {
    for (const auto& entry : height.extended_commit.signatures) {
      if (entry.extension.empty()) continue;
      const auto decoded = decode_extension(entry.extension);
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(codec::encode(*decoded), entry.extension);
    }
  }
}

TEST(VoteExtension, IsRefusedForAnotherBlockOrHeight) {
  ChainRun run(bundled_chain());
  run.run_to(40);
  VerifyRequest request = heard(run).front();
  ASSERT_TRUE(is_accepted(run, request));
  VerifyRequest other = request;
  other.block_hash[0] ^= 1;
  EXPECT_FALSE(is_accepted(run, other));
  other = request;
  ++other.height;
  EXPECT_FALSE(is_accepted(run, other));
}

/// A non-RP extension is the dummy of its height or a checkpoint; nothing else from Phuket on.
TEST(VoteExtension, IsRefusedForAnyFlippedBitOfItsDummy) {
  ChainRun run(bundled_chain());
  run.run_to(40);
  const VerifyRequest request = heard(run).front();
  for (std::size_t bit = 0; bit < request.extensions.non_rp_extension.size() * 8; ++bit) {
    VerifyRequest flipped = request;
    flipped.extensions.non_rp_extension[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(is_accepted(run, flipped)) << bit;
  }
}

TEST(VoteExtension, IsRefusedWithUnknownFieldsOrBytesBehind) {
  ChainRun run(bundled_chain());
  run.run_to(40);
  VerifyRequest request = heard(run).front();
  append(request.extensions.vote_extension, Bytes{0x28, 0x01});
  EXPECT_FALSE(is_accepted(run, request));
  request = heard(run).front();
  request.extensions.vote_extension.push_back(0x0a);
  EXPECT_FALSE(is_accepted(run, request));
}

/// Without Bor and Ethereum a validator votes no and proposes nothing; the others accept that.
TEST(VoteExtension, OfANodeWithoutFactsIsAcceptedByTheOthers) {
  ChainRun run(bundled_chain());
  for (; run.next().record.height < 60; run.step()) {
    const auto& hash = run.next().record.block_hash.bytes;
    const auto made = run.app().extend_vote({.height = run.next().record.height,
                                             .block_hash = {hash.begin(), hash.end()},
                                             .txs = run.next().block.txs});
    ASSERT_TRUE(made.ok()) << made.error().log;
    EXPECT_TRUE(is_accepted(run, {.height = run.next().record.height,
                                  .block_hash = {hash.begin(), hash.end()},
                                  .validator_address = Bytes(20, 1),
                                  .extensions = *made}));
    const auto extension = decode_extension(made->vote_extension);
    ASSERT_TRUE(extension.ok());
    for (const SideTxResponse& response : extension->side_tx_responses) {
      EXPECT_EQ(response.result, static_cast<std::int32_t>(runtime::SideVote::kNo));
    }
  }
}

TEST(VoteExtension, NeedsAnExtendedCommitInTheBlock) {
  ChainRun run(bundled_chain());
  run.run_to(10);
  EXPECT_FALSE(run.app().extend_vote({.height = 10, .block_hash = Bytes(32, 1), .txs = {}}).ok());
  EXPECT_FALSE(
      run.app().extend_vote({.height = 10, .block_hash = Bytes(32, 1), .txs = {{0xff}}}).ok());
}

}  // namespace
}  // namespace buri::consensus::app
