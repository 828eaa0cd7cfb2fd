#include "node/consensus/sync/window_verification.hpp"

#include <gtest/gtest.h>

#include "node/consensus/engine/hashes.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"
#include "tests/unit/node/golden.hpp"

/// Chain B, whose validators change, as block sync gets it: every block passes, with nearly all
/// signatures checked ahead, and what is changed is refused with the reason.

namespace buri::consensus::sync {
namespace {

class WindowVerification : public ::testing::Test {
 protected:
  static const std::vector<records::BlockRecord>& records() {
    static const auto kRecords = engine::recorded_blocks();
    return kRecords;
  }
  /// As it comes from a peer.
  static PooledBlock pooled(BlockResponse response) {
    return {{}, std::move(response), 0, {}, {}, {}};
  }
  static BlockResponse response(std::size_t place) {
    const auto& record = records()[place];
    BlockResponse response{engine::decode_block(record.block).value(), {}};
    response.extended_commit = engine::decode_extended_commit(record.extended_commit).value();
    return response;
  }
  static engine::ChainState before_first() {
    engine::ChainState chain = engine::chain_before(records()[0]);
    chain.params.extensions_height = 1;
    return chain;
  }
  Result<VerifiedBlock, PairFault> verify(const BlockResponse& first, const BlockResponse& second) {
    return verify(before_first(), first, second);
  }
  Result<VerifiedBlock, PairFault> verify(const engine::ChainState& chain,
                                          const BlockResponse& first, const BlockResponse& second) {
    PooledBlock proof = pooled(second);
    return verify_block(buri::testing::engine(), signatures_, chain, pooled(first), proof);
  }
  void check_ahead(const engine::ChainState& chain, std::span<PooledBlock* const> window) {
    check_signatures_ahead(buri::testing::engine(), signatures_, chain, window);
  }

