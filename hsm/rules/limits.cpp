#include "hsm/rules/limits.hpp"

#include <limits>
#include <utility>

namespace buri::hsm::rules {
namespace {

using Wide = unsigned __int128;
constexpr std::uint64_t kSecondsPerMinute = 60;
constexpr std::uint64_t kSecondsPerDay = 86'400;

}  // namespace

Failure<wire::Refusal> refuse(wire::Rule rule, std::string_view field, std::string expected,
                              std::string found) {
  return {{rule, std::string(field), std::move(expected), std::move(found)}};
}

Status<wire::Refusal> require_enabled(bool enabled, std::string_view purpose) {
  if (enabled) return Unit{};
  return refuse(wire::Rule::kPurposeDisabled, purpose, "a purpose that the policy enables",
                "a disabled one");
}

std::uint64_t unix_seconds(WallTime time) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  return seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds);
}

Status<wire::Refusal> count_in_minute(RateWindow& rate, std::uint64_t max_per_minute,
                                      WallTime now) {
  const std::uint64_t minute = unix_seconds(now) / kSecondsPerMinute;
  if (minute != rate.minute) rate = {minute, 0};
  if (rate.count >= max_per_minute) {
    return refuse(wire::Rule::kRateLimit, "",
                  "at most " + std::to_string(max_per_minute) + " a minute", "one more");
  }
  ++rate.count;
  return Unit{};
}

Status<wire::Refusal> spend_in_day(DailySpend& spent, const U256& wei, const U256& max_wei,
                                   WallTime now) {
  const std::uint64_t day = unix_seconds(now) / kSecondsPerDay;
  if (day > spent.day) spent = {day, 0, {}};
  const U256 sum = saturating_add(spent.wei, wei);
  if (sum > max_wei) {
    return refuse(wire::Rule::kDailyBudget, "", "at most " + max_wei.to_decimal() + " wei a day",
                  sum.to_decimal());
  }
  spent.wei = sum;
  ++spent.count;
  return Unit{};
}

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() - b
             ? std::numeric_limits<std::uint64_t>::max()
             : a + b;
}

U256 saturating_add(const U256& a, const U256& b) {
  U256 sum;
  Wide carry = 0;
  for (std::size_t i = 0; i < sum.limbs.size(); ++i) {
    carry += Wide{a.limbs[i]} + b.limbs[i];
    sum.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  if (carry != 0) sum.limbs.fill(std::numeric_limits<std::uint64_t>::max());
  return sum;
}

U256 multiply(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide{a} * b;
  return {{static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64), 0, 0}};
}

}  // namespace buri::hsm::rules
