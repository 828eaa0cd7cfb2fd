#include "hsm/signer/posix_disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/descriptor.hpp"

namespace buri::hsm::signer {
namespace {

constexpr const char* kLockName = "lock";

DiskError error_of(int code) {
  switch (code) {
    case ENOENT:
      return DiskError::kNotFound;
    case EEXIST:
      return DiskError::kExists;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return DiskError::kNoSpace;
    case EROFS:
      return DiskError::kReadOnly;
    case EACCES:
    case EPERM:
      return DiskError::kDenied;
    case EWOULDBLOCK:
      return DiskError::kLocked;
    default:
      return DiskError::kIo;
  }
}

Failure<DiskError> last_error() { return Failure{error_of(errno)}; }

class PosixFile final : public DiskFile {
 public:
  explicit PosixFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  Result<Bytes, DiskError> read(std::uint64_t offset, std::size_t max_bytes) override {
    Bytes bytes(max_bytes);
    std::size_t done = 0;
    while (done < max_bytes) {
      const ssize_t count = ::pread(descriptor_.get(), bytes.data() + done, max_bytes - done,
                                    static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return last_error();
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
  }

  Status<DiskError> write(std::uint64_t offset, ByteView bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count = ::pwrite(descriptor_.get(), bytes.data() + done, bytes.size() - done,
                                     static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return last_error();
      done += static_cast<std::size_t>(count);
    }
    return Unit{};
  }

  Status<DiskError> sync() override {
    if (::fdatasync(descriptor_.get()) != 0) return last_error();
    return Unit{};
  }

  Result<std::uint64_t, DiskError> size() override {
    struct stat status{};
    if (::fstat(descriptor_.get(), &status) != 0) return last_error();
    return static_cast<std::uint64_t>(status.st_size);
  }

  Status<DiskError> resize(std::uint64_t byte_count) override {
    if (::ftruncate(descriptor_.get(), static_cast<off_t>(byte_count)) != 0) return last_error();
    return Unit{};
  }

 private:
  Descriptor descriptor_;
};

class PosixDisk final : public Disk {
 public:
  explicit PosixDisk(Descriptor directory) : directory_(std::move(directory)) {}

  Result<std::unique_ptr<DiskFile>, DiskError> open(const std::string& name) override {
    return open_file(name, O_RDWR);
  }

  Result<std::unique_ptr<DiskFile>, DiskError> create(const std::string& name) override {
    return open_file(name, O_RDWR | O_CREAT | O_EXCL);
  }

  Status<DiskError> rename(const std::string& from, const std::string& to) override {
    if (::renameat2(directory_.get(), from.c_str(), directory_.get(), to.c_str(),
                    RENAME_NOREPLACE) != 0) {
      return last_error();
    }
    return Unit{};
  }

  Status<DiskError> remove(const std::string& name) override {
    if (::unlinkat(directory_.get(), name.c_str(), 0) != 0) return last_error();
    return Unit{};
  }

  Status<DiskError> sync_directory() override {
    if (::fsync(directory_.get()) != 0) return last_error();
    return Unit{};
  }

  Result<std::vector<std::string>, DiskError> list() override {
    const int copy = ::openat(directory_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return last_error();
    DIR* stream = ::fdopendir(copy);
    if (stream == nullptr) {
      ::close(copy);
      return last_error();
    }
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(stream)) {
      if (entry->d_type == DT_REG) names.emplace_back(entry->d_name);
    }
    ::closedir(stream);
    std::sort(names.begin(), names.end());
    return names;
  }

  Status<DiskError> lock() override {
    Descriptor file(::openat(directory_.get(), kLockName, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (file.get() < 0) return last_error();
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return last_error();
    const std::string owner = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file.get(), 0) != 0 ||
        ::pwrite(file.get(), owner.data(), owner.size(), 0) != static_cast<ssize_t>(owner.size())) {
      return last_error();
    }
    lock_ = std::move(file);
    return Unit{};
  }

 private:
  Result<std::unique_ptr<DiskFile>, DiskError> open_file(const std::string& name, int flags) {
    Descriptor file(::openat(directory_.get(), name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return last_error();
    return std::unique_ptr<DiskFile>(std::make_unique<PosixFile>(std::move(file)));
  }

  Descriptor directory_;
  std::optional<Descriptor> lock_;
};

}  // namespace

std::string_view describe(DiskError error) {
  switch (error) {
    case DiskError::kNotFound:
      return "no such file";
    case DiskError::kExists:
      return "the file exists already";
    case DiskError::kNoSpace:
      return "no space left on the device";
    case DiskError::kReadOnly:
      return "the file system is read-only";
    case DiskError::kDenied:
      return "permission denied";
    case DiskError::kLocked:
      return "another process holds the directory";
    case DiskError::kIo:
      return "input/output error";
  }
  return "unknown error";
}

Result<std::unique_ptr<Disk>, DiskError> open_posix_disk(const std::string& path) {
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) return last_error();
  return std::unique_ptr<Disk>(std::make_unique<PosixDisk>(std::move(directory)));
}

}  // namespace buri::hsm::signer
