#include "hsm/pkcs11/pin.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"

namespace buri::hsm::pkcs11 {

/// One memory page of its own, so that locking and unlocking concern nobody else.
struct Secret::Page {
  static constexpr std::size_t kBytes = 4096;
  std::uint8_t* data;
  std::size_t size = 0;

  Page()
      : data(static_cast<std::uint8_t*>(
            mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    CHECK(data != MAP_FAILED, "one page of memory for a secret");
    // Best effort: a small RLIMIT_MEMLOCK must not keep a validator from signing.
    (void)mlock(data, kBytes);
    (void)madvise(data, kBytes, MADV_DONTDUMP);
    (void)madvise(data, kBytes, MADV_WIPEONFORK);
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page() {
    explicit_bzero(data, kBytes);
    (void)munmap(data, kBytes);
  }
};

Secret Secret::take(MutableByteView bytes) {
  CHECK(bytes.size() <= kMaxBytes, "a secret has at most Secret::kMaxBytes");
  auto page = std::make_shared<Page>();
  std::ranges::copy(bytes, page->data);
  page->size = bytes.size();
  explicit_bzero(bytes.data(), bytes.size());
  return Secret(std::move(page));
}

ByteView Secret::bytes() const { return {page_->data, page_->size}; }

Result<Secret, std::string> read_pin(int file_descriptor) {
  std::array<std::uint8_t, Secret::kMaxBytes + 2> buffer{};
  std::size_t size = 0;
  (void)lseek(file_descriptor, 0, SEEK_SET);  // a pipe cannot, and is read from where it is
  std::string fault;
  while (size < buffer.size()) {
    const ssize_t got = read(file_descriptor, buffer.data() + size, buffer.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fault = std::string("The PIN cannot be read: ") + std::strerror(errno) + ".";
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > 0 && buffer[size - 1] == '\n') --size;
  if (fault.empty() && size == 0) fault = "The PIN is empty.";
  if (fault.empty() && size > Secret::kMaxBytes) fault = "The PIN is longer than 256 bytes.";
  if (!fault.empty()) {
    explicit_bzero(buffer.data(), buffer.size());
    return Failure{fault};
  }
  Secret secret = Secret::take(MutableByteView(buffer).first(size));
  explicit_bzero(buffer.data(), buffer.size());
  return secret;
}

}  // namespace buri::hsm::pkcs11
