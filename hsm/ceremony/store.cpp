#include "hsm/ceremony/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/durable_write.hpp"
#include "hsm/pkcs11/channel.hpp"

namespace buri::hsm::ceremony {
namespace {

namespace fs = std::filesystem;

/// Ends the name of a file that is being written.
constexpr std::string_view kPartSuffix = ".part";

Failure<Reason> broken(const std::string& path, std::string_view what) {
  return Failure{path + " " + std::string(what) + ": " + std::strerror(errno) + "."};
}

Status<Reason> keep_entries(const fs::path& folder) {
  if (!sync_folder(folder)) return broken(folder, "cannot be synced");
  return Unit{};
}

Status<Reason> write_durably(int file, ByteView bytes, const std::string& path) {
  if (!write_all(file, bytes)) return broken(path, "cannot be written");
  if (fsync(file) != 0) return broken(path, "cannot be synced");
  return Unit{};
}

class PosixStore final : public Store {
 public:
  explicit PosixStore(fs::path root) : root_(std::move(root)) {}

  Status<Reason> write(const std::string& name, ByteView bytes) override {
    RETURN_IF_ERROR(make_parents(name));
    const fs::path path = root_ / name;
    const std::string part = path.string() + std::string(kPartSuffix);
    {
      const Descriptor file(
          open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
      if (!file.is_open()) return broken(part, "cannot be made");
      RETURN_IF_ERROR(write_durably(file.get(), bytes, part));
    }
    if (rename(part.c_str(), path.c_str()) != 0) return broken(path, "cannot be put in place");
    return keep_entries(path.parent_path());
  }

  Status<Reason> append(const std::string& name, ByteView bytes) override {
    RETURN_IF_ERROR(make_parents(name));
    const fs::path path = root_ / name;
    const bool is_new = !exists(name);
    const Descriptor file(
        open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.is_open()) return broken(path, "cannot be opened");
    RETURN_IF_ERROR(write_durably(file.get(), bytes, path));
    return is_new ? keep_entries(path.parent_path()) : Status<Reason>(Unit{});
  }

  Result<Bytes, Reason> read(const std::string& name) override {
    const fs::path path = root_ / name;
    const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file.is_open()) return broken(path, "cannot be opened");
    Bytes bytes(kMaxFileBytes + 1);
    std::size_t size = 0;
    while (size < bytes.size()) {
      const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return broken(path, "cannot be read");
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
    }
    if (size > kMaxFileBytes) return Failure{path.string() + " is larger than 16 MiB."};
    bytes.resize(size);
    return bytes;
  }

  bool exists(const std::string& name) override {
    std::error_code ignored;
    return fs::symlink_status(root_ / name, ignored).type() == fs::file_type::regular;
  }

  Result<std::vector<std::string>, Reason> list() override {
    std::vector<std::string> names;
    std::error_code fault;
    for (fs::recursive_directory_iterator entry(root_, fault), end; !fault && entry != end;
         entry.increment(fault)) {
      const fs::file_type type = entry->symlink_status(fault).type();
      if (type == fs::file_type::directory) continue;
      if (type != fs::file_type::regular) {
        return Failure{entry->path().string() + " is neither a file nor a folder."};
      }
      names.push_back(fs::relative(entry->path(), root_, fault).string());
    }
    if (fault) return Failure{root_.string() + " cannot be listed: " + fault.message() + "."};
    std::ranges::sort(names);
    return names;
  }

  Status<Reason> lock() override {
    lock_ = Descriptor(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock_.is_open()) return broken(root_, "cannot be opened");
    if (flock(lock_.get(), LOCK_EX | LOCK_NB) == 0) return Unit{};
    return Failure{root_.string() + " is used by another process."};
  }

  Status<Reason> sweep() override {
    ASSIGN_OR_RETURN(const auto names, list());
    for (const std::string& name : names) {
      if (!name.ends_with(kPartSuffix)) continue;
      if (unlink((root_ / name).c_str()) != 0) return broken(root_ / name, "cannot be removed");
    }
    return Unit{};
  }

 private:
  Status<Reason> make_parents(const std::string& name) {
    fs::path made = root_;
    for (const fs::path& part : fs::path(name).parent_path()) {
      const fs::path parent = made;
      made /= part;
      if (mkdir(made.c_str(), 0700) == 0) {
        RETURN_IF_ERROR(keep_entries(parent));
      } else if (errno != EEXIST) {
        return broken(made, "cannot be made");
      }
    }
    return Unit{};
  }

  fs::path root_;
  Descriptor lock_;
};

class SubStore final : public Store {
 public:
  SubStore(Store& parent, std::string folder) : parent_(parent), prefix_(std::move(folder) + "/") {}

  Status<Reason> write(const std::string& name, ByteView bytes) override {
    return parent_.write(prefix_ + name, bytes);
  }
  Status<Reason> append(const std::string& name, ByteView bytes) override {
    return parent_.append(prefix_ + name, bytes);
  }
  Result<Bytes, Reason> read(const std::string& name) override {
    return parent_.read(prefix_ + name);
  }
  bool exists(const std::string& name) override { return parent_.exists(prefix_ + name); }
  Result<std::vector<std::string>, Reason> list() override {
    ASSIGN_OR_RETURN(const auto all, parent_.list());
    std::vector<std::string> names;
    for (const std::string& name : all) {
      if (name.starts_with(prefix_)) names.push_back(name.substr(prefix_.size()));
    }
    return names;
  }
  Status<Reason> lock() override { return parent_.lock(); }
  Status<Reason> sweep() override { return parent_.sweep(); }

 private:
  Store& parent_;
  std::string prefix_;
};

}  // namespace

Result<std::unique_ptr<Store>, Reason> posix_store(const std::string& path) {
  std::error_code fault;
  if (!fs::is_directory(path, fault)) return Failure{path + " is no folder."};
  return std::unique_ptr<Store>(std::make_unique<PosixStore>(path));
}

Status<Reason> make_empty_folder(const std::string& path) {
  std::error_code fault;
  if (fs::is_directory(path, fault) && fs::is_empty(path, fault)) return Unit{};
  if (mkdir(path.c_str(), 0700) != 0) {
    return Failure{path + " cannot be made" +
                   (errno == EEXIST ? std::string(": it is there and not empty.")
                                    : ": " + std::string(std::strerror(errno)) + ".")};
  }
  return keep_entries(fs::absolute(path).lexically_normal().parent_path());
}

std::unique_ptr<Store> substore(Store& parent, const std::string& folder) {
  return std::make_unique<SubStore>(parent, folder);
}

}  // namespace buri::hsm::ceremony
