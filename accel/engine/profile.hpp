#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "accel/backend.hpp"
#include "accel/engine/latency.hpp"

/// The measured speed of this machine and the file that keeps it between starts. Only speed depends
/// on it, never a result. Format: docs/formats/accel-profile.md.

namespace buri::accel::engine {

struct Profile {
  /// Everything the measurement depends on: processor, cores, devices, build.
  std::string machine;
  std::uint64_t hand_over_ns = 0;  ///< from queueing a task until a sleeping thread runs it
  std::map<std::pair<std::string, Operation>, LatencyCurve> curves;  ///< by backend name

  friend bool operator==(const Profile&, const Profile&) = default;
};

/// The text of the file.
std::string encode_profile(const Profile& profile);
/// Nothing unless `text` is exactly what encode_profile() writes for some profile.
std::optional<Profile> decode_profile(std::string_view text);

/// Reads the profile kept in `directory`; nothing if there is none, it is damaged, or it was
/// measured under another machine text.
std::optional<Profile> load_profile(const std::string& directory, std::string_view machine);
/// Replaces the profile in `directory` in one step (write, sync, rename). False if that failed; the
/// previous file is then still there.
bool store_profile(const std::string& directory, const Profile& profile);

/// Identifies the running program: its GNU build id in hex, or "unknown".
std::string build_id();

}  // namespace buri::accel::engine
