#include "node/consensus/light/verification.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"
#include "node/consensus/engine/hashes.hpp"

namespace buri::consensus::light {
namespace {

using engine::LightBlockRecord;
using engine::LightRule;

StepFault provider_fault(std::int64_t height, ProviderFault fault) {
  std::string reason = fmt::format("block {} cannot be had: {}", height, fault.reason);
  return {height, std::move(fault), false, std::move(reason)};
}

StepFault broken_link(const LightBlockRecord& block, std::string reason) {
  return {block.height(), std::nullopt, false,
          fmt::format("block {} does not follow: {}", block.height(), reason)};
}

/// Nine sixteenths of the way, as the fork has it: a little more than half, because a block in
/// reserve is tried before another is fetched. Strictly between two that are no neighbours.
std::int64_t pivot(std::int64_t low, std::int64_t high) {
  const std::int64_t way = high - low;
  return low + way / 16 * 9 + way % 16 * 9 / 16;
}

}  // namespace

Result<StepVerifier::Step, StepFault> StepVerifier::step(const LightBlockRecord& trusted,
                                                         const LightBlockRecord& next) {
  const auto trusted_keys = keys_.keys_of(trusted.validators);
  const auto next_keys = keys_.keys_of(next.validators);
  const auto verdict = engine::verify_light_step(
      crypto_, {trusted.header, trusted.commit, {trusted.validators, trusted_keys}},
      {next.header, next.commit, {next.validators, next_keys}}, options_);
  if (verdict.ok()) {
    signatures_ += verdict->trusted.signatures + verdict->own.signatures;
    if (on_step_) on_step_(trusted, next);
    return Step::kTrusted;
  }
  const engine::LightFailure& fault = verdict.error();
  if (fault.rule == LightRule::kTrustedPower && fault.commit &&
      fault.commit->rule == engine::CommitRule::kPower) {
    return Step::kNeedsMore;
  }
  StepFault broken =
      broken_link(next, fmt::format("{}: expected {}, found {}", engine::describe(fault.rule),
                                    fault.expected, fault.found));
  broken.is_expired = fault.rule == LightRule::kExpired;
  return Failure{std::move(broken)};
}

Result<Trace, StepFault> StepVerifier::sequential(const LightBlockRecord& trusted,
                                                  const LightBlockRecord& target,
                                                  const Fetch& fetch) {
  Trace trace{trusted};
  for (std::int64_t height = trusted.height() + 1; height < target.height(); ++height) {
    auto next = fetch(height);
    if (!next.ok()) return Failure{provider_fault(height, std::move(next).error())};
    ASSIGN_OR_RETURN(const Step made, step(trace.back(), *next));
    CHECK(made == Step::kTrusted, "a neighbour is judged by the announced set");
    trace.push_back(std::move(next).value());
  }
  ASSIGN_OR_RETURN(const Step made, step(trace.back(), target));
  CHECK(made == Step::kTrusted, "a neighbour is judged by the announced set");
  trace.push_back(target);
  return trace;
}

Result<Trace, StepFault> StepVerifier::skipping(const LightBlockRecord& trusted,
                                                const LightBlockRecord& target,
                                                const Fetch& fetch) {
  Trace trace{trusted};
  std::vector<LightBlockRecord> ahead{target};  // heights fall
  for (std::size_t depth = 0; !ahead.empty();) {
    ASSIGN_OR_RETURN(const Step made, step(trace.back(), ahead[depth]));
    if (made == Step::kTrusted) {
      trace.push_back(std::move(ahead[depth]));
      ahead.erase(ahead.begin() + static_cast<std::ptrdiff_t>(depth), ahead.end());
      depth = 0;
      continue;
    }
    if (++depth < ahead.size()) continue;
    const std::int64_t height = pivot(trace.back().height(), ahead.back().height());
    auto between = fetch(height);
    if (!between.ok()) return Failure{provider_fault(height, std::move(between).error())};
    ahead.push_back(std::move(between).value());
  }
  return trace;
}

Status<StepFault> StepVerifier::backwards(const LightBlockRecord& trusted,
                                          const LightBlockRecord& target, const Fetch& fetch) {
  engine::Header verified = trusted.header;
  for (std::int64_t height = trusted.height() - 1; height >= target.height(); --height) {
    engine::Header lower = target.header;
    if (height > target.height()) {
      auto fetched = fetch(height);
      if (!fetched.ok()) return Failure{provider_fault(height, std::move(fetched).error())};
      lower = std::move(fetched->header);
    }
    const auto broken = [&](std::string reason) {
      return Failure{StepFault{height, std::nullopt, false,
                               fmt::format("block {} does not precede: {}", height, reason)}};
    };
    if (lower.chain_id != verified.chain_id) return broken("it is of another chain");
    if (lower.time >= verified.time) return broken("it is not earlier");
    if (verified.last_block_id.hash != engine::header_hash(crypto_, lower)) {
      return broken("the block above it names another hash");
    }
    verified = std::move(lower);
  }
  return Unit{};
}

Status<std::string> StepVerifier::own_commit(const LightBlockRecord& block) {
  const engine::CommitClaim claim{block.header.chain_id, block.height(), block.commit.block_id};
  const auto keys = keys_.keys_of(block.validators);
  const auto verdict = engine::verify_commit_light(crypto_, {block.validators, keys}, claim,
                                                   block.commit, engine::Coverage::kUntilEnough);
  if (!verdict.ok()) {
    return Failure{fmt::format("the commit of block {} does not hold: {}: expected {}, found {}",
                               block.height(), engine::describe(verdict.error().rule),
                               verdict.error().expected, verdict.error().found)};
  }
  signatures_ += verdict->signatures;
  return Unit{};
}

}  // namespace buri::consensus::light
