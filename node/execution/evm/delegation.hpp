#pragma once

#include <optional>

#include "base/bytes.hpp"

/// EIP-7702: code that only names another account whose code runs in its place.

namespace buri::execution::evm {

inline constexpr std::array<std::uint8_t, 3> kDelegationPrefix{0xef, 0x01, 0x00};

/// The account that code designates; nothing if it is ordinary code.
inline std::optional<Address> delegation_target(ByteView code) {
  constexpr std::size_t kBytes = kDelegationPrefix.size() + Address::kSize;
  if (code.size() != kBytes || !equal(code.first(kDelegationPrefix.size()), kDelegationPrefix)) {
    return std::nullopt;
  }
  return Address::from(code.subspan(kDelegationPrefix.size()));
}

/// The code that designates an account.
inline Bytes delegation_code(const Address& target) {
  Bytes code(kDelegationPrefix.begin(), kDelegationPrefix.end());
  append(code, target);
  return code;
}

}  // namespace buri::execution::evm
