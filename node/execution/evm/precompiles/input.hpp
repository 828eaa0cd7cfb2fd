#pragma once

#include <algorithm>
#include <array>
#include <cstring>

#include "base/bytes.hpp"

namespace buri::execution::evm::precompiles {

/// N bytes of `input` from `offset` on; what lies beyond its end is zero.
template <std::size_t N>
std::array<std::uint8_t, N> padded(ByteView input, std::size_t offset) {
  std::array<std::uint8_t, N> bytes{};
  if (offset < input.size()) {
    std::memcpy(bytes.data(), input.data() + offset, std::min(N, input.size() - offset));
  }
  return bytes;
}

/// The words that hold so many bytes.
inline std::uint64_t words(std::size_t bytes) { return (bytes + 31) / 32; }

}  // namespace buri::execution::evm::precompiles
