#include "node/cli/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace buri::cli {

Failure<std::string> OutputFile::failed(const std::string& path, std::string_view what) const {
  return Failure{path + " " + std::string(what) + ": " + std::strerror(errno)};
}

OutputFile::~OutputFile() {
  if (file_.is_open()) ::unlink(part_.c_str());
}

Status<std::string> OutputFile::open() {
  std::error_code ignored;
  if (std::filesystem::exists(path_, ignored)) return Failure{path_ + ": this file is there"};
  file_ = Descriptor(::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file_.is_open()) return failed(part_, "cannot be made");
  return Unit{};
}

Status<std::string> OutputFile::write(std::string_view text) {
  bytes_ += text.size();
  while (!text.empty()) {
    const ::ssize_t count = ::write(file_.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed(part_, "cannot be written");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return Unit{};
}

Status<std::string> OutputFile::finish() {
  if (::fsync(file_.get()) != 0) return failed(part_, "cannot be synced");
  if (::rename(part_.c_str(), path_.c_str()) != 0) return failed(path_, "cannot be put in place");
  file_ = Descriptor();
  const std::filesystem::path parent = std::filesystem::absolute(path_).parent_path();
  const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.get()) != 0) return failed(parent, "cannot be synced");
  return Unit{};
}

}  // namespace buri::cli
