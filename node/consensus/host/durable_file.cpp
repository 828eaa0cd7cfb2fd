#include "node/consensus/host/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/durable_write.hpp"

namespace buri::consensus::host {
namespace {

Failure<std::string> failed(const std::string& path) {
  return {path + ": " + std::generic_category().message(errno)};
}

}  // namespace

Status<std::string> replace_file(const std::string& path, std::string_view content, mode_t mode) {
  const std::string beside = path + ".new";
  const Descriptor file(
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file.is_open() || ::fchmod(file.get(), mode) != 0) return failed(beside);
  if (!write_all(file.get(), as_bytes(content)) || ::fsync(file.get()) != 0) return failed(beside);
  if (::rename(beside.c_str(), path.c_str()) != 0) return failed(path);
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  if (!sync_folder(folder)) return failed(folder);
  return Unit{};
}

Result<std::string, std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return failed(path);
  std::string content;
  for (;;) {
    char buffer[64 * 1024];
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > max_bytes) {
      return Failure{fmt::format("{}: expected at most {} bytes", path, max_bytes)};
    }
  }
}

}  // namespace buri::consensus::host
