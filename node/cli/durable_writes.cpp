#include "node/cli/durable_writes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/descriptor.hpp"

namespace buri::cli {

Failure<std::string> system_failure(const std::string& path, std::string_view what) {
  return Failure{path + " " + std::string(what) + ": " +
                 std::strerror(errno)};  // NOLINT(*-mt-unsafe)
}

Status<std::string> write_all(int file, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ::ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return system_failure(path, "cannot be written");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return Unit{};
}

Status<std::string> sync_folder(const std::string& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.is_open() && ::fsync(descriptor.get()) == 0) return Unit{};
  return system_failure(folder, "cannot be synced");
}

}  // namespace buri::cli
