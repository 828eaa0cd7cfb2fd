#pragma once

#include <memory>
#include <vector>

#include "node/consensus/modules/stake/keeper.hpp"

/// A validator set whose members are found by address: what votes are counted with.

namespace buri::consensus::modules::stake {

/// Immutable; thread-safe.
class IndexedSet {
 public:
  IndexedSet() = default;
  /// Errors: as runtime::parse_address for a signer that is no address.
  static runtime::Outcome<IndexedSet> create(ValidatorSet set);

  [[nodiscard]] const ValidatorSet& set() const { return set_; }
  [[nodiscard]] std::size_t size() const { return set_.validators.size(); }
  /// The member's place in the set; size() if there is none.
  [[nodiscard]] std::size_t place_of(const Address& address) const;
  /// The member, of several the first; null if there is none. Borrows this.
  [[nodiscard]] const Validator* find(const Address& address) const {
    const std::size_t place = place_of(address);
    return place < size() ? &set_.validators[place] : nullptr;
  }

 private:
  struct Entry {
    Address address;
    std::size_t place = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  ValidatorSet set_;
  std::vector<Entry> index_;  ///< ascending
};

/// Keeper::set(), made once for heights that have the same. Errors: also for a signer that is no
/// address.
runtime::Outcome<std::shared_ptr<const IndexedSet>> load_indexed_set(
    const runtime::Context& context, SetKind kind);

}  // namespace buri::consensus::modules::stake
