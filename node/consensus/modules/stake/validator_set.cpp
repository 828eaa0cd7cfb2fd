#include "node/consensus/modules/stake/validator_set.hpp"

#include <algorithm>

#include "node/consensus/engine/priority.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::stake {
namespace {

using runtime::Error;
using runtime::format_address;
using runtime::Outcome;

constexpr std::int64_t kPriorityWindowFactor = 2;

/// Records and members keep their signers in the form that format_address gives.
std::string key_of(const Validator& validator) { return format_address(validator.signer); }

Outcome<std::int64_t> sum_of_powers(const ValidatorSet& set) {
  std::int64_t sum = 0;
  for (const Validator& member : set.validators) {
    sum = engine::add_clipped(sum, member.voting_power);
    if (sum > kMaxTotalVotingPower) {
      return Failure{runtime::panic("total voting power should be guarded to not exceed " +
                                    std::to_string(kMaxTotalVotingPower))};
    }
  }
  return sum;
}

/// The stored total; counted where it is zero, which a decoded set may have.
Outcome<std::int64_t> total_of(ValidatorSet& set) {
  if (set.total_voting_power == 0) {
    ASSIGN_OR_RETURN(set.total_voting_power, sum_of_powers(set));
  }
  return set.total_voting_power;
}

bool has_precedence(const Validator& a, const Validator& b) {
  if (a.proposer_priority != b.proposer_priority) return a.proposer_priority > b.proposer_priority;
  return key_of(a) < key_of(b);
}

const Validator& richest(const std::vector<Validator>& members) {
  const Validator* best = &members.front();
  for (const Validator& member : members) {
    if (has_precedence(member, *best)) best = &member;
  }
  return *best;
}

Status<Error> fail(std::string_view text) { return Failure{runtime::plain_error(text)}; }

/// Ascending by signer, each once, powers in range.
Outcome<std::vector<Validator>> checked(std::span<const Validator> changes) {
  std::vector<Validator> sorted(changes.begin(), changes.end());
  std::ranges::sort(sorted, {}, key_of);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Validator& change = sorted[i];
    if (i > 0 && key_of(sorted[i - 1]) == key_of(change)) {
      return Failure{runtime::plain_error("duplicate entry " + change.signer)};
    }
    if (change.voting_power < 0 || change.voting_power > kMaxTotalVotingPower) {
      return Failure{runtime::plain_error("voting power of " + change.signer + " out of range")};
    }
  }
  return sorted;
}

/// The total with every change of a power, without removals.
Outcome<std::int64_t> updated_total(ValidatorSet& set, std::span<const Validator> updates) {
  ASSIGN_OR_RETURN(std::int64_t total, total_of(set));
  for (const Validator& update : updates) {
    if (update.voting_power == 0) continue;
    const Validator* member = find_member(set, update.signer);
    total += update.voting_power - (member == nullptr ? 0 : member->voting_power);
    if (total > kMaxTotalVotingPower) {
      return Failure{runtime::plain_error("failed to add/update validator " + update.signer)};
    }
  }
  return total;
}

/// Members and changes merged: a change takes the place of the member of its signer.
std::vector<Validator> merged(const ValidatorSet& set, std::vector<Validator> changes) {
  std::vector<Validator> result;
  auto member = set.validators.begin();
  for (Validator& change : changes) {
    const std::string signer = key_of(change);
    while (member != set.validators.end() && key_of(*member) < signer) result.push_back(*member++);
    if (member != set.validators.end() && key_of(*member) == signer) ++member;
    if (change.voting_power != 0) result.push_back(std::move(change));
  }
  result.insert(result.end(), member, set.validators.end());
  return result;
}

}  // namespace

bool is_current(const Validator& validator, std::uint64_t ack_count) {
  const std::uint64_t epoch = ack_count + 1;
  return !validator.jailed && validator.start_epoch <= epoch &&
         (validator.end_epoch == 0 || validator.end_epoch > epoch) && validator.voting_power > 0;
}

