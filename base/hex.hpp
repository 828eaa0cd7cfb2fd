#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// Hexadecimal text of byte strings.

namespace buri {

/// Lower-case hex without prefix.
std::string to_hex(ByteView bytes);
/// Upper-case hex without prefix, as CometBFT prints hashes and addresses.
std::string to_upper_hex(ByteView bytes);

/// Decodes hex of either case, with or without "0x"; nothing if a character is no hex digit or the
/// number of digits is odd.
std::optional<Bytes> from_hex(std::string_view text);

/// Like from_hex, and exactly N bytes.
template <std::size_t N>
std::optional<FixedBytes<N>> fixed_from_hex(std::string_view text) {
  auto bytes = from_hex(text);
  if (!bytes || bytes->size() != N) return std::nullopt;
  return FixedBytes<N>::from(*bytes);
}

}  // namespace buri
