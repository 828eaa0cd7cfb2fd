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
    return verify_block(buri::testing::engine(), signatures_, before_first(), first, second);
  }

  engine::BatchedSignatures signatures_{buri::testing::engine(), before_first().chain_id};
};

TEST_F(WindowVerification, EveryRecordedBlockPassesAndNothingIsCheckedTwice) {
  constexpr std::size_t kWindow = 40;
  std::vector<BlockResponse> responses;
  for (std::size_t i = 0; i < records().size(); ++i) responses.push_back(response(i));
  engine::ChainState chain = before_first();
  std::size_t late = 0;
  for (std::size_t i = 0; i + 1 < responses.size(); ++i) {
    if (i % kWindow == 0) {
      std::vector<const BlockResponse*> window;
      for (std::size_t j = i; j < std::min(i + kWindow + 1, responses.size()); ++j) {
        window.push_back(&responses[j]);
      }
      check_signatures_ahead(signatures_, chain, window);
    }
    const std::size_t before = signatures_.verifier().checked();
    const auto verified =
        verify_block(buri::testing::engine(), signatures_, chain, responses[i], responses[i + 1]);
    ASSERT_TRUE(verified.ok()) << i + 1 << ": " << verified.error().reason;
    EXPECT_EQ(verified->block_id.hash, records()[i].block_hash);
    EXPECT_EQ(verified->parts.header().hash, records()[i].parts_hash);
    late += signatures_.verifier().checked() - before;
    chain = engine::chain_after(chain, records()[i], records()[i + 1]);
  }
  // The sets of chain B change, so that some guesses were wrong.
  RecordProperty("checked", static_cast<int>(signatures_.verifier().checked()));
  RecordProperty("late", static_cast<int>(late));
  EXPECT_LT(late, signatures_.verifier().checked() / 2);
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
    const BlockResponse first = response(0);
    const std::vector<const BlockResponse*> window{&first, &second};
    if (ahead) check_signatures_ahead(signatures_, before_first(), window);
    const auto verified = verify(first, second);
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
  const auto off = verify_block(buri::testing::engine(), signatures_,
                                engine::chain_before(records()[0]), response(0), response(1));
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
  const auto off = verify_block(buri::testing::engine(), signatures_,
                                engine::chain_before(records()[0]), plain, unproven);
  ASSERT_FALSE(off.ok());
  EXPECT_EQ(off.error().blame, Blame::kBoth);
  // What the validators decided and this node cannot follow is not a peer's fault.
  engine::ChainState other = before_first();
  other.app_hash.push_back(1);
  const auto contradicted =
      verify_block(buri::testing::engine(), signatures_, other, response(0), response(1));
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
