#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "node/execution/evm/journaled_state.hpp"

/// What a block does to the state, as values: taken from the EVM's journal when the block is
/// finished, so that the next one may run while this one's root is reckoned.

namespace buri::execution::state {

struct SlotChange {
  U256 key;
  U256 value;  ///< zero: the slot goes
};

/// One account after the block.
struct AccountChange {
  Address address;
  bool exists = true;  ///< false: it is deleted with its storage
  std::uint64_t nonce = 0;
  U256 balance;
  Hash256 code_hash = evm::kEmptyCodeHash;
  /// The code, if it was seen; REQUIRES not null where the block set a code that the state has not.
  std::shared_ptr<const Bytes> code;
  /// The slots that stood before the block are gone; those in `slots` are all there are.
  bool storage_cleared = false;
  std::vector<SlotChange> slots;
};

/// Every account once, in any order.
struct StateChange {
  std::vector<AccountChange> accounts;
};

/// What finished transactions changed in `state` since it was made.
StateChange collect_change(const evm::JournaledState& state);

/// A state with a change on it that is not committed yet. Thread-safe if `base` is; both arguments
/// must outlive it.
class ChangedState final : public evm::StateSource {
 public:
  ChangedState(const evm::StateSource& base, const StateChange& change);

  [[nodiscard]] std::optional<evm::StoredAccount> account(const Address& address) const override;
  [[nodiscard]] U256 storage(const Address& address, const U256& key) const override;
  [[nodiscard]] std::shared_ptr<const Bytes> code(const Hash256& code_hash) const override;

 private:
  struct Place {
    const AccountChange* change = nullptr;
    boost::unordered_flat_map<U256, U256, evm::KeyHash> slots;
  };

  const evm::StateSource& base_;
  boost::unordered_flat_map<Address, Place, evm::KeyHash> accounts_;
  std::vector<const AccountChange*> with_code_;
};

}  // namespace buri::execution::state
