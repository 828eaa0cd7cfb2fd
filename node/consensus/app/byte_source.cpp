#include "node/consensus/app/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace buri::consensus::app {
namespace {

class File final : public ByteSource {
 public:
  File(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  ~File() override { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  Result<std::size_t, std::string> read(std::uint64_t offset, std::span<char> target) override {
    std::size_t filled = 0;
    while (filled < target.size()) {
      const ::ssize_t count = ::pread(descriptor_, target.data() + filled, target.size() - filled,
                                      static_cast<::off_t>(offset + filled));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Failure{std::string(std::strerror(errno))};
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
    }
    return filled;
  }

 private:
  int descriptor_;
  std::uint64_t size_;
};

class Memory final : public ByteSource {
 public:
  explicit Memory(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] std::uint64_t size() const override { return text_.size(); }
  Result<std::size_t, std::string> read(std::uint64_t offset, std::span<char> target) override {
    const std::size_t start = std::min<std::uint64_t>(offset, text_.size());
    const std::size_t count = std::min(target.size(), text_.size() - start);
    std::copy_n(text_.data() + start, count, target.data());
    return count;
  }

 private:
  std::string text_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>, std::string> open_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Failure{path + ": " + std::strerror(errno)};
  struct ::stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return Failure{path + ": no regular file"};
  }
  return std::unique_ptr<ByteSource>(
      std::make_unique<File>(descriptor, static_cast<std::uint64_t>(status.st_size)));
}

std::unique_ptr<ByteSource> in_memory(std::string text) {
  return std::make_unique<Memory>(std::move(text));
}

}  // namespace buri::consensus::app
