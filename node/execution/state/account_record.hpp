#pragma once

#include <optional>

#include "base/codec/rlp.hpp"
#include "node/execution/evm/state_source.hpp"
#include "node/execution/state/error.hpp"
#include "node/execution/state/trie_node.hpp"

/// Accounts as the flat tables hold them and as the trie does. Formats:
/// docs/formats/execution-state.md.

namespace buri::execution::state {

/// An account of one state.
struct AccountRecord {
  std::uint64_t nonce = 0;
  U256 balance;
  Hash256 storage_root = kEmptyRoot;
  Hash256 code_hash = evm::kEmptyCodeHash;

  friend bool operator==(const AccountRecord&, const AccountRecord&) = default;
};

/// The value of a flat table: like the trie's leaf, but empty strings for kEmptyRoot and
/// kEmptyCodeHash.
Bytes encode_account(const AccountRecord& account);
/// Accepts what encode_account() writes and nothing else.
Result<AccountRecord, RlpError> decode_account(ByteView record);

/// Reads a value of the table of slots: big-endian without leading zeros, and not zero.
std::optional<U256> decode_slot(ByteView record);

/// kCorruption: what stands under the key of a flat table is none of its records.
StateError malformed_account(ByteView key);
StateError malformed_slot(ByteView key);

/// The value of the account trie's leaf (yellow paper, 4.1); empty where there is no account.
Bytes account_leaf(const std::optional<AccountRecord>& account);
/// The value of a storage trie's leaf; empty for zero, which is not kept.
Bytes slot_leaf(const U256& value);

/// As the EVM asks for it.
evm::StoredAccount to_stored(const AccountRecord& account);

}  // namespace buri::execution::state
