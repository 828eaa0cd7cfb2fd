#include "base/hex.hpp"
#include "node/cli/bundle_run.hpp"
#include "node/cli/verify_input.hpp"
#include "node/consensus/engine/light_client.hpp"

/// The proposer rotation over 667 mainnet heights, the set change in it, and the light-client step
/// across both.

namespace buri::cli {
namespace {

using namespace consensus::engine;

const std::string kSubject = "cometbft/mainnet-rotation.json rotation";
constexpr std::size_t kNamedProposers = 10;

std::string short_address(const Address& address) { return to_upper_hex(address).substr(0, 8); }

/// Compares two sets member by member, priorities included.
void compare_sets(BundleRun& run, const std::string& rule, const ValidatorSet& expected,
                  const ValidatorSet& found) {
  const auto text = [](const Validator& v) {
    return to_upper_hex(v.address) + " power " + std::to_string(v.voting_power) + " priority " +
           std::to_string(v.proposer_priority);
  };
  for (std::size_t i = 0; i < expected.size() && i < found.size(); ++i) {
    if (expected.validators()[i] == found.validators()[i]) continue;
    run.report.add(
        {kSubject, rule, false, text(expected.validators()[i]), text(found.validators()[i]), i});
    return;
  }
  run.report.compare(kSubject, rule, std::to_string(expected.size()) + " equal members",
                     std::to_string(found.size()) + " equal members");
}

/// The rotation from the first set to the second, one step a height.
Status<Unusable> check_steps(BundleRun& run, const CommitInput& from, const CommitInput& to,
                             ValidatorSet set, const ValidatorSet& end, Expectations& expected) {
  const std::int64_t first = from.signed_header.header.height;
  const std::int64_t last = to.signed_header.header.height;
  constexpr std::int64_t kMaxSteps = 10'000;
  const std::int64_t steps = last - first;
  RETURN_IF_ERROR(expected.equals("steps", std::to_string(steps)));
  if (steps < 1 || steps > kMaxSteps) return Unit{};
  Bytes proposers;
  append(proposers, from.signed_header.header.proposer_address);
  std::string named = short_address(from.signed_header.header.proposer_address);
  Address proposer;
  for (std::int64_t step = 1; step <= steps; ++step) {
    proposer = set.increment_proposer_priority(1).address;
    append(proposers, proposer);
    if (step < static_cast<std::int64_t>(kNamedProposers)) named += " " + short_address(proposer);
  }
  RETURN_IF_ERROR(expected.equals("first_proposers", named));
  const ByteView message(proposers);
  Hash256 digest;
  run.verifier.crypto.sha256({&message, 1}, {&digest, 1}, accel::Assurance::kExact);
  RETURN_IF_ERROR(expected.equals("proposers_sha256", to_hex(digest)));
  run.report.compare(kSubject, "proposer of " + std::to_string(last),
                     to_upper_hex(to.signed_header.header.proposer_address),
                     to_upper_hex(proposer));
  compare_sets(run, "set after " + std::to_string(steps) + " steps", end, set);
  return Unit{};
}

/// The one validator that differs in power between the sets, at its place in each.
struct PowerChange {
  Validator changed;
  std::size_t index_before = 0;
  std::size_t index_after = 0;
  std::int64_t power_before = 0;
};

std::vector<PowerChange> power_changes(const ValidatorSet& before, const ValidatorSet& after) {
  std::vector<PowerChange> changes;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const Validator& now = after.validators()[i];
    const Validator* then = before.find(now.address);
    if (then == nullptr || then->voting_power == now.voting_power) continue;
    const auto place = static_cast<std::size_t>(then - before.validators().data());
    changes.push_back({now, place, i, then->voting_power});
  }
  return changes;
}

/// One validator's power changes, then two steps lead to the new set.
Status<Unusable> check_change(BundleRun& run, ValidatorSet set, const CommitInput& to,
                              const ValidatorSet& end, Expectations& expected) {
  const auto changes = power_changes(set, end);
  if (!run.report.compare(kSubject, "validators that change power", "1",
                          std::to_string(changes.size()))) {
    return Unit{};
  }
  const PowerChange& change = changes.front();
  RETURN_IF_ERROR(expected.equals("changed_validator", to_upper_hex(change.changed.address)));
  RETURN_IF_ERROR(expected.equals("power_before", std::to_string(change.power_before)));
  RETURN_IF_ERROR(expected.equals("power_after", std::to_string(change.changed.voting_power)));
  RETURN_IF_ERROR(expected.equals("index_before", std::to_string(change.index_before)));
  RETURN_IF_ERROR(expected.equals("index_after", std::to_string(change.index_after)));
  const auto updated = set.update_with_change_set({&change.changed, 1});
  if (!updated.ok()) {
    run.report.compare(kSubject, "set change", "accepted", std::string(describe(updated.error())));
    return Unit{};
  }
  RETURN_IF_ERROR(expected.equals("proposer_after_change",
                                  short_address(set.increment_proposer_priority(1).address)));
  const Address next = set.increment_proposer_priority(1).address;
  RETURN_IF_ERROR(expected.equals("next_proposer", short_address(next)));
  run.report.compare(kSubject, "proposer after the change",
                     to_upper_hex(to.signed_header.header.proposer_address), to_upper_hex(next));
  compare_sets(run, "set after the change", end, set);
  return Unit{};
}

/// A light client that trusts the first header accepts the last one.
Status<Unusable> check_light_step(BundleRun& run, const CommitInput& from, const CommitInput& to,
                                  const ValidatorSet& from_set, const ValidatorSet& to_set,
                                  Expectations& expected) {
  const auto from_keys = run.verifier.key_sets.keys_of(from_set);
  const auto to_keys = run.verifier.key_sets.keys_of(to_set);
  LightOptions options;
  // The moment the new header is a second old: the recorded data does not age.
  options.now = {to.signed_header.header.time.seconds + 1, to.signed_header.header.time.nanos};
  const auto step = verify_light_step(
      run.verifier.crypto,
      {from.signed_header.header, from.signed_header.commit, {from_set, from_keys}},
      {to.signed_header.header, to.signed_header.commit, {to_set, to_keys}}, options);
  if (!step.ok()) {
    const LightFailure& failure = step.error();
    run.report.add({kSubject, "light step " + std::string(describe(failure.rule)), false,
                    failure.expected, failure.found,
                    failure.commit ? std::optional(failure.commit->index) : std::nullopt});
    return Unit{};
  }
  return expected.equals("trusted_power_in_new_commit", std::to_string(step->trusted.signed_power));
}

}  // namespace

