#pragma once

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "base/u256.hpp"

/// Where the EVM reads the state from that stood before it began. Production puts flat tables
/// there, parallel execution a view of other transactions' results, tests a map.

namespace buri::execution::evm {

/// keccak256 of nothing: the code hash of an account without code.
inline constexpr Hash256 kEmptyCodeHash{{0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c,
                                         0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0,
                                         0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82, 0x27, 0x3b,
                                         0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70}};

/// An account as it is stored.
struct StoredAccount {
  std::uint64_t nonce = 0;
  U256 balance;
  Hash256 code_hash = kEmptyCodeHash;
  bool has_storage = false;  ///< whether any of its slots is not zero
};

/// A fixed state. Implementations are thread-safe if the EVMs that share them run in threads.
class StateSource {
 public:
  virtual ~StateSource() = default;

  /// The account, nothing if there is none.
  [[nodiscard]] virtual std::optional<StoredAccount> account(const Address& address) const = 0;
  /// A slot's value, zero if it was never written.
  [[nodiscard]] virtual U256 storage(const Address& address, const U256& key) const = 0;
  /// The code with that hash; never null. REQUIRES: an account of this state has it.
  [[nodiscard]] virtual std::shared_ptr<const Bytes> code(const Hash256& code_hash) const = 0;
};

}  // namespace buri::execution::evm