  engine::BatchedSignatures signatures_{buri::testing::engine(), before_first().chain_id};
};

TEST_F(WindowVerification, EveryRecordedBlockPassesAndNothingIsCheckedTwice) {
  constexpr std::size_t kWindow = 40;
  std::vector<PooledBlock> blocks;
  for (std::size_t i = 0; i < records().size(); ++i) blocks.push_back(pooled(response(i)));
  engine::ChainState chain = before_first();
  std::size_t late = 0;
  for (std::size_t i = 0; i + 1 < blocks.size(); ++i) {
    if (i % kWindow == 0) {
      std::vector<PooledBlock*> window;
      for (std::size_t j = i; j < std::min(i + kWindow + 1, blocks.size()); ++j) {
        window.push_back(&blocks[j]);
      }
      check_ahead(chain, window);
    }
    const std::size_t before = signatures_.verifier().checked();
    const auto verified =
        verify_block(buri::testing::engine(), signatures_, chain, blocks[i], blocks[i + 1]);
    ASSERT_TRUE(verified.ok()) << i + 1 << ": " << verified.error().reason;
    EXPECT_EQ(verified->block_id.hash, records()[i].block_hash);
    EXPECT_EQ(verified->parts.header().hash, records()[i].parts_hash);
    late += signatures_.verifier().checked() - before;
    chain = engine::chain_after(chain, records()[i], records()[i + 1]);
  }
  // The sets of chain B change, so that some guesses were wrong.
  std::size_t signatures = 0;
  for (const PooledBlock& block : blocks) {
    signatures += 3 * block.response.extended_commit->signatures.size();
  }
  EXPECT_GT(late, 0U);
  EXPECT_LT(late, signatures / 4);
}

/// What the checker's own memory had to check is what had no verdict beside its block.
TEST_F(WindowVerification, AVerdictStaysWithItsBlockAndNothingIsLeftToAskFor) {
  PooledBlock first = pooled(response(0));
  PooledBlock second = pooled(response(1));
  const std::vector<PooledBlock*> window{&first, &second};
  check_ahead(before_first(), window);
  ASSERT_TRUE(
      verify_block(buri::testing::engine(), signatures_, before_first(), first, second).ok());
  EXPECT_EQ(signatures_.verifier().checked(), 0U);
  ASSERT_TRUE(second.proves.has_value());
  EXPECT_EQ(second.proves->hash, records()[0].block_hash);
  // The second block's turn does not look at its last commit again.
  PooledBlock third = pooled(response(2));
  const auto chain = engine::chain_after(before_first(), records()[0], records()[1]);
  const std::vector<PooledBlock*> next{&second, &third};
  check_ahead(chain, next);
  ASSERT_TRUE(verify_block(buri::testing::engine(), signatures_, chain, second, third).ok());
  EXPECT_EQ(signatures_.verifier().checked(), 0U);
  // Another block for the same height brings no verdict along.
  PooledBlock other = pooled(response(1));
  ASSERT_TRUE(verify_block(buri::testing::engine(), signatures_, chain, other, third).ok());
  EXPECT_GT(signatures_.verifier().checked(), 0U);
}

TEST_F(WindowVerification, AVoteMissingInTheExtendedCommitIsCheckedWhereItStands) {
  PooledBlock first = pooled(response(0));
  PooledBlock second = pooled(response(1));
  first.response.extended_commit->signatures[0] = {};
  const std::vector<PooledBlock*> window{&first, &second};
  check_ahead(before_first(), window);
  for (const engine::KeptVerdict& verdict : second.last_votes.verdicts) {
    EXPECT_EQ(verdict, engine::VoteVerdict::kGood);
  }
  EXPECT_FALSE(first.votes.verdicts[0].has_value());
}

/// A bad vote does not pass for a good one because its extension is worse.
TEST_F(WindowVerification, TheFirstBadSignatureOfAVoteIsTheOneThatCounts) {
  for (const std::size_t length : {std::size_t{64}, std::size_t{65}, std::size_t{66}}) {
    PooledBlock first = pooled(response(0));
    PooledBlock second = pooled(response(1));
    auto& entry = first.response.extended_commit->signatures[0];
    entry.vote.signature[5] ^= 1;
    entry.extension_signature.assign(length, 1);
    second.response.block.last_commit.signatures[0] = entry.vote;
    const std::vector<PooledBlock*> window{&first, &second};
    check_ahead(before_first(), window);
    EXPECT_EQ(first.votes.verdicts[0], engine::VoteVerdict::kSignature);
    EXPECT_EQ(second.last_votes.verdicts[0], engine::VoteVerdict::kSignature);
    const auto verified =
        verify_block(buri::testing::engine(), signatures_, before_first(), first, second);
    ASSERT_FALSE(verified.ok());
    EXPECT_TRUE(verified.error().reason.starts_with("commit in the next block: signature"));
  }
  // Nor one whose own signature was never looked at, as it lacks an extension's.
  PooledBlock first = pooled(response(0));
  PooledBlock second = pooled(response(1));
  auto& entry = first.response.extended_commit->signatures[0];
  entry.vote.signature[5] ^= 1;
  entry.extension_signature.clear();
  second.response.block.last_commit.signatures[0] = entry.vote;
  const std::vector<PooledBlock*> window{&first, &second};
  check_ahead(before_first(), window);
  EXPECT_FALSE(second.last_votes.verdicts[0].has_value());
  EXPECT_FALSE(
      verify_block(buri::testing::engine(), signatures_, before_first(), first, second).ok());
}

TEST_F(WindowVerification, WhatIsLearnedIsNotCheckedAgain) {
  const BlockResponse first = response(0);
  const auto votes = engine::votes_of(*first.extended_commit);
  const auto chain = before_first();
  std::size_t told = 0;
  signatures_.verifier().tell([&](const engine::VoteVerifier::Checked& one) {
    EXPECT_TRUE(one.is_valid);
    ++told;
  });
  signatures_.verifier().learn(votes, chain.validators, engine::BatchedSignatures::Extensions::kOn);
  EXPECT_EQ(told, 3 * votes.size());
  const auto verdicts =
      signatures_.check_votes(votes, chain.validators, engine::BatchedSignatures::Extensions::kOn);
  for (const engine::VoteVerdict verdict : verdicts) EXPECT_EQ(verdict, engine::VoteVerdict::kGood);
  EXPECT_EQ(signatures_.verifier().checked(), 0U);
}

TEST_F(WindowVerification, AChangedTransactionIsNoDecidedBlock) {
  BlockResponse first = response(0);
  first.block.txs.push_back({1});
  const auto verified = verify(first, response(1));
  ASSERT_FALSE(verified.ok());
  EXPECT_TRUE(verified.error().reason.starts_with("commit in the next block: block id"))
      << verified.error().reason;
}

TEST_F(WindowVerification, ACommitWithoutTwoThirdsDecidesNothing) {
  BlockResponse second = response(1);
  auto& entries = second.block.last_commit.signatures;
  for (std::size_t i = 0; i + 1 < entries.size(); ++i) entries[i] = engine::CommitSig{};
  const auto verified = verify(response(0), second);
  ASSERT_FALSE(verified.ok());
  EXPECT_TRUE(verified.error().reason.starts_with("commit in the next block: power"))
      << verified.error().reason;
}

TEST_F(WindowVerification, AFlippedSignatureIsFoundWhetherItWasCheckedAheadOrNot) {
  for (const bool ahead : {false, true}) {
    BlockResponse second = response(1);
    second.block.last_commit.signatures[0].signature[5] ^= 1;
    PooledBlock first = pooled(response(0));
    PooledBlock next = pooled(std::move(second));
    const std::vector<PooledBlock*> window{&first, &next};
    if (ahead) check_ahead(before_first(), window);
    const auto verified =
        verify_block(buri::testing::engine(), signatures_, before_first(), first, next);
    ASSERT_FALSE(verified.ok());
    EXPECT_TRUE(verified.error().reason.starts_with("commit in the next block: signature"))
        << verified.error().reason;
  }
}

TEST_F(WindowVerification, AnExtendedCommitIsThereExactlyWhereExtensionsAreOn) {
  BlockResponse first = response(0);
  first.extended_commit.reset();
  EXPECT_EQ(verify(first, response(1)).error().reason,
            "no extended commit where extensions are on");
  const auto off = verify(engine::chain_before(records()[0]), response(0), response(1));
  EXPECT_EQ(off.error().reason, "an extended commit where extensions are off");
}

TEST_F(WindowVerification, BadExtensionsAreFoundBeforeConsensusNeedsThem) {
  const auto changed = [&](const std::function<void(engine::ExtendedCommitSig&)>& change) {
    BlockResponse first = response(0);
    change(first.extended_commit->signatures[0]);
    const auto verified = verify(first, response(1));
    EXPECT_FALSE(verified.ok());
    return verified.ok() ? std::string() : verified.error().reason;
  };
  for (const std::string& reason : {changed([](auto& entry) { entry.extension.push_back(1); }),
                                    changed([](auto& entry) { entry.extension_signature[3] ^= 1; }),
                                    changed([](auto& entry) { entry.non_rp_signature[3] ^= 1; }),
                                    changed([](auto& entry) { entry.extension_signature.clear(); }),
                                    changed([](auto& entry) { entry.vote.signature[3] ^= 1; })}) {
    EXPECT_TRUE(reason.starts_with("extended commit: ")) << reason;
  }
}

TEST_F(WindowVerification, TheGiverOfABadPartIsToBlameAndNoOther) {
  const auto blamed = [&](const BlockResponse& first, const BlockResponse& second) {
    const auto verified = verify(first, second);
    EXPECT_FALSE(verified.ok());
    return verified.ok() ? Blame::kNobody : verified.error().blame;
  };
  BlockResponse bad = response(0);
  bad.extended_commit->signatures[0].extension.push_back(1);
  EXPECT_EQ(blamed(bad, response(1)), Blame::kFirst);
  bad = response(0);
  bad.block.txs.push_back({1});
  EXPECT_EQ(blamed(bad, response(1)), Blame::kFirst);
  BlockResponse unproven = response(1);
  unproven.block.last_commit.signatures[0].signature[5] ^= 1;
  EXPECT_EQ(blamed(response(0), unproven), Blame::kSecond);
  EXPECT_EQ(blamed(bad, unproven), Blame::kFirst) << "one after the other";
  // Without extensions nothing tells.
  BlockResponse plain = response(0);
  plain.extended_commit.reset();
  const auto off = verify(engine::chain_before(records()[0]), plain, unproven);
  ASSERT_FALSE(off.ok());
  EXPECT_EQ(off.error().blame, Blame::kBoth);
  // What the validators decided and this node cannot follow is not a peer's fault.
  engine::ChainState other = before_first();
  other.app_hash.push_back(1);
  const auto contradicted = verify(other, response(0), response(1));
  ASSERT_FALSE(contradicted.ok());
  EXPECT_EQ(contradicted.error().blame, Blame::kNobody);
}

TEST_F(WindowVerification, AHeaderWithoutValidatorsIsRefused) {
  BlockResponse first = response(0);
  first.block.header.validators_hash.reset();
  EXPECT_EQ(verify(first, response(1)).error().reason,
            "a header without the hash of its validators");
}

}  // namespace
}  // namespace buri::consensus::sync
