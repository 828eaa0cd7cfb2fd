#pragma once

#include "node/storage/database.hpp"

/// What brings a database with an older form of the state to the present one.

namespace buri::execution::state {

/// Until schema 2 the tables of nodes held leaves as well. Removes them, most by writes of its own,
/// which are bounded; the last ones are left in `batch`. May be repeated.
Status<storage::StorageError> remove_stored_leaves(storage::Database& database,
                                                   storage::Batch& batch);

}  // namespace buri::execution::state
