#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/descriptor.hpp"
#include "base/durable_write.hpp"
#include "node/consensus/engine/wal_files.hpp"

namespace buri::consensus::engine {
namespace {

Failure<WalFileError> failed(const std::string& file) {
  return Failure{WalFileError{file, std::strerror(errno)}};  // NOLINT(concurrency-mt-unsafe)
}

class WalDirectory final : public WalFiles {
 public:
  WalDirectory(std::string path, Descriptor directory)
      : path_(std::move(path)), directory_(std::move(directory)) {}

  Result<std::vector<std::string>, WalFileError> list() override {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entry(path_, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      if (entry->is_regular_file(error)) names.push_back(entry->path().filename().string());
    }
    if (error) return Failure{WalFileError{path_, error.message()}};
    std::ranges::sort(names);
    return names;
  }

  Result<Bytes, WalFileError> read(const std::string& name) override {
    const Descriptor file(::openat(directory_.get(), name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return failed(name);
    Bytes content;
    for (;;) {
      constexpr std::size_t kStep = 1 << 16;
      const std::size_t start = content.size();
      content.resize(start + kStep);
      const ssize_t count = ::read(file.get(), content.data() + start, kStep);
      if (count < 0 && errno != EINTR) return failed(name);
      content.resize(start + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
      if (count == 0) return content;
    }
  }

  Status<WalFileError> append(const std::string& name, ByteView bytes) override {
    RETURN_IF_ERROR(open_head(name));
    if (!write_all(head_.get(), bytes)) return failed(name);
    return Unit{};
  }

  Status<WalFileError> sync(const std::string& name) override {
    RETURN_IF_ERROR(open_head(name));
    if (::fdatasync(head_.get()) != 0) return failed(name);
    if (!head_is_new_) return Unit{};
    head_is_new_ = false;
    return sync_directory();
  }

  Status<WalFileError> truncate(const std::string& name, std::uint64_t byte_count) override {
    RETURN_IF_ERROR(open_head(name));
    if (::ftruncate(head_.get(), static_cast<off_t>(byte_count)) != 0) return failed(name);
    if (::fsync(head_.get()) != 0) return failed(name);
    return Unit{};
  }

  Status<WalFileError> rename(const std::string& from, const std::string& to) override {
    close_head();
    const int directory = directory_.get();
    if (::renameat(directory, from.c_str(), directory, to.c_str()) != 0) return failed(from);
    return sync_directory();
  }

  Status<WalFileError> remove(const std::string& name) override {
    if (name == head_name_) close_head();
    if (::unlinkat(directory_.get(), name.c_str(), 0) != 0) return failed(name);
    return Unit{};
  }

 private:
  Status<WalFileError> open_head(const std::string& name) {
    if (head_.is_open() && name == head_name_) return Unit{};
    constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
    Descriptor file(::openat(directory_.get(), name.c_str(), kFlags, 0600));
    if (!file.is_open()) return failed(name);
    head_ = std::move(file);
    head_name_ = name;
    // Whether O_CREAT made it is not told; syncing the directory once too often is harmless.
    head_is_new_ = true;
    return Unit{};
  }

  void close_head() {
    head_ = Descriptor();
    head_name_.clear();
  }

  Status<WalFileError> sync_directory() {
    if (::fsync(directory_.get()) != 0) return failed(path_);
    return Unit{};
  }

  std::string path_;
  Descriptor directory_;
  Descriptor head_;
  std::string head_name_;
  bool head_is_new_ = false;
};

}  // namespace

std::string describe(const WalFileError& error) { return error.file + ": " + error.reason; }

Result<std::unique_ptr<WalFiles>, WalFileError> open_wal_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed(path);
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return failed(path);
  std::unique_ptr<WalFiles> files = std::make_unique<WalDirectory>(path, std::move(directory));
  return files;
}

}  // namespace buri::consensus::engine
