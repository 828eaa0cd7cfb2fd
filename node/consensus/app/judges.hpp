#pragma once

#include <memory>

#include "node/consensus/modules/stake/indexed_set.hpp"

/// The validator set that judges the votes in a block: who counts and with what power (spec/
/// heimdall.md 4.3). The power that votes carry themselves is never used.

namespace buri::consensus::app {

/// Immutable after loading; thread-safe.
class Judges {
 public:
  /// Reads the set for the votes in block `height`. Errors: code 1 if it is missing or empty.
  static runtime::Outcome<Judges> load(const runtime::Context& context, std::int64_t height);

  [[nodiscard]] const modules::stake::IndexedSet& members() const { return *members_; }
  [[nodiscard]] const modules::stake::ValidatorSet& set() const { return members_->set(); }
  /// The sum of the powers, as the set states it.
  [[nodiscard]] std::int64_t total_power() const { return total_power_; }
  /// More than this is more than two thirds.
  [[nodiscard]] std::int64_t two_thirds() const;
  /// The member with that address, null if there is none. Borrows this.
  [[nodiscard]] const modules::stake::Validator* find(ByteView address) const;
  /// The same where an unknown one may be an error. Errors: code 1, by the rules of the context's
  /// height.
  [[nodiscard]] runtime::Outcome<const modules::stake::Validator*> expect(
      const runtime::Context& context, ByteView address) const;

 private:
  std::shared_ptr<const modules::stake::IndexedSet> members_;
  std::int64_t total_power_ = 0;
};

}  // namespace buri::consensus::app
