#include "node/execution/chain/validator_set.hpp"

#include <algorithm>

namespace buri::execution::chain {
namespace {

std::int64_t add_clipped(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a < 0 ? INT64_MIN : INT64_MAX;
}
std::int64_t subtract_clipped(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return a < 0 ? INT64_MIN : INT64_MAX;
}

/// Ascending by signer, each once, powers in range. The zero address counts as a repetition of what
/// stands before the first.
Status<ValidatorSetError> sort_and_check(std::vector<Validator>& changes) {
  std::ranges::sort(changes, {}, &Validator::signer);
  Address previous;
  for (const Validator& change : changes) {
    if (change.signer == previous) return Failure{ValidatorSetError::kDuplicate};
    if (change.power < 0) return Failure{ValidatorSetError::kNegativePower};
    if (change.power > ValidatorSet::kMaxTotalPower) {
      return Failure{ValidatorSetError::kPowerTooLarge};
    }
    previous = change.signer;
  }
  return Unit{};
}

}  // namespace

std::optional<std::vector<Validator>> parse_validators(ByteView bytes) {
  if (bytes.size() % kValidatorBytes != 0) return std::nullopt;
  std::vector<Validator> validators;
  for (; !bytes.empty(); bytes = bytes.subspan(kValidatorBytes)) {
    std::uint64_t power = 0;
    for (const std::uint8_t byte : bytes.subspan(32, 8)) power = power << 8 | byte;
    validators.push_back({.id = 0,
                          .signer = Address::from(bytes.first(20)),
                          .power = static_cast<std::int64_t>(power)});
  }
  return validators;
}

std::vector<Validator> to_validators(std::span<const protocol::SpanValidator> validators) {
  std::vector<Validator> result;
  for (const protocol::SpanValidator& validator : validators) {
    result.push_back({validator.id, validator.signer, validator.power});
  }
  return result;
}

Result<ValidatorSet, ValidatorSetError> ValidatorSet::make(std::vector<Validator> validators) {
  if (validators.empty()) return Failure{ValidatorSetError::kEmpty};
  ValidatorSet set;
  RETURN_IF_ERROR(set.change(std::move(validators)));
  set.step();
  return set;
}

std::optional<ValidatorSet> ValidatorSet::restore(std::vector<Validator> members,
                                                  std::size_t proposer, std::int64_t total_power) {
  const auto descends = [](const Validator& a, const Validator& b) { return a.signer >= b.signer; };
  if (proposer >= members.size()) return std::nullopt;
  if (std::ranges::adjacent_find(members, descends) != members.end()) return std::nullopt;
  ValidatorSet set;
  set.members_ = std::move(members);
  set.proposer_ = proposer;
  set.total_ = total_power;
  return set;
}

std::optional<std::size_t> ValidatorSet::index_of(const Address& signer) const {
  const auto member = std::ranges::lower_bound(members_, signer, {}, &Validator::signer);
  if (member == members_.end() || member->signer != signer) return std::nullopt;
  return static_cast<std::size_t>(member - members_.begin());
}

std::uint64_t ValidatorSet::succession_of(const Address& signer) const {
  const std::size_t index = index_of(signer).value();
  return index >= proposer_ ? index - proposer_ : index + members_.size() - proposer_;
}

Bytes ValidatorSet::to_header_bytes() const {
  Bytes bytes;
  for (const Validator& member : members_) {
    append(bytes, member.signer);
    append(bytes, Bytes(12));
    const auto power = static_cast<std::uint64_t>(member.power);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::uint8_t>(power >> shift));
    }
  }
  return bytes;
}

ValidatorSet ValidatorSet::after_sprint(std::span<const Validator> validators) const {
  ValidatorSet next = *this;
  std::vector<Validator> changes;
  // The powers of members change before the change is judged: this is the stock client's way, and
  // it decides the priorities of newcomers.
  for (Validator& member : next.members_) {
    const auto listed = std::ranges::find(validators, member.signer, &Validator::signer);
    member.power = listed == validators.end() ? 0 : listed->power;
    changes.push_back(member);
  }
  for (const Validator& validator : validators) {
    if (std::ranges::find(changes, validator.signer, &Validator::signer) == changes.end()) {
      changes.push_back(validator);
    }
  }
  static_cast<void>(next.change(std::move(changes)));
  next.step();
  return next;
}

/// Members keep their priority, newcomers start behind all others.
Status<ValidatorSetError> ValidatorSet::change(std::vector<Validator> changes) {
  RETURN_IF_ERROR(sort_and_check(changes));
  std::int64_t total = total_;
  std::size_t removals = 0;
  std::size_t newcomers = 0;
  for (const Validator& change : changes) {
    const auto member = index_of(change.signer);
    if (change.power == 0) {
      if (!member) return Failure{ValidatorSetError::kUnknown};
      ++removals;
    } else if (member) {
      total += change.power - members_[*member].power;
    } else {
      total += change.power;
      ++newcomers;
    }
    if (total > kMaxTotalPower) return Failure{ValidatorSetError::kPowerTooLarge};
  }
  if (newcomers == 0 && removals == members_.size()) return Failure{ValidatorSetError::kEmpty};
  merge(std::move(changes), -(total + (total >> 3)));
  return Unit{};
}

void ValidatorSet::merge(std::vector<Validator> changes, std::int64_t new_priority) {
  std::vector<Validator> kept;
  for (const Validator& member : members_) {
    if (!std::ranges::binary_search(changes, member.signer, {}, &Validator::signer)) {
      kept.push_back(member);
    }
  }
  for (Validator& change : changes) {
    const auto member = index_of(change.signer);
    change.priority = member ? members_[*member].priority : new_priority;
    if (change.power != 0) kept.push_back(change);
  }
  std::ranges::sort(kept, {}, &Validator::signer);
  members_ = std::move(kept);
  proposer_ = 0;
  total_ = 0;
  for (const Validator& member : members_) total_ = add_clipped(total_, member.power);
  rescale();
  centre();
}

/// Brings the distance between the highest and the lowest priority within twice the total power.
void ValidatorSet::rescale() {
  const std::int64_t limit = 2 * total_;
  if (limit <= 0) return;
  const auto [low, high] = std::ranges::minmax(members_, {}, &Validator::priority);
  const std::int64_t distance = subtract_clipped(high.priority, low.priority);
  const auto ratio = static_cast<std::int64_t>(
      (static_cast<unsigned __int128>(distance) + static_cast<std::uint64_t>(limit) - 1) /
      static_cast<std::uint64_t>(limit));
  if (distance <= limit) return;
  for (Validator& member : members_) member.priority /= ratio;
}

/// Subtracts the average, rounded down.
void ValidatorSet::centre() {
  __int128 sum = 0;
  for (const Validator& member : members_) sum += member.priority;
  const auto count = static_cast<__int128>(members_.size());
  __int128 average = sum / count;
  if (sum % count < 0) --average;
  for (Validator& member : members_) {
    member.priority = subtract_clipped(member.priority, static_cast<std::int64_t>(average));
  }
}

void ValidatorSet::step() {
  rescale();
  centre();
  for (Validator& member : members_) member.priority = add_clipped(member.priority, member.power);
  // Of equals the first has the smallest signer.
  const auto richest = std::ranges::max_element(members_, {}, &Validator::priority);
  richest->priority = subtract_clipped(richest->priority, total_);
  proposer_ = static_cast<std::size_t>(richest - members_.begin());
}

}  // namespace buri::execution::chain
