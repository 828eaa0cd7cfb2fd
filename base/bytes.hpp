#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/check.hpp"

/// Byte strings: views, owned strings and fixed-size values such as hashes and addresses.

namespace buri {

/// A borrowed, read-only run of bytes. The owner must outlive it.
using ByteView = std::span<const std::uint8_t>;
/// A borrowed, writable run of bytes.
using MutableByteView = std::span<std::uint8_t>;
/// An owned byte string.
using Bytes = std::vector<std::uint8_t>;

/// The bytes of a text, without its terminator. Borrows from `text`.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
/// The text whose bytes these are (no check that it is UTF-8). Borrows from `bytes`.
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Exactly N bytes, compared lexicographically, zero when value-initialised.
template <std::size_t N>
struct FixedBytes {
  static constexpr std::size_t kSize = N;
  std::array<std::uint8_t, N> bytes{};

  /// Copies from `source`. REQUIRES: source.size() == N.
  static FixedBytes from(ByteView source) {
    CHECK(source.size() == N, "a fixed-size byte string was built from another length");
    FixedBytes result;
    std::memcpy(result.bytes.data(), source.data(), N);
    return result;
  }
  [[nodiscard]] constexpr std::uint8_t* data() { return bytes.data(); }
  [[nodiscard]] constexpr const std::uint8_t* data() const { return bytes.data(); }
  static constexpr std::size_t size() { return N; }
  [[nodiscard]] bool is_zero() const { return *this == FixedBytes{}; }
  operator ByteView() const { return {bytes.data(), N}; }  // NOLINT(*-explicit-*)
  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;
};

using Hash256 = FixedBytes<32>;
using Address = FixedBytes<20>;

/// Appends `source` to `target`.
inline void append(Bytes& target, ByteView source) {
  target.insert(target.end(), source.begin(), source.end());
}

/// True when both views hold the same bytes. Not constant time: public data only.
inline bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace buri

/// Hash for unordered containers: the first eight bytes, which suffices for digests and addresses
/// but not for values an adversary picks freely.
template <std::size_t N>
struct std::hash<buri::FixedBytes<N>> {
  std::size_t operator()(const buri::FixedBytes<N>& value) const noexcept {
    static_assert(N >= sizeof(std::size_t));
    std::size_t word = 0;
    std::memcpy(&word, value.bytes.data(), sizeof word);
    return word;
  }
};
