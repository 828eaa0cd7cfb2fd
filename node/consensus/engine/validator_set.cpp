#include "node/consensus/engine/validator_set.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/check.hpp"

namespace buri::consensus::engine {
namespace {

/// Priorities may spread over at most this many times the total power.
constexpr std::int64_t kPriorityWindowFactor = 2;

bool in_set_order(const Validator& a, const Validator& b) {
  if (a.voting_power != b.voting_power) return a.voting_power > b.voting_power;
  return a.address < b.address;
}

/// True when `a` proposes before `b`: more priority, or the same and a smaller address.
bool proposes_before(const Validator& a, const Validator& b) {
  if (a.proposer_priority != b.proposer_priority) return a.proposer_priority > b.proposer_priority;
  return a.address < b.address;
}

Status<ValidatorSetError> check_changes(std::span<const Validator> changes) {
  std::unordered_set<Address> seen;
  for (const Validator& change : changes) {
    if (!seen.insert(change.address).second) return Failure{ValidatorSetError::kDuplicateAddress};
    if (change.voting_power < 0 || change.voting_power > kMaxTotalVotingPower) {
      return Failure{ValidatorSetError::kPowerRange};
    }
  }
  return Unit{};
}

/// The sum of powers, if it stays within the maximum.
Result<std::int64_t, ValidatorSetError> checked_total(std::span<const Validator> validators) {
  std::int64_t total = 0;
  for (const Validator& validator : validators) {
    total = add_clipped(total, validator.voting_power);
    if (total > kMaxTotalVotingPower) return Failure{ValidatorSetError::kTotalPower};
  }
  return total;
}

}  // namespace

std::string_view describe(ValidatorSetError error) {
  switch (error) {
    case ValidatorSetError::kEmpty:
      return "the validator set is empty";
    case ValidatorSetError::kDuplicateAddress:
      return "an address stands twice";
    case ValidatorSetError::kPowerRange:
      return "a voting power is out of range";
    case ValidatorSetError::kTotalPower:
      return "the total voting power is too large";
    case ValidatorSetError::kOrder:
      return "the validators are not in set order";
    case ValidatorSetError::kUnknownRemoval:
      return "a removal names an unknown validator";
  }
  return "unknown validator set error";
}

Result<ValidatorSet, ValidatorSetError> ValidatorSet::create(
    std::span<const Validator> validators) {
  for (const Validator& validator : validators) {
    if (validator.voting_power == 0) return Failure{ValidatorSetError::kPowerRange};
  }
  if (validators.empty()) return Failure{ValidatorSetError::kEmpty};
  ValidatorSet set({});
  RETURN_IF_ERROR(set.apply(validators));
  set.increment_proposer_priority(1);
  return set;
}

Result<ValidatorSet, ValidatorSetError> ValidatorSet::restore(std::vector<Validator> validators,
                                                              std::optional<Address> proposer) {
  if (validators.empty()) return Failure{ValidatorSetError::kEmpty};
  RETURN_IF_ERROR(check_changes(validators));
  for (std::size_t i = 0; i < validators.size(); ++i) {
    if (validators[i].voting_power == 0) return Failure{ValidatorSetError::kPowerRange};
    if (i > 0 && !in_set_order(validators[i - 1], validators[i])) {
      return Failure{ValidatorSetError::kOrder};
    }
  }
  RETURN_IF_ERROR(checked_total(validators));
  ValidatorSet set(std::move(validators));
  set.update_total();
  set.proposer_ = proposer;
  return set;
}

const Validator* ValidatorSet::find(const Address& address) const {
  const auto found = std::find_if(validators_.begin(), validators_.end(),
                                  [&](const Validator& v) { return v.address == address; });
  return found == validators_.end() ? nullptr : &*found;
}

const Validator& ValidatorSet::proposer() const {
  const Validator* last = proposer_ ? find(*proposer_) : nullptr;
  return last != nullptr ? *last : *std::ranges::min_element(validators_, proposes_before);
}

const Validator& ValidatorSet::increment_proposer_priority(unsigned times) {
  CHECK(times > 0, "a rotation of no steps has no proposer");
  rescale_priorities(validators_, kPriorityWindowFactor * total_voting_power_);
  center_priorities(validators_);
  auto proposer = validators_.begin();
  for (unsigned step = 0; step < times; ++step) {
    for (Validator& validator : validators_) {
      validator.proposer_priority =
          add_clipped(validator.proposer_priority, validator.voting_power);
    }
    proposer = std::min_element(validators_.begin(), validators_.end(), proposes_before);
    proposer->proposer_priority =
        subtract_clipped(proposer->proposer_priority, total_voting_power_);
  }
  proposer_ = proposer->address;
  return *proposer;
}

Status<ValidatorSetError> ValidatorSet::update_with_change_set(std::span<const Validator> changes) {
  if (changes.empty()) return Unit{};
  return apply(changes);
}

Status<ValidatorSetError> ValidatorSet::apply(std::span<const Validator> changes) {
  RETURN_IF_ERROR(check_changes(changes));
  // Updates and additions first; removals keep their members until the new total is known, because
  // newcomers start from the total before removals.
  std::vector<Validator> next = validators_;
  std::vector<Address> newcomers;
  std::unordered_set<Address> removed;
  for (const Validator& change : changes) {
    const auto member = std::find_if(next.begin(), next.end(), [&](const Validator& validator) {
      return validator.address == change.address;
    });
    const bool known = member != next.end();
    if (change.voting_power == 0) {
      if (!known) return Failure{ValidatorSetError::kUnknownRemoval};
      removed.insert(change.address);
    } else if (known) {
      member->voting_power = change.voting_power;
      member->public_key = change.public_key;
    } else {
      newcomers.push_back(change.address);
      next.push_back(change);
    }
  }
  if (next.size() == removed.size()) return Failure{ValidatorSetError::kEmpty};
  std::vector<Validator> remaining;
  std::int64_t total_before_removals = 0;
  for (const Validator& validator : next) {
    total_before_removals = add_clipped(total_before_removals, validator.voting_power);
    if (!removed.contains(validator.address)) remaining.push_back(validator);
  }
  RETURN_IF_ERROR(checked_total(remaining));
  const std::int64_t start = -(total_before_removals + (total_before_removals >> 3));
  for (Validator& validator : remaining) {
    if (std::find(newcomers.begin(), newcomers.end(), validator.address) != newcomers.end()) {
      validator.proposer_priority = start;
    }
  }
  validators_ = std::move(remaining);
  update_total();
  rescale_priorities(validators_, kPriorityWindowFactor * total_voting_power_);
  center_priorities(validators_);
  std::sort(validators_.begin(), validators_.end(), in_set_order);
  return Unit{};
}

void ValidatorSet::update_total() { total_voting_power_ = checked_total(validators_).value(); }

}  // namespace buri::consensus::engine
