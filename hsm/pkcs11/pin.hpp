#pragma once

#include <memory>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// Where a PIN comes from and how it is kept: never in arguments, environment or logs, in memory
/// that is locked and wiped.

namespace buri::hsm::pkcs11 {

/// A secret byte string. Its memory is locked (best effort), left out of core dumps, and wiped when
/// the last copy goes. Copies share it. Not printable by design.
class Secret {
 public:
  /// Takes the bytes and wipes `bytes`. REQUIRES: bytes.size() <= kMaxBytes.
  static Secret take(MutableByteView bytes);

  [[nodiscard]] ByteView bytes() const;

  static constexpr std::size_t kMaxBytes = 256;

 private:
  struct Page;
  explicit Secret(std::shared_ptr<const Page> page) : page_(std::move(page)) {}
  std::shared_ptr<const Page> page_;
};

/// A file that holds the PIN and nothing else but at most one newline at its end: a systemd
/// credential. Read anew for each login.
struct PinFile {
  std::string path;
};

/// No PIN yet: the device stays locked until unlock().
struct PinAbsent {};

using PinSource = std::variant<PinAbsent, PinFile, Secret>;

/// Reads a PIN from `file_descriptor` until its end: from its start where it can seek, so that a
/// file can be read again for the next login. One newline at the end is dropped. Errors are
/// sentences without the PIN: empty, longer than Secret::kMaxBytes, unreadable.
Result<Secret, std::string> read_pin(int file_descriptor);

}  // namespace buri::hsm::pkcs11
