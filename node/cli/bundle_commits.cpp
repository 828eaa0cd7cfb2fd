#include <algorithm>

#include "base/hex.hpp"
#include "node/cli/bundle_run.hpp"
#include "node/cli/verify_input.hpp"
#include "node/consensus/engine/hashes.hpp"

/// The four bundled commits, by rule and against their expected values.

namespace buri::cli {
namespace {

using namespace consensus::engine;

/// How many validators, in set order, already exceed two thirds.
std::size_t validators_needed(const ValidatorSet& set) {
  const std::int64_t threshold =
      set.total_voting_power() / 3 * 2 + set.total_voting_power() % 3 * 2 / 3;
  std::int64_t power = 0;
  std::size_t count = 0;
  for (const Validator& validator : set.validators()) {
    if (power > threshold) break;
    power += validator.voting_power;
    ++count;
  }
  return count;
}

struct CommitCounts {
  std::int64_t signed_power = 0;
  std::size_t signatures = 0;
  std::string absent;
  std::size_t v_one = 0;
};

CommitCounts count(const Commit& commit, const ValidatorSet& set) {
  CommitCounts counts;
  for (std::size_t i = 0; i < commit.signatures.size() && i < set.size(); ++i) {
    const CommitSig& entry = commit.signatures[i];
    if (entry.flag == BlockIdFlag::kAbsent) {
      counts.absent += (counts.absent.empty() ? "" : " ") + std::to_string(i);
      continue;
    }
    ++counts.signatures;
    counts.signed_power += set.validators()[i].voting_power;
    counts.v_one += !entry.signature.empty() && entry.signature.back() == 1 ? 1 : 0;
  }
  return counts;
}

/// Priorities are in no hash. Two things bind them: their sum, which rotation keeps, and that the
/// proposer had the most before it paid the total power.
Status<Unusable> check_priorities(BundleRun& run, const CommitInput& input, const ValidatorSet& set,
                                  Expectations& expected) {
  __int128 sum = 0;
  for (const Validator& validator : set.validators()) sum += validator.proposer_priority;
  RETURN_IF_ERROR(expected.equals("priority_sum", std::to_string(static_cast<std::int64_t>(sum))));
  const Validator* richest = nullptr;
  std::int64_t most = INT64_MIN;
  for (const Validator& validator : set.validators()) {
    const bool proposed = validator.address == input.signed_header.header.proposer_address;
    const std::int64_t before =
        add_clipped(validator.proposer_priority, proposed ? set.total_voting_power() : 0);
    if (richest != nullptr &&
        (before < most || (before == most && richest->address < validator.address))) {
      continue;
    }
    richest = &validator;
    most = before;
  }
  run.report.compare(input.subject, "proposer had the largest priority",
                     to_upper_hex(input.signed_header.header.proposer_address),
                     to_upper_hex(richest->address));
  return Unit{};
}

Status<Unusable> check_one(BundleRun& run, const CommitInput& input, JsonCursor values) {
  const auto set = check_commit(run.verifier, input, VByte::kMustRecover, run.report);
  if (!set) return Unit{};
  const auto& [header, commit] = input.signed_header;
  accel::Engine& crypto = run.verifier.crypto;
  const CommitCounts counts = count(commit, *set);
  Expectations expected(run, input.subject, std::move(values));
  RETURN_IF_ERROR(expected.equals("height", std::to_string(header.height)));
  RETURN_IF_ERROR(expected.equals("header_hash", to_upper_hex(header_hash(crypto, header))));
  RETURN_IF_ERROR(
      expected.equals("validators_hash", to_upper_hex(validators_hash(crypto, set->validators()))));
  RETURN_IF_ERROR(expected.equals("commit_hash", to_upper_hex(commit_hash(crypto, commit))));
  RETURN_IF_ERROR(expected.equals("total_power", std::to_string(set->total_voting_power())));
  RETURN_IF_ERROR(expected.equals("signed_power", std::to_string(counts.signed_power)));
  RETURN_IF_ERROR(expected.equals("validators_needed", std::to_string(validators_needed(*set))));
  RETURN_IF_ERROR(expected.equals("signatures", std::to_string(counts.signatures)));
  RETURN_IF_ERROR(expected.equals("absent", counts.absent));
  RETURN_IF_ERROR(expected.equals("v_one_signatures", std::to_string(counts.v_one)));
  return check_priorities(run, input, *set, expected);
}

}  // namespace

Status<Unusable> check_bundled_commits(BundleRun& run) {
  ASSIGN_OR_RETURN(const JsonCursor list,
                   BundleRun::need(kExpectedPath, run.document(kExpectedPath).member("commits")));
  ASSIGN_OR_RETURN(const auto values, BundleRun::need(kExpectedPath, list.elements(4)));
  std::size_t next = 0;
  for (const std::string_view path : {kSingleCommitPath, kRotationPath}) {
    ASSIGN_OR_RETURN(const auto inputs,
                     BundleRun::need(path, decode_commits(std::string(path), run.document(path))));
    for (const CommitInput& input : inputs) {
      if (!input.validators || next == values.size()) {
        return Failure{Unusable{std::string(path),
                                {"validator_set", "a validator set and an expected value", "none"},
                                "restore the file as the repository has it"}};
      }
      RETURN_IF_ERROR(check_one(run, input, values[next++]));
    }
  }
  run.report.compare(std::string(kExpectedPath), "commits", std::to_string(values.size()),
                     std::to_string(next));
  return Unit{};
}

}  // namespace buri::cli
