#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "node/protocol/heimdall_facts.hpp"

/// The rotation of producers within a sprint: Bor's descendant of Tendermint's validator set.
/// Source: spec/bor.md 3.

namespace buri::execution::chain {

/// A member. Powers come from headers and may be anything until the set accepts them.
struct Validator {
  std::uint64_t id = 0;  ///< 0 where only a header told of it
  Address signer;
  std::int64_t power = 0;
  std::int64_t priority = 0;

  friend bool operator==(const Validator&, const Validator&) = default;
};

/// One validator in header bytes: 20 bytes of signer, 20 of big-endian power.
inline constexpr std::size_t kValidatorBytes = 40;
/// Reads header bytes; nothing if their number is no multiple of kValidatorBytes. Of a power the
/// low 64 bits count, as in the stock client.
std::optional<std::vector<Validator>> parse_validators(ByteView bytes);
/// The validators of a span, as a set begins with them.
std::vector<Validator> to_validators(std::span<const protocol::SpanValidator> validators);

/// Why a change is refused.
enum class ValidatorSetError : std::uint8_t {
  kDuplicate,  ///< a signer twice, or the zero address
  kNegativePower,
  kPowerTooLarge,  ///< one power, or their sum, above kMaxTotalPower
  kUnknown,        ///< a removal of no member
  kEmpty,          ///< nobody would be left
};

/// A value; members by ascending signer. Not empty once made.
class ValidatorSet {
 public:
  static constexpr std::int64_t kMaxTotalPower = INT64_MAX / 8;

  /// A fresh set after its first step. Errors: as above.
  static Result<ValidatorSet, ValidatorSetError> make(std::vector<Validator> validators);

  /// A set as it once was; nothing if no set can be so: members out of order, no proposer among
  /// them.
  static std::optional<ValidatorSet> restore(std::vector<Validator> members, std::size_t proposer,
                                             std::int64_t total_power);

  [[nodiscard]] std::span<const Validator> members() const { return members_; }
  [[nodiscard]] const Validator& proposer() const { return members_[proposer_]; }
  [[nodiscard]] std::size_t proposer_index() const { return proposer_; }
  [[nodiscard]] std::int64_t total_power() const { return total_; }
  /// Where the signer stands; nothing if it is no member.
  [[nodiscard]] std::optional<std::size_t> index_of(const Address& signer) const;
  /// How many places behind the proposer it stands. REQUIRES: a member.
  [[nodiscard]] std::uint64_t succession_of(const Address& signer) const;
  /// All members as headers hold them.
  [[nodiscard]] Bytes to_header_bytes() const;

  /// What the end of a sprint does: the header's validators become the set, and one step is taken.
  /// A list that the set refuses is passed over but for the powers it names, as in the stock
  /// client.
  [[nodiscard]] ValidatorSet after_sprint(std::span<const Validator> validators) const;

  friend bool operator==(const ValidatorSet&, const ValidatorSet&) = default;

 private:
  ValidatorSet() = default;

  Status<ValidatorSetError> change(std::vector<Validator> changes);
  void merge(std::vector<Validator> changes, std::int64_t new_priority);
  void step();
  void rescale();
  void centre();

  std::vector<Validator> members_;
  std::size_t proposer_ = 0;
  std::int64_t total_ = 0;  ///< as last reckoned: the priorities' measure
};

}  // namespace buri::execution::chain
