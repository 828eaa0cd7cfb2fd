#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "node/storage/database.hpp"

/// The column families of blocks and their keys. Formats: docs/formats/execution-blocks.md.

namespace buri::execution::chain {

/// The families of an open database. Keys of two parts begin with the number, big-endian.
struct BlockTables {
  storage::Family entry;        ///< number, hash -> header, total difficulty, producer
  storage::Family body;         ///< number, hash -> what stands behind the header
  storage::Family outcome;      ///< number, hash -> senders and receipts of a canonical block
  storage::Family producers;    ///< number, hash of a sprint's end -> the set after it
  storage::Family number;       ///< hash -> number
  storage::Family canonical;    ///< number -> hash
  storage::Family transaction;  ///< transaction hash -> number, index
  storage::Family meta;         ///< words -> what is one of its kind
};

/// What a database with blocks is opened with, besides the families of its state.
std::vector<storage::FamilySpec> block_families();
/// REQUIRES: the database was opened with block_families().
BlockTables open_block_tables(const storage::Database& database);

/// Everything that a database of the execution layer holds: schema, blocks and state.
std::vector<storage::FamilySpec> execution_families();

/// A key of two parts.
Bytes block_key(std::uint64_t number, const Hash256& hash);

}  // namespace buri::execution::chain
