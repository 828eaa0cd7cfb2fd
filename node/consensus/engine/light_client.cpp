#include "node/consensus/engine/light_client.hpp"

#include "base/hex.hpp"
#include "node/consensus/engine/hashes.hpp"

namespace buri::consensus::engine {
namespace {

Failure<LightFailure> failure(LightRule rule, std::string expected, std::string found) {
  return {LightFailure{rule, std::move(expected), std::move(found), std::nullopt}};
}

Failure<LightFailure> failure(LightRule rule, CommitFailure commit) {
  return {LightFailure{rule, commit.expected, commit.found, std::move(commit)}};
}

std::string text(Timestamp time) {
  return std::to_string(time.seconds) + " s " + std::to_string(time.nanos) + " ns";
}

std::string text(const OptionalHash& hash) { return hash ? to_upper_hex(*hash) : "none"; }

Timestamp later(Timestamp time, std::int64_t seconds) {
  return {add_clipped(time.seconds, seconds), time.nanos};
}

Status<LightFailure> check_order(const Header& trusted, const Header& next,
                                 const LightOptions& options) {
  if (next.chain_id != trusted.chain_id) {
    return failure(LightRule::kChainId, trusted.chain_id, next.chain_id);
  }
  if (next.height <= trusted.height) {
    return failure(LightRule::kHeight, "above " + std::to_string(trusted.height),
                   std::to_string(next.height));
  }
  if (next.time <= trusted.time) {
    return failure(LightRule::kTime, "after " + text(trusted.time), text(next.time));
  }
  const Timestamp expiry = later(trusted.time, options.trusting_period_seconds);
  if (expiry <= options.now) {
    return failure(LightRule::kExpired, "trust until " + text(expiry), "now " + text(options.now));
  }
  const Timestamp limit = later(options.now, options.max_clock_drift_seconds);
  if (next.time >= limit) {
    return failure(LightRule::kFromFuture, "before " + text(limit), text(next.time));
  }
  return Unit{};
}

Status<LightFailure> check_hashes(accel::Engine& crypto, const LightBlock& next) {
  const Hash256 hash = header_hash(crypto, next.header);
  if (next.commit.block_id.hash != hash) {
    return failure(LightRule::kHeaderHash, to_upper_hex(hash), text(next.commit.block_id.hash));
  }
  const Hash256 set_hash = validators_hash(crypto, next.set.validators.validators());
  if (next.header.validators_hash != set_hash) {
    return failure(LightRule::kValidatorsHash, text(next.header.validators_hash),
                   to_upper_hex(set_hash));
  }
  return Unit{};
}

/// What ties the new header to the trusted one: the announced set, or power of the trusted set.
Result<CommitTally, LightFailure> check_link(accel::Engine& crypto, const LightBlock& trusted,
                                             const LightBlock& next, const LightOptions& options) {
  if (next.header.height == trusted.header.height + 1) {
    if (next.header.validators_hash == trusted.header.next_validators_hash) return CommitTally{};
    return failure(LightRule::kNextValidators, text(trusted.header.next_validators_hash),
                   text(next.header.validators_hash));
  }
  auto tally = verify_commit_trusting(crypto, trusted.set, trusted.header.chain_id, next.commit,
                                      options.trust_level, options.coverage);
  if (!tally.ok()) return failure(LightRule::kTrustedPower, std::move(tally).error());
  return tally.value();
}

}  // namespace

std::string_view describe(LightRule rule) {
  switch (rule) {
    case LightRule::kChainId:
      return "chain id";
    case LightRule::kHeight:
      return "height";
    case LightRule::kTime:
      return "time";
    case LightRule::kExpired:
      return "trusting period";
    case LightRule::kFromFuture:
      return "clock drift";
    case LightRule::kHeaderHash:
      return "header hash";
    case LightRule::kValidatorsHash:
      return "validators hash";
    case LightRule::kNextValidators:
      return "announced validators";
    case LightRule::kTrustedPower:
      return "trusted power";
    case LightRule::kCommit:
      return "commit";
  }
  return "unknown rule";
}

Result<LightTally, LightFailure> verify_light_step(accel::Engine& crypto, const LightBlock& trusted,
                                                   const LightBlock& next,
                                                   const LightOptions& options) {
  RETURN_IF_ERROR(check_order(trusted.header, next.header, options));
  RETURN_IF_ERROR(check_hashes(crypto, next));
  ASSIGN_OR_RETURN(const CommitTally linked, check_link(crypto, trusted, next, options));
  const CommitClaim claim{trusted.header.chain_id, next.header.height, next.commit.block_id};
  auto own = options.coverage == Coverage::kAll
                 ? verify_commit(crypto, next.set, claim, next.commit)
                 : verify_commit_light(crypto, next.set, claim, next.commit, options.coverage);
  if (!own.ok()) return failure(LightRule::kCommit, std::move(own).error());
  return LightTally{linked, own.value()};
}

}  // namespace buri::consensus::engine
