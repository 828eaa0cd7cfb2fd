#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/execution/state/nibbles.hpp"
#include "node/storage/database.hpp"

/// The column families of the state and their keys. Formats: docs/formats/execution-state.md.

namespace buri::execution::state {

/// The families of an open database.
struct Tables {
  storage::Family account;       ///< account hash -> account record
  storage::Family slot;          ///< account hash, slot hash -> value
  storage::Family code;          ///< code hash -> code
  storage::Family account_node;  ///< path -> node of the account trie
  storage::Family slot_node;     ///< account hash, path -> node of that account's storage trie
  storage::Family undo;          ///< block number -> undo record
  storage::Family meta;          ///< "head" -> head record
};

/// What a database with a state is opened with, besides kSchemaFamily.
std::vector<storage::FamilySpec> state_families();
/// REQUIRES: the database was opened with state_families().
Tables open_tables(const storage::Database& database);

Bytes slot_key(const Hash256& account, const Hash256& slot);
/// Where a node stands in its trie: nibbles in pairs, the last one padded with zero, then their
/// number. Paths of one trie sort so that a node stands next to its first child. Most are so short
/// that the string allocates nothing.
using PathKey = std::string;
/// REQUIRES: at most 64 nibbles.
PathKey path_key(PathView path);
/// Of an account's storage, or of the trie of accounts.
Bytes node_key(const std::optional<Hash256>& account, const PathKey& path);
Bytes number_key(std::uint64_t block_number);

/// The keys that begin with `account`: from the hash itself up to this, which is longer than any of
/// them if the hash is the last one.
Bytes end_of_account(const Hash256& account);

}  // namespace buri::execution::state
