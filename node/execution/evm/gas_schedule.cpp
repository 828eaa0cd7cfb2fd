#include "node/execution/evm/gas_schedule.hpp"

namespace buri::execution::evm {
namespace {

using enum Proposal;

void apply_access_prices(const Rules& rules, GasSchedule& gas) {
  if (rules.has(kEip1884)) {
    gas.sload = 800;
    gas.balance = 700;
    gas.external_code_hash = 700;
  }
  if (rules.has(kEip2200)) gas.sstore_noop = gas.sload;
  if (!rules.has(kEip2929)) return;
  constexpr std::int64_t kColdSload = 2100;
  gas.sload = gas.balance = gas.external_code = gas.external_code_hash = kWarmAccess;
  gas.cold_account_extra = kColdAccountAccess - kWarmAccess;
  gas.cold_sload_extra = kColdSload - kWarmAccess;
  gas.cold_sstore = kColdSload;
  gas.sstore_noop = kWarmAccess;
  gas.sstore_reset = 5000 - kColdSload;
}

}  // namespace

GasSchedule gas_schedule(const Rules& rules) {
  GasSchedule gas{.sload = 200,
                  .balance = 400,
                  .external_code = 700,
                  .external_code_hash = 400,
                  .cold_account_extra = 0,
                  .cold_sload_extra = 0,
                  .cold_sstore = 0,
                  .sstore_noop = 5000,
                  .sstore_set = 20000,
                  .sstore_reset = 5000,
                  .refund_clear = 15000,
                  .refund_selfdestruct = 24000,
                  .max_refund_divisor = 2,
                  .calldata_byte = rules.has(kEip2028) ? 16 : 68};
  apply_access_prices(rules, gas);
  if (rules.has(kEip3529)) {
    gas.refund_clear = 4800;
    gas.refund_selfdestruct = 0;
    gas.max_refund_divisor = 5;
  }
  if (rules.has(kPip88)) {
    gas.cold_sload_extra = 5460 - kWarmAccess;
    gas.cold_sstore = 2940;
    gas.sstore_reset = 5000 - 2940;
    gas.refund_clear = 3960;
  }
  return gas;
}

}  // namespace buri::execution::evm
