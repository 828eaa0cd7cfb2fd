#include "node/cli/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/descriptor.hpp"
#include "node/cli/durable_writes.hpp"

namespace buri::cli {
namespace {

Failure<std::string> is_there(const std::string& path) {
  return Failure{path + ": expected no such file, found one; nothing is overwritten"};
}

Status<std::string> sync_parent(const std::string& path) {
  return sync_folder(std::filesystem::path(path).parent_path());
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
  if (!file.is_open()) return system_failure(part, "cannot be made");
  auto written = write_all(file.get(), part, content);
  if (written.ok() && ::fsync(file.get()) != 0) written = system_failure(part, "cannot be synced");
  // A second name is given to no file that is there, which a rename would replace.
  const bool is_linked = written.ok() && ::link(part.c_str(), path.c_str()) == 0;
  const int reason = errno;
  ::unlink(part.c_str());
  RETURN_IF_ERROR(written);
  errno = reason;
  if (!is_linked) {
    return reason == EEXIST ? is_there(path) : system_failure(path, "cannot be put in place");
  }
  paths_.push_back(path);
  return sync_parent(path);
}

Result<bool, std::string> NewFiles::link(const std::string& target, const std::string& path) {
  if (::link(target.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return is_there(path);
    return false;
  }
  paths_.push_back(path);
  RETURN_IF_ERROR(sync_parent(path));
  return true;
}

}  // namespace buri::cli
