#include "node/cli/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/descriptor.hpp"

namespace buri::cli {
namespace {

Failure<std::string> failed(const std::string& path, std::string_view what) {
  return Failure{path + " " + std::string(what) + ": " +
                 std::strerror(errno)};  // NOLINT(*-mt-unsafe)
}

Failure<std::string> is_there(const std::string& path) {
  return Failure{path + ": expected no such file, found one; nothing is overwritten"};
}

Status<std::string> write_all(int file, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ::ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed(path, "cannot be written");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(file) != 0) return failed(path, "cannot be synced");
  return Unit{};
}

Status<std::string> sync_folder(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.get()) != 0) return failed(parent, "cannot be synced");
  return Unit{};
}

}  // namespace

NewFiles::~NewFiles() {
  for (const std::string& path : paths_) ::unlink(path.c_str());
}

Status<std::string> NewFiles::write(const std::string& path, std::string_view content,
                                    ::mode_t mode) {
  const std::string part = path + ".part";
  ::unlink(part.c_str());  // what a crash left
  const Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.is_open()) return failed(part, "cannot be made");
  const auto written = write_all(file.get(), part, content);
  // A second name is given to no file that is there, which a rename would replace.
  const bool is_linked = written.ok() && ::link(part.c_str(), path.c_str()) == 0;
  const int reason = errno;
  ::unlink(part.c_str());
  RETURN_IF_ERROR(written);
  errno = reason;
  if (!is_linked) return reason == EEXIST ? is_there(path) : failed(path, "cannot be put in place");
  paths_.push_back(path);
  return sync_folder(path);
}

Result<bool, std::string> NewFiles::link(const std::string& target, const std::string& path) {
  if (::link(target.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return is_there(path);
    return false;
  }
  paths_.push_back(path);
  RETURN_IF_ERROR(sync_folder(path));
  return true;
}

}  // namespace buri::cli
