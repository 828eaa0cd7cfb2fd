#include "node/execution/chain/base_fee.hpp"

#include <algorithm>

#include "base/u256_arithmetic.hpp"
#include "base/u256_division.hpp"
#include "base/u256_words.hpp"

namespace buri::execution::chain {
namespace {

using protocol::BorFork;

constexpr std::uint64_t kInitialBaseFeeWei = 1'000'000'000;
constexpr std::uint64_t kGasLimitDivisor = 1024;
constexpr std::uint64_t kMinGasLimit = 5000;
constexpr std::uint64_t kElasticity = 2;
constexpr std::uint64_t kTargetPercent = 65;
constexpr std::uint64_t kMaxChangePercent = 5;

/// value * factor / divisor, whole.
U256 scaled(const U256& value, std::uint64_t factor, std::uint64_t divisor) {
  const U256 product = wrapping_multiply(value, U256::from_uint64(factor));
  return quotient_or_zero(product, U256::from_uint64(divisor));
}

U256 at_least_one(const U256& value) { return is_zero(value) ? U256::from_uint64(1) : value; }

Status<BlockFault> check_gas_limit(std::uint64_t parent_limit, std::uint64_t limit) {
  const std::uint64_t difference =
      limit > parent_limit ? limit - parent_limit : parent_limit - limit;
  const std::uint64_t bound = parent_limit / kGasLimitDivisor;
  if (difference >= bound) {
    return Failure{BlockFault{
        BlockRule::kGasLimitChange,
        std::to_string(parent_limit) + " give or take less than " + std::to_string(bound),
        std::to_string(limit)}};
  }
  if (limit < kMinGasLimit) {
    return Failure{number_fault(BlockRule::kGasLimitChange, kMinGasLimit, limit)};
  }
  return Unit{};
}

/// From Lisovo on producers choose within bounds.
Status<BlockFault> check_change(const U256& parent_fee, const U256& fee) {
  const U256 bound = at_least_one(scaled(parent_fee, kMaxChangePercent, 100));
  const U256 change = less(fee, parent_fee) ? wrapping_subtract(parent_fee, fee)
                                            : wrapping_subtract(fee, parent_fee);
  if (!less(bound, change)) return Unit{};
  return Failure{
      BlockFault{BlockRule::kBaseFeeChange,
                 "a change of at most " + bound.to_decimal() + " from " + parent_fee.to_decimal(),
                 fee.to_decimal()}};
}

}  // namespace

std::uint64_t base_fee_denominator(const ChainConfig& config, std::uint64_t parent_number) {
  if (config.is_active(BorFork::kBhilai, parent_number)) return 64;
  return config.is_active(BorFork::kDelhi, parent_number) ? 16 : 8;
}

std::uint64_t gas_target_after(const ChainConfig& config, const Header& parent) {
  if (!config.is_active(BorFork::kDandeli, parent.number)) return parent.gas_limit / kElasticity;
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(parent.gas_limit) *
                                    kTargetPercent / 100);
}

U256 base_fee_after(const ChainConfig& config, const Header& parent) {
  if (!config.is_active(BorFork::kLondon, parent.number) || !parent.base_fee) {
    return U256::from_uint64(kInitialBaseFeeWei);
  }
  const U256& fee = *parent.base_fee;
  const std::uint64_t target = gas_target_after(config, parent);
  if (parent.gas_used == target || target == 0) return fee;
  const std::uint64_t denominator = base_fee_denominator(config, parent.number);
  const bool rises = parent.gas_used > target;
  const std::uint64_t distance = rises ? parent.gas_used - target : target - parent.gas_used;
  const U256 change =
      quotient_or_zero(scaled(fee, distance, target), U256::from_uint64(denominator));
  if (rises) return wrapping_add(fee, at_least_one(change));
  return less(fee, change) ? U256{} : wrapping_subtract(fee, change);
}

Status<BlockFault> check_gas_fields(const ChainConfig& config, const Header& header,
                                    const Header& parent) {
  if (!config.is_active(BorFork::kLondon, header.number)) {
    if (header.base_fee) {
      return Failure{
          BlockFault{BlockRule::kBaseFee, "none before London", header.base_fee->to_decimal()}};
    }
    return check_gas_limit(parent.gas_limit, header.gas_limit);
  }
  const bool is_first = !config.is_active(BorFork::kLondon, parent.number);
  RETURN_IF_ERROR(
      check_gas_limit(parent.gas_limit * (is_first ? kElasticity : 1), header.gas_limit));
  if (!header.base_fee) {
    return Failure{BlockFault{BlockRule::kBaseFeeMissing, "a base fee from London on", "none"}};
  }
  if (config.is_active(BorFork::kLisovo, header.number) && parent.base_fee) {
    return check_change(*parent.base_fee, *header.base_fee);
  }
  const U256 expected = base_fee_after(config, parent);
  if (*header.base_fee == expected) return Unit{};
  return Failure{number_fault(BlockRule::kBaseFee, expected, *header.base_fee)};
}

}  // namespace buri::execution::chain
