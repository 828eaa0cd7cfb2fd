#pragma once

#include <cstdint>

#include "node/execution/evm/rules.hpp"

/// The prices that depend on the rules. Prices that never change stand beside their use. All in
/// units of gas. Source: spec/bor.md 5; EIP-2200, 2929, 3529; PIP-88.

namespace buri::execution::evm {

struct GasSchedule {
  /// Part of the price of SLOAD, BALANCE and so on that every use pays.
  std::int64_t sload;
  std::int64_t balance;
  std::int64_t external_code;  ///< EXTCODESIZE, EXTCODECOPY, and the CALL family
  std::int64_t external_code_hash;
  /// What the first use in a transaction pays on top (EIP-2929); 0 before.
  std::int64_t cold_account_extra;
  std::int64_t cold_sload_extra;
  std::int64_t cold_sstore;   ///< on top of the prices below
  std::int64_t sstore_noop;   ///< value unchanged, or slot already written in this transaction
  std::int64_t sstore_set;    ///< zero to non-zero
  std::int64_t sstore_reset;  ///< non-zero to another value
  std::int64_t refund_clear;  ///< non-zero to zero
  std::int64_t refund_selfdestruct;
  std::int64_t max_refund_divisor;  ///< a transaction gets back at most its gas divided by this
  std::int64_t calldata_byte;       ///< per non-zero byte of a transaction's input
};

/// The prices under these rules.
GasSchedule gas_schedule(const Rules& rules);

/// What SELFDESTRUCT and EIP-7702 designations pay for an account that is cold: the whole price.
inline constexpr std::int64_t kColdAccountAccess = 2600;
/// What access to a warm account or slot costs (EIP-2929).
inline constexpr std::int64_t kWarmAccess = 100;

}  // namespace buri::execution::evm
