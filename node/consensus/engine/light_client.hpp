#pragma once

#include "node/consensus/engine/verify_commit.hpp"

/// One step of a light client (spec/cometbft.md 6; cometbft light/verifier.go): from a header that
/// is trusted to a later one, without the headers between.

namespace buri::consensus::engine {

/// The rules of a step, in the order they are asked.
enum class LightRule : std::uint8_t {
  kChainId,         ///< the headers are of different chains
  kHeight,          ///< the new header is not above the trusted one
  kTime,            ///< the new header is not later than the trusted one
  kExpired,         ///< the trusted header is older than the trusting period
  kFromFuture,      ///< the new header is later than now plus the allowed drift
  kHeaderHash,      ///< the commit is not for the new header
  kValidatorsHash,  ///< the new header names another validator set
  kNextValidators,  ///< adjacent step: the trusted header announced another set
  kTrustedPower,    ///< too little of the trusted set signed; the failure says what
  kCommit,          ///< the new set's commit does not hold; the failure says why
};
/// The rule for people.
std::string_view describe(LightRule rule);

/// The first broken rule; `commit` is set for kTrustedPower and kCommit.
struct LightFailure {
  LightRule rule = LightRule::kChainId;
  std::string expected;
  std::string found;
  std::optional<CommitFailure> commit;
};

/// A header, the commit for it and the set that signed it.
struct LightBlock {
  const Header& header;
  const Commit& commit;
  KeyedValidatorSet set;
};

struct LightOptions {
  Timestamp now;
  std::int64_t trusting_period_seconds = 168 * 3600;
  std::int64_t max_clock_drift_seconds = 10;
  TrustLevel trust_level;  ///< at least 1/3
  /// kUntilEnough: as the fork's light client, which leaves the rest unlooked at. kAll: every
  /// signature there is, those of nil votes included.
  Coverage coverage = Coverage::kAll;
};

/// Power found on the way; of an adjacent step the trusted tally is empty.
struct LightTally {
  CommitTally trusted;
  CommitTally own;
};

/// Whether trusting `trusted` is reason to trust `next`. A neighbour needs the announced set and
/// its two thirds; a farther header needs more than the trust level of the trusted set as well.
Result<LightTally, LightFailure> verify_light_step(accel::Engine& crypto, const LightBlock& trusted,
                                                   const LightBlock& next,
                                                   const LightOptions& options);

}  // namespace buri::consensus::engine
