#pragma once

#include "node/execution/evm/frame.hpp"
#include "node/execution/evm/journaled_state.hpp"

/// Prices that several instructions share.

namespace buri::execution::evm {

/// The words that hold so many bytes. REQUIRES: bytes <= kMemoryLimitBytes.
inline std::int64_t words(std::uint64_t bytes) {
  return static_cast<std::int64_t>((bytes + 31) / 32);
}

/// The address in the lower 20 bytes of a word.
inline Address to_address(const U256& word) {
  std::array<std::uint8_t, 32> bytes;
  store_word(word, bytes.data());
  return Address::from(ByteView(bytes).subspan(12));
}
inline U256 to_word(const Address& address) {
  std::array<std::uint8_t, 32> bytes{};
  std::memcpy(bytes.data() + 12, address.data(), Address::kSize);
  return load_word(bytes.data());
}

/// Loads an account and takes what its first use in the access period costs on top (EIP-2929).
inline Account& use_account(Frame& frame, const U256& address, std::int64_t& gas) {
  Account& account = frame.state.account(to_address(address));
  if (frame.prices.cold_account_extra != 0 && frame.state.warm(account)) {
    gas -= frame.prices.cold_account_extra;
  }
  return account;
}

}  // namespace buri::execution::evm
