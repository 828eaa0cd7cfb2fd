#pragma once

#include <vector>

#include "base/random.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "tests/support/iavl/naive_tree.hpp"

/// Random writes for multistores and the models they are compared with.

namespace buri::testing {

/// Writes of one height over `model`'s stores: new keys, keys set again to other or equal values,
/// removals of present and of absent keys. Keys are short and share prefixes.
std::vector<NaiveStores::Writes> random_writes(Random& random, const NaiveStores& model,
                                               std::int64_t newest, std::size_t store_count);

/// Puts the writes into a branch over the newest height and commits it.
Result<consensus::iavl::CommitInfo, storage::StorageError> commit_writes(
    consensus::iavl::Multistore& multistore, std::int64_t height,
    const std::vector<NaiveStores::Writes>& writes, storage::Durability durability);

/// Everything a store holds, read through its iterator.
NaiveStores::Content content_of(consensus::store::ReadStore& store);

}  // namespace buri::testing
