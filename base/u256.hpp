#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// A 256-bit unsigned integer: the integers of RLP and of the Ethereum contracts.

namespace buri {

/// A value in [0, 2^256). Trivially copyable; zero when value-initialised.
struct U256 {
  std::array<std::uint64_t, 4> limbs{};  ///< least significant first

  static constexpr U256 from_uint64(std::uint64_t value) { return {{value, 0, 0, 0}}; }
  /// Reads up to 32 big-endian bytes, leading zeros allowed; nothing if there are more than 32.
  static std::optional<U256> from_big_endian(ByteView bytes);
  /// Reads decimal digits: no sign, no leading zero, no spaces; nothing on any other text or when
  /// the value is 2^256 or more.
  static std::optional<U256> from_decimal(std::string_view text);

  /// 32 bytes, big-endian: one ABI word.
  [[nodiscard]] Hash256 to_word() const;
  /// Big-endian without leading zeros; zero is empty.
  [[nodiscard]] Bytes to_minimal_big_endian() const;
  [[nodiscard]] std::string to_decimal() const;
  /// The value if it fits 64 bits.
  [[nodiscard]] std::optional<std::uint64_t> to_uint64() const;

  friend constexpr bool operator==(const U256&, const U256&) = default;
  friend std::strong_ordering operator<=>(const U256& a, const U256& b);
};

}  // namespace buri
