#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/modules/gov/keeper.hpp"
#include "node/consensus/modules/stake/validator_set.hpp"
#include "node/consensus/runtime/context.hpp"

/// Records of validators, the three sets, applied sequences, the last block's transactions. Every
/// function makes exactly the stock daemon's metered accesses, in its order.

namespace buri::consensus::modules::stake {

inline constexpr std::string_view kCodespace = "stake";

/// Which of the kept sets.
enum class SetKind : std::uint8_t {
  kCurrent = 0x23,
  kPrevious = 0x27,     ///< the current one before the last block's end
  kPenultimate = 0x28,  ///< the one before that
};

/// Stateless.
class Keeper {
 public:
  /// Writes the record and which signer the id has.
  Status<runtime::Error> add(const runtime::Context& context, const Validator& validator) const;
  /// The record of a signer.
  [[nodiscard]] runtime::Outcome<std::optional<Validator>> by_signer(
      const runtime::Context& context, std::string_view signer) const;
  /// The signer that an id has now.
  [[nodiscard]] runtime::Outcome<std::optional<std::string>> signer_of(
      const runtime::Context& context, std::uint64_t id) const;
  [[nodiscard]] runtime::Outcome<bool> has_id(const runtime::Context& context,
                                              std::uint64_t id) const;
  /// The record of the signer that an id has now.
  [[nodiscard]] runtime::Outcome<std::optional<Validator>> by_id(const runtime::Context& context,
                                                                 std::uint64_t id) const;
  /// Reads the ack count, then the record; nothing if the signer has none.
  [[nodiscard]] runtime::Outcome<std::optional<bool>> is_current_validator(
      const runtime::Context& context, std::string_view signer) const;
  /// Every record, ascending by signer.
  [[nodiscard]] runtime::Outcome<std::vector<Validator>> all(const runtime::Context& context) const;
  /// The records that are current; with `only_staying` without those that have an end epoch.
  [[nodiscard]] runtime::Outcome<std::vector<Validator>> current(const runtime::Context& context,
                                                                 bool only_staying = false) const;

  /// Errors: code 1 if the set was never written.
  [[nodiscard]] runtime::Outcome<ValidatorSet> set(const runtime::Context& context,
                                                   SetKind kind) const;
  Status<runtime::Error> write_set(const runtime::Context& context, SetKind kind,
                                   const ValidatorSet& set) const;
  /// Rotates the current set's proposer.
  Status<runtime::Error> increment_accum(const runtime::Context& context,
                                         std::uint64_t times) const;

  [[nodiscard]] runtime::Outcome<bool> has_sequence(const runtime::Context& context,
                                                    std::string_view sequence) const;
  Status<runtime::Error> add_sequence(const runtime::Context& context,
                                      std::string_view sequence) const;
  [[nodiscard]] runtime::Outcome<std::vector<std::string>> sequences(
      const runtime::Context& context) const;

  /// Errors: code 1 if they were never written.
  [[nodiscard]] runtime::Outcome<std::vector<Bytes>> last_block_txs(
      const runtime::Context& context) const;
  Status<runtime::Error> set_last_block_txs(const runtime::Context& context,
                                            std::vector<Bytes> txs) const;

  /// Shifts the sets by one block, brings the current one in line with the records and returns what
  /// CometBFT must be told.
  runtime::Outcome<std::vector<Validator>> end_block(const runtime::Context& context) const;
};

/// The current set as governance counts it.
runtime::Outcome<std::vector<gov::Elector>> electors(const runtime::Context& context);

}  // namespace buri::consensus::modules::stake
