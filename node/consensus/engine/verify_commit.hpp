#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "accel/engine.hpp"
#include "base/result.hpp"
#include "node/consensus/engine/types.hpp"
#include "node/consensus/engine/validator_set.hpp"
#include "node/consensus/engine/vote_signatures.hpp"

/// Whether a commit proves that a validator set decided a block: the fork's VerifyCommit and
/// VerifyCommitLightTrusting (0xPolygon/cometbft v0.3.8-polygon, types/validation.go;
/// spec/cometbft.md 1.4 and 6). Every signature is checked, in one batch.

namespace buri::consensus::engine {

/// The rules of a commit, in the order they are asked.
enum class CommitRule : std::uint8_t {
  kHeight,      ///< the commit is for another height
  kBlockId,     ///< the commit is for another block
  kEntryCount,  ///< not one entry per validator
  kEntryShape,  ///< an absent entry with content, or a vote without address or signature
  kAddress,     ///< an entry's address is not the validator's at its place
  kDoubleVote,  ///< trusting only: one validator stands in the commit twice
  kSignature,   ///< a signature does not verify; expected and found are in words
  kPower,       ///< the signers' power does not exceed the threshold
};
/// "height", "block id", ...: the rule for people.
std::string_view describe(CommitRule rule);

/// The first broken rule. `index` is the entry for rules about one entry.
struct CommitFailure {
  CommitRule rule = CommitRule::kHeight;
  std::size_t index = 0;
  std::string expected;
  std::string found;
};

/// What a commit is said to prove.
struct CommitClaim {
  std::string_view chain_id;
  std::int64_t height = 0;
  BlockId block_id;
};

/// How much power stood behind a commit.
struct CommitTally {
  std::size_t signatures = 0;        ///< checked, nil votes included
  std::int64_t signed_power = 0;     ///< of the votes for the block
  std::int64_t total_power = 0;      ///< of the whole set
  std::int64_t threshold_power = 0;  ///< signed_power exceeds this
};

/// A validator set and the tables of its keys; both made once and shared between heights.
struct KeyedValidatorSet {
  const ValidatorSet& validators;
  const std::shared_ptr<const accel::KeySet>& keys;  ///< key i is validator i's
};

/// Full check: one entry per validator in set order, addresses equal, every signature good (nil
/// votes too), more than two thirds of the power for the block.
Result<CommitTally, CommitFailure> verify_commit(accel::Engine& crypto,
                                                 const KeyedValidatorSet& set,
                                                 const CommitClaim& claim, const Commit& commit);

/// The verdicts on a commit's votes, in order, by whoever has checked their signatures.
using VoteChecker =
    std::function<std::vector<accel::SignatureStatus>(std::span<const VoteSigner> votes)>;
/// The full check with the signatures looked up elsewhere.
Result<CommitTally, CommitFailure> verify_commit(const ValidatorSet& validators,
                                                 const CommitClaim& claim, const Commit& commit,
                                                 const VoteChecker& check);

/// Which signatures a light check looks at.
enum class Coverage : std::uint8_t {
  kUntilEnough,  ///< those in front, until their power suffices
  kAll,          ///< every vote for the block, as evidence needs it
};

/// The fork's VerifyCommitLight: as the full check, but nil votes are not looked at, nor is what
/// comes after enough power.
Result<CommitTally, CommitFailure> verify_commit_light(accel::Engine& crypto,
                                                       const KeyedValidatorSet& set,
                                                       const CommitClaim& claim,
                                                       const Commit& commit, Coverage coverage);

/// A fraction of voting power, 0 < numerator <= denominator <= 2^16.
struct TrustLevel {
  std::int64_t numerator = 1;
  std::int64_t denominator = 3;
};

/// Check against an older set: of those of its members that voted for the block, found by address,
/// every signature is good (or of those in front, until their power suffices) and their power
/// exceeds `level` of the old total.
Result<CommitTally, CommitFailure> verify_commit_trusting(accel::Engine& crypto,
                                                          const KeyedValidatorSet& trusted,
                                                          std::string_view chain_id,
                                                          const Commit& commit, TrustLevel level,
                                                          Coverage coverage = Coverage::kAll);

}  // namespace buri::consensus::engine
