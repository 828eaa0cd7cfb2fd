#pragma once

#include <cstdint>
#include <string>

#include "node/cli/consensus_output.hpp"

/// `buri consensus snapshot export|import`: a height of a node as one file, and a node that goes on
/// from it (docs/formats/consensus-snapshot.md).

namespace buri::cli {

struct SnapshotExportArguments {
  std::string home;
  std::string output;
  std::int64_t height = 0;  ///< 0: the newest that can be exported
};
AnswerResult run_snapshot_export(const SnapshotExportArguments& arguments);

struct SnapshotImportArguments {
  std::string file;
  std::string home;
  std::string trusted_hash;  ///< of the header above the snapshot's height; may be empty
};
/// Into a home that holds no chain. A crash leaves nothing that a node would start on, and the same
/// command begins anew. Not positive: the snapshot is of another chain than the hash says.
AnswerResult run_snapshot_import(const SnapshotImportArguments& arguments);

}  // namespace buri::cli
