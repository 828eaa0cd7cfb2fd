#include "node/cli/status_machine.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

#include "node/consensus/codec/json.hpp"
#include "node/devnet/http_get.hpp"

namespace buri::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::chrono::seconds kMetricsPatience{3};
constexpr std::string_view kItems = "buri_accel_items_total{";
constexpr std::string_view kBackend = "backend=\"";
constexpr double kSecondsPerDay = 86'400;
/// Of less history no pace can be told: databases begin with room for logs.
constexpr double kLeastHistorySeconds = 3'600;

/// Bytes of all files below a folder; files that go meanwhile do not count.
std::int64_t bytes_below(const fs::path& folder) {
  std::int64_t bytes = 0;
  std::error_code failure;
  fs::recursive_directory_iterator files(folder, fs::directory_options::skip_permission_denied,
                                         failure);
  for (; !failure && files != fs::recursive_directory_iterator(); files.increment(failure)) {
    std::error_code gone;
    if (!files->is_regular_file(gone)) continue;
    const std::uintmax_t size = files->file_size(gone);
    if (!gone) bytes += static_cast<std::int64_t>(size);
  }
  return bytes;
}

/// From the oldest block that is kept to the last one; nothing if there is none.
std::optional<double> history_s(const json::object& node) {
  if (!is_available(node)) return std::nullopt;
  const auto oldest = consensus::codec::timestamp_from_rfc3339(text_at(node, "/oldest_block_time"));
  const auto last = consensus::codec::timestamp_from_rfc3339(text_at(node, "/last_block_time"));
  if (!oldest || !last) return std::nullopt;
  return static_cast<double>(last->seconds - oldest->seconds);
}

/// Whether so many heights were kept that the oldest go from now on.
bool is_full(std::int64_t kept, const json::object& node) {
  return kept > 0 && number_at(node, "/height") - number_at(node, "/oldest_height") + 1 >= kept;
}

}  // namespace

json::object accelerator_shares(std::string_view metrics) {
  std::map<std::string, double> items;
  double all = 0;
  while (!metrics.empty()) {
    const std::size_t end = std::min(metrics.find('\n'), metrics.size());
    const std::string_view line = metrics.substr(0, end);
    metrics.remove_prefix(std::min(end + 1, metrics.size()));
    if (!line.starts_with(kItems)) continue;
    const std::size_t name = line.find(kBackend);
    const std::size_t quote =
        name == std::string_view::npos ? name : line.find('"', name + kBackend.size());
    const std::size_t value = line.rfind(' ');
    if (quote == std::string_view::npos || value == std::string_view::npos) continue;
    double count = 0;
    std::from_chars(line.data() + value + 1, line.data() + line.size(), count);
    items[std::string(line.substr(name + kBackend.size(), quote - name - kBackend.size()))] +=
        count;
    all += count;
  }
  if (items.empty()) {
    return unavailable(
        "burid's metrics say nothing of accelerators; `buri accel info` shows what this machine "
        "has.");
  }
  json::object shares;
  for (const auto& [backend, count] : items) {
    shares[backend] = {{"items", static_cast<std::int64_t>(count)},
                       {"share", all > 0 ? count / all : 0.0}};
  }
  return shares;
}

json::object ask_accelerators(const app::MetricsConfig& metrics) {
  if (!metrics.listen) {
    return unavailable(
        "metrics.listen is empty, so burid tells nobody what its accelerators do: set it.");
  }
  const auto body = devnet::http_get(metrics.listen->port, "/metrics", kMetricsPatience);
  if (body.ok()) return accelerator_shares(*body);
  return unavailable(fmt::format(
      "Nobody serves metrics at port {} of this machine ({}): look whether burid runs here; `buri "
      "accel info` shows what this machine has.",
      metrics.listen->port, body.error()));
}

json::object disk_forecast(const DataBytes& bytes, const app::StorageConfig& storage,
                           const json::object& node) {
  json::object disk{{"blocks_bytes", bytes.blocks},
                    {"application_bytes", bytes.application},
                    {"log_bytes", bytes.log},
                    {"other_bytes", bytes.other},
                    {"free_bytes", bytes.free}};
  const auto history = history_s(node);
  if (!history) {
    disk["forecast"] = unavailable(
        "Without an answer of the node, or without a block, nobody knows how fast the data grow.");
    return disk;
  }
  if (*history < kLeastHistorySeconds) {
    disk["forecast"] = unavailable(
        "The node keeps less than an hour of blocks, too little for a forecast: ask again later.");
    return disk;
  }
  const double growing =
      (is_full(storage.keep_blocks, node) ? 0.0 : static_cast<double>(bytes.blocks)) +
      (is_full(storage.keep_state_heights, node) ? 0.0 : static_cast<double>(bytes.application));
  const double per_day = growing * kSecondsPerDay / *history;
  json::object forecast{{"growth_bytes_per_day", static_cast<std::int64_t>(per_day)}};
  if (per_day >= 1) forecast["days_until_full"] = static_cast<double>(bytes.free) / per_day;
  disk["forecast"] = std::move(forecast);
  return disk;
}

json::object look_at_disk(const std::string& data_folder, const app::StorageConfig& storage,
                          const json::object& node) {
  std::error_code failure;
  const fs::space_info space = fs::space(data_folder, failure);
  if (failure) {
    return unavailable(fmt::format(
        "{} cannot be looked at ({}): run this where burid runs, as a user who may read its home.",
        data_folder, failure.message()));
  }
  const fs::path data(data_folder);
  DataBytes bytes;
  bytes.blocks = bytes_below(data / "blocks");
  bytes.application = bytes_below(data / "application");
  bytes.log = bytes_below(data / "cs.wal");
  bytes.other = bytes_below(data) - bytes.blocks - bytes.application - bytes.log;
  bytes.free = static_cast<std::int64_t>(space.available);
  json::object disk = disk_forecast(bytes, storage, node);
  disk["folder"] = data_folder;
  return disk;
}

}  // namespace buri::cli
