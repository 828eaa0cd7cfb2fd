#pragma once

#include <cstdint>
#include <string>

#include "node/consensus/app/genesis_file.hpp"
#include "node/consensus/runtime/genesis_sink.hpp"

/// From an export of Heimdall v1 to a genesis of v2, as the stock daemon's `migrate` makes it
/// (heimdall-v2 cmd/heimdalld/cmd/migrate.go, and the block limits as the release after Ithaca
/// keeps them, spec/heimdall-after-ithaca.md). What it writes is to be imported; that is its check.

namespace buri::consensus::migration {

/// Of the new chain.
struct MigrationOptions {
  std::string chain_id;
  std::string genesis_time;  ///< RFC 3339
  std::int64_t initial_height = 1;
};

/// Writes the new file, in memory bounded by one element of a list (all checkpoints or milestones
/// if they are not in the order of their times). Parts that v2 does not know are kept, as stock
/// does. Errors: code 1 with what is missing or of another form; the sink's.
Status<runtime::Error> migrate_genesis(app::GenesisFile& old, const MigrationOptions& options,
                                       runtime::GenesisSink& sink);

}  // namespace buri::consensus::migration
