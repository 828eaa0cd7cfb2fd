#include "node/cli/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "node/cli/durable_writes.hpp"

namespace buri::cli {

OutputFile::~OutputFile() {
  if (file_.is_open()) ::unlink(part_.c_str());
}

Status<std::string> OutputFile::open() {
  std::error_code ignored;
  if (std::filesystem::exists(path_, ignored)) {
    return Failure{path_ + ": expected the name of a new file, found a file that is there"};
  }
  file_ = Descriptor(::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file_.is_open()) return system_failure(part_, "cannot be made");
  return Unit{};
}

Status<std::string> OutputFile::write(std::string_view text) {
  bytes_ += text.size();
  return write_all(file_.get(), part_, text);
}

Status<std::string> OutputFile::finish() {
  if (::fsync(file_.get()) != 0) return system_failure(part_, "cannot be synced");
  if (::rename(part_.c_str(), path_.c_str()) != 0)
    return system_failure(path_, "cannot be put in place");
  file_ = Descriptor();
  return sync_folder(std::filesystem::absolute(path_).parent_path());
}

}  // namespace buri::cli
