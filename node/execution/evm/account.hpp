#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <vector>

#include "base/u256.hpp"
#include "node/execution/evm/state_source.hpp"

/// Accounts and slots as execution holds them in memory. Fields are read freely and written by
/// JournaledState alone, which keeps the means to undo.

namespace buri::execution::evm {

class AnalysedCode;

/// Hash of keys that senders of transactions pick: mixed with a number drawn at program start.
struct KeyHash {
  using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
  std::size_t operator()(const Address& address) const noexcept;
  std::size_t operator()(const U256& word) const noexcept;
};

/// One storage slot.
struct Slot {
  U256 key;
  U256 before;    ///< when the state was first read
  U256 original;  ///< when the transaction numbered `seen_in` began
  U256 current;
  std::uint32_t seen_in = 0;
  std::uint32_t warm_in = 0;  ///< the access period in which it was last used; 0 for never
};

/// One account, also if it does not exist: then it is empty.
struct Account {
  Address address;
  std::uint64_t nonce = 0;
  U256 balance;
  Hash256 code_hash = kEmptyCodeHash;
  /// Null until the code is asked for; empty code is an empty string.
  std::shared_ptr<const Bytes> code;
  /// What the interpreter made of the code; null until it first runs.
  std::shared_ptr<const AnalysedCode> analysed;
  /// Every slot that was used, in order of first use, and where to find it by key.
  std::vector<Slot*> slots;
  boost::unordered_flat_map<U256, Slot*, KeyHash> slot_of_key;

  bool is_loaded = false;            ///< false: only its place is known, nothing of it was read
  bool has_stored_storage = false;   ///< slots of the source that may not be zero
  bool storage_was_cleared = false;  ///< deleted since: the source's slots no longer count
  bool is_changed = false;           ///< listed in JournaledState::changed()
  std::uint32_t warm_in = 0;
  std::uint32_t touched_in = 0;  ///< the transaction that last changed or credited it
  std::uint32_t created_in = 0;  ///< the transaction that created it as a contract
  std::uint32_t destructed_in = 0;

  [[nodiscard]] bool has_code() const { return code_hash != kEmptyCodeHash; }
  /// EIP-161: such an account does not exist, or stops to exist when it is touched.
  [[nodiscard]] bool is_empty() const { return nonce == 0 && balance == U256{} && !has_code(); }
};

}  // namespace buri::execution::evm
