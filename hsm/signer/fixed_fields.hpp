#pragma once

#include <cstdint>

#include "base/bytes.hpp"

/// Big-endian fields at fixed places: what the binary blocks of sign-state and anchors are made of.

namespace buri::hsm::signer {

/// Appends `value`, most significant byte first.
template <class Integer>
void put(Bytes& target, Integer value) {
  for (std::size_t shift = sizeof(Integer) * 8; shift > 0; shift -= 8) {
    target.push_back(static_cast<std::uint8_t>(value >> (shift - 8)));
  }
}

/// Reads an Integer at `offset`. REQUIRES: offset + sizeof(Integer) <= source.size().
template <class Integer>
Integer get(ByteView source, std::size_t offset) {
  CHECK(offset + sizeof(Integer) <= source.size(), "a field was read past the end of its block");
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    value = static_cast<Integer>(value << 8 | source[offset + i]);
  }
  return value;
}

}  // namespace buri::hsm::signer
