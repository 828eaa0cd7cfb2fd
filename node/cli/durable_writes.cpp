#include "node/cli/durable_writes.hpp"

#include <cerrno>
#include <cstring>

#include "base/durable_write.hpp"

namespace buri::cli {

Failure<std::string> system_failure(const std::string& path, std::string_view what) {
  return Failure{path + " " + std::string(what) + ": " +
                 std::strerror(errno)};  // NOLINT(*-mt-unsafe)
}

Status<std::string> write_all(int file, const std::string& path, std::string_view text) {
  if (!buri::write_all(file, as_bytes(text))) return system_failure(path, "cannot be written");
  return Unit{};
}

Status<std::string> sync_folder(const std::string& folder) {
  if (!buri::sync_folder(folder)) return system_failure(folder, "cannot be synced");
  return Unit{};
}

}  // namespace buri::cli
