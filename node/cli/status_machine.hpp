#pragma once

#include <cstdint>
#include <string>

#include "node/app/config.hpp"
#include "node/cli/status_part.hpp"

/// What this machine can tell of a node whose home it has: accelerators and disk.

namespace buri::cli {

/// Which share of the signatures and hashes each backend computed since burid started, from the
/// text of its /metrics. Unavailable where there are no such figures.
boost::json::object accelerator_shares(std::string_view metrics);
/// The same of the burid that serves these metrics on this machine.
boost::json::object ask_accelerators(const app::MetricsConfig& metrics);

/// Bytes of a home's data, by what they are for.
struct DataBytes {
  std::int64_t blocks = 0;
  std::int64_t application = 0;
  std::int64_t log = 0;
  std::int64_t other = 0;
  std::int64_t free = 0;  ///< of the file system
};
/// The answer with the days until the disk is full at the pace of the blocks that are kept: `node`
/// says how long they go back. What is pruned does not grow.
boost::json::object disk_forecast(const DataBytes& bytes, const app::StorageConfig& storage,
                                  const boost::json::object& node);
/// Looks at the folder. Unavailable where it cannot be read.
boost::json::object look_at_disk(const std::string& data_folder, const app::StorageConfig& storage,
                                 const boost::json::object& node);

}  // namespace buri::cli
