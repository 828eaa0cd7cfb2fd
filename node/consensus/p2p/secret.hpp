#pragma once

#include <string.h>

#include <array>

#include "base/bytes.hpp"

/// Key material in memory. What is held here is wiped when it goes out of scope; it cannot be
/// copied, compared or printed by accident.

namespace buri::consensus::p2p {

/// N secret bytes, zero at first. Moving wipes the source. Not thread-safe.
template <std::size_t N>
class Secret {
 public:
  Secret() = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  /// Copies from `source`, which stays the caller's to wipe. REQUIRES: source.size() == N.
  static Secret from(ByteView source) {
    CHECK(source.size() == N, "a secret was built from another length");
    Secret secret;
    std::memcpy(secret.bytes_.data(), source.data(), N);
    return secret;
  }

  [[nodiscard]] ByteView view() const { return bytes_; }
  [[nodiscard]] MutableByteView writable() { return bytes_; }

 private:
  void wipe() noexcept { explicit_bzero(bytes_.data(), N); }

  std::array<std::uint8_t, N> bytes_{};
};

}  // namespace buri::consensus::p2p