const Validator* find_member(const ValidatorSet& set, std::string_view signer) {
  const std::string key = format_address(signer);
  const auto member = std::ranges::lower_bound(set.validators, key, {}, key_of);
  return member != set.validators.end() && key_of(*member) == key ? &*member : nullptr;
}

Outcome<ValidatorSet> make_set(std::span<const Validator> validators) {
  ValidatorSet set;
  const bool removes = std::ranges::any_of(
      validators, [](const Validator& validator) { return validator.voting_power == 0; });
  auto status = removes ? fail("cannot process validators with voting power 0")
                        : update_with_changes(set, validators);
  if (!status.ok()) {
    return Failure{runtime::panic("cannot create validator set: " + status.error().log)};
  }
  if (!validators.empty()) RETURN_IF_ERROR(increment_priority(set, 1));
  return set;
}

Status<Error> increment_priority(ValidatorSet& set, std::uint64_t times) {
  if (set.validators.empty()) return Failure{runtime::panic("empty validator set")};
  CHECK(times > 0, "a rotation has steps");
  ASSIGN_OR_RETURN(const std::int64_t total, total_of(set));
  engine::rescale_priorities(set.validators, kPriorityWindowFactor * total);
  engine::center_priorities(set.validators);
  std::size_t payer = 0;
  for (std::uint64_t step = 0; step < times; ++step) {
    for (Validator& member : set.validators) {
      member.proposer_priority = engine::add_clipped(member.proposer_priority, member.voting_power);
    }
    payer = static_cast<std::size_t>(&richest(set.validators) - set.validators.data());
    std::int64_t& priority = set.validators[payer].proposer_priority;
    priority = engine::subtract_clipped(priority, total);
  }
  set.proposer = set.validators[payer];
  return Unit{};
}

Status<Error> update_with_changes(ValidatorSet& set, std::span<const Validator> changes) {
  if (changes.empty()) return Unit{};
  ASSIGN_OR_RETURN(std::vector<Validator> sorted, checked(changes));
  for (const Validator& change : sorted) {
    if (change.voting_power == 0 && find_member(set, change.signer) == nullptr) {
      return fail("failed to find validator " + change.signer + " to remove");
    }
  }
  ASSIGN_OR_RETURN(const std::int64_t total, updated_total(set, sorted));
  for (Validator& change : sorted) {
    const Validator* member = find_member(set, change.signer);
    change.proposer_priority =
        member == nullptr ? -(total + (total >> 3)) : member->proposer_priority;
  }
  std::vector<Validator> members = merged(set, std::move(sorted));
  if (members.empty()) {
    return fail("applying the validator changes would result in empty set");
  }
  set.validators = std::move(members);
  ASSIGN_OR_RETURN(set.total_voting_power, sum_of_powers(set));
  engine::rescale_priorities(set.validators, kPriorityWindowFactor * set.total_voting_power);
  engine::center_priorities(set.validators);
  return Unit{};
}

std::vector<Validator> changes_for(const ValidatorSet& set, std::span<const Validator> records,
                                   std::uint64_t ack_count) {
  std::vector<Validator> changes;
  // Records come in the members' order, so that most are found where the last one ended.
  std::size_t next = 0;
  for (const Validator& record : records) {
    const bool is_next =
        next < set.validators.size() && set.validators[next].signer == record.signer;
    const Validator* member = is_next ? &set.validators[next] : find_member(set, record.signer);
    if (member != nullptr) {
      next = static_cast<std::size_t>(member - set.validators.data()) + 1;
    }
    const bool is_due = is_current(record, ack_count);
    if (member != nullptr && !is_due) {
      changes.push_back(record);
      changes.back().voting_power = 0;
    } else if (member == nullptr ? is_due : member->voting_power != record.voting_power) {
      changes.push_back(record);
    }
  }
  return changes;
}

const Validator* proposer_of(const ValidatorSet& set) {
  if (set.validators.empty()) return nullptr;
  return set.proposer ? &*set.proposer : &richest(set.validators);
}

}  // namespace buri::consensus::modules::stake
