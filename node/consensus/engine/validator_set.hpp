#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "node/consensus/engine/priority.hpp"
#include "node/consensus/engine/validator.hpp"

/// A validator set and its proposer rotation (spec/cometbft.md 4.4). Priorities are arithmetic on
/// Go's int64, bit for bit: two nodes whose priorities differ disagree about proposers, and no hash
/// would tell them.

namespace buri::consensus::engine {

/// Above this the sum of powers is refused, so that priorities cannot overflow: MaxInt64 / 8.
inline constexpr std::int64_t kMaxTotalVotingPower = INT64_MAX / 8;

/// Why a list of validators or of changes is refused.
enum class ValidatorSetError : std::uint8_t {
  kEmpty,             ///< the set would have no members
  kDuplicateAddress,  ///< an address stands twice
  kPowerRange,        ///< a power is negative, zero where it may not be, or above the maximum
  kTotalPower,        ///< the sum exceeds kMaxTotalVotingPower
  kOrder,             ///< not in set order: power descending, then address ascending
  kUnknownRemoval,    ///< a removal names an address that is not in the set
};

/// What the error means, for people.
std::string_view describe(ValidatorSetError error);

/// Members in set order (power descending, then address ascending), never empty. Copyable; not
/// thread-safe to change.
class ValidatorSet {
 public:
  /// A fresh set as genesis and the first block make it: priorities start at -1.125 times the total
  /// power, are centred, and one step of the rotation is done.
  static Result<ValidatorSet, ValidatorSetError> create(std::span<const Validator> validators);
  /// A set as another node reports it, priorities included, and its proposer if that is known: it
  /// does not follow from the priorities. Refused unless in set order.
  static Result<ValidatorSet, ValidatorSetError> restore(
      std::vector<Validator> validators, std::optional<Address> proposer = std::nullopt);

  [[nodiscard]] std::span<const Validator> validators() const { return validators_; }
  [[nodiscard]] std::size_t size() const { return validators_.size(); }
  [[nodiscard]] std::int64_t total_voting_power() const { return total_voting_power_; }
  /// The member with that address, or nullptr.
  [[nodiscard]] const Validator* find(const Address& address) const;

  /// The proposer of the first round that this set decides: who paid last in the rotation; of a set
  /// that never rotated, who would pay next.
  [[nodiscard]] const Validator& proposer() const;

  /// Rescales and centres once, then `times` times lets every member gain its power and the richest
  /// pay the total. Returns who paid last, the proposer. REQUIRES: times > 0.
  const Validator& increment_proposer_priority(unsigned times);

  /// Applies power changes, additions and removals (power 0) of one block. On an error the set is
  /// unchanged. An empty list changes nothing, not even by centring.
  Status<ValidatorSetError> update_with_change_set(std::span<const Validator> changes);

 private:
  explicit ValidatorSet(std::vector<Validator> validators) : validators_(std::move(validators)) {}
  Status<ValidatorSetError> apply(std::span<const Validator> changes);
  void update_total();

  std::vector<Validator> validators_;
  std::int64_t total_voting_power_ = 0;
  std::optional<Address> proposer_;
};

}  // namespace buri::consensus::engine
