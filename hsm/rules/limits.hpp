#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/u256.hpp"
#include "hsm/rules/record.hpp"
#include "hsm/wire/refusal.hpp"

/// What the rules of all purposes share: refusing, counting, adding up.

namespace buri::hsm::rules {

/// The refusal, ready to be returned.
Failure<wire::Refusal> refuse(wire::Rule rule, std::string_view field, std::string expected,
                              std::string found);

/// Refuses unless the policy's switch for a purpose is on.
Status<wire::Refusal> require_enabled(bool enabled, std::string_view purpose);

/// Seconds since 1970; 0 for earlier times.
std::uint64_t unix_seconds(WallTime time);

/// Counts one grant; kRateLimit if there were `max_per_minute` in this minute.
Status<wire::Refusal> count_in_minute(RateWindow& rate, std::uint64_t max_per_minute, WallTime now);

/// Adds `wei` to the day's sum; kDailyBudget if that exceeds `max_wei`.
Status<wire::Refusal> spend_in_day(DailySpend& spent, const U256& wei, const U256& max_wei,
                                   WallTime now);

/// a + b, or the greatest value if that does not fit.
std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b);
U256 saturating_add(const U256& a, const U256& b);
/// Exact.
U256 multiply(std::uint64_t a, std::uint64_t b);

}  // namespace buri::hsm::rules
