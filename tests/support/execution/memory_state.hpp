#pragma once

#include <map>

#include "node/execution/evm/journaled_state.hpp"

/// A state in a map, with what tests need around it.

namespace buri::testing {

/// An account whole.
struct MemoryAccount {
  std::uint64_t nonce = 0;
  U256 balance;
  Bytes code;
  std::map<U256, U256> storage;  ///< without zeros

  friend bool operator==(const MemoryAccount&, const MemoryAccount&) = default;
};

/// Accounts by address. Not thread-safe while accounts are changed.
class MemoryState final : public execution::evm::StateSource {
 public:
  std::map<Address, MemoryAccount> accounts;

  [[nodiscard]] std::optional<execution::evm::StoredAccount> account(
      const Address& address) const override;
  [[nodiscard]] U256 storage(const Address& address, const U256& key) const override;
  [[nodiscard]] std::shared_ptr<const Bytes> code(const Hash256& wanted) const override;

  /// Takes over what finished transactions changed.
  void apply(execution::evm::JournaledState& state);
  /// The root of the state trie, by a slow way of its own. REQUIRES: since the last call accounts
  /// were changed by apply() alone.
  [[nodiscard]] Hash256 root() const;

 private:
  /// What root() reckoned of an account that did not change since.
  struct Derived {
    Hash256 code_hash;
    Bytes leaf;
  };

  [[nodiscard]] Hash256 code_hash(const Address& address, const MemoryAccount& account) const;

  mutable std::map<Address, Derived> derived_;
};

}  // namespace buri::testing