Status<Unusable> check_bundled_rotation(BundleRun& run) {
  ASSIGN_OR_RETURN(const auto inputs,
                   BundleRun::need(kRotationPath, decode_commits(std::string(kRotationPath),
                                                                 run.document(kRotationPath))));
  std::vector<ValidatorSet> sets;
  for (const CommitInput& input : inputs) {
    auto set = ValidatorSet::restore(input.validators->validators);
    if (set.ok()) sets.push_back(std::move(set).value());
  }
  // A set that is none was reported with its commit.
  if (!run.report.compare(kSubject, "validator sets", "3", std::to_string(sets.size()))) {
    return Unit{};
  }
  ASSIGN_OR_RETURN(const JsonCursor values,
                   BundleRun::need(kExpectedPath, run.document(kExpectedPath).member("rotation")));
  Expectations expected(run, kSubject, values);
  RETURN_IF_ERROR(check_steps(run, inputs[0], inputs[1], sets[0], sets[1], expected));
  run.report.compare(kSubject, "announced validators",
                     inputs[1].signed_header.header.next_validators_hash
                         ? to_upper_hex(*inputs[1].signed_header.header.next_validators_hash)
                         : "none",
                     inputs[2].signed_header.header.validators_hash
                         ? to_upper_hex(*inputs[2].signed_header.header.validators_hash)
                         : "none");
  RETURN_IF_ERROR(check_change(run, sets[1], inputs[2], sets[2], expected));
  return check_light_step(run, inputs[0], inputs[2], sets[0], sets[2], expected);
}

}  // namespace buri::cli
