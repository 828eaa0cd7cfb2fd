#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "node/execution/evm/rules.hpp"

/// Contracts that are part of the rules: at which address which one stands, what it costs, what it
/// computes. Source: Ethereum yellow paper, appendix E; the EIPs of rules.hpp; spec/bor.md 5.

namespace buri::execution::evm {

/// One precompiled contract.
struct Precompile {
  /// The price for this input; may exceed any gas there is.
  std::uint64_t (*gas)(ByteView input, const Rules& rules);
  /// Appends the answer to `output`; false if the input is refused, which takes all gas.
  bool (*run)(ByteView input, const Rules& rules, Bytes& output);
};

/// Those that hold under some rules.
class PrecompileSet {
 public:
  explicit PrecompileSet(const Rules& rules);

  /// The contract at the address, null if none.
  [[nodiscard]] const Precompile* find(const Address& address) const;
  /// Their addresses, ascending: they are warm from the start (EIP-2929).
  [[nodiscard]] std::span<const Address> addresses() const { return addresses_; }

 private:
  std::vector<Address> addresses_;
  std::vector<const Precompile*> by_number_;  ///< by the number that the address is
};

}  // namespace buri::execution::evm
