#include "node/consensus/runtime/go_random.hpp"

#include <limits>

#include "base/check.hpp"

namespace buri::consensus::runtime {
namespace {

constexpr std::size_t kLength = 607;
constexpr std::size_t kTap = 273;
constexpr std::int32_t kInt31Max = std::numeric_limits<std::int32_t>::max();
/// Steps that Go's start state is away from the generator's own start.
constexpr std::uint64_t kCookingSteps = 7'800'000'000'000;

using State = std::array<std::uint64_t, kLength>;

/// x[n+1] = 48271 * x[n] mod 2^31 - 1.
std::int32_t seed_step(std::int32_t x) {
  return static_cast<std::int32_t>(std::int64_t{x} * 48271 % kInt31Max);
}

/// Fills a state from a seed; each word is three seed steps, shifted apart.
State seeded(std::int32_t x, int high_shift, int middle_shift) {
  State state{};
  for (int i = 0; i < 20; ++i) x = seed_step(x);
  for (std::uint64_t& word : state) {
    x = seed_step(x);
    word = static_cast<std::uint64_t>(x) << high_shift;
    x = seed_step(x);
    word ^= static_cast<std::uint64_t>(x) << middle_shift;
    x = seed_step(x);
    word ^= static_cast<std::uint64_t>(x);
  }
  return state;
}

/// The product of two polynomials modulo x^607 - x^334 - 1, the generator's characteristic one.
State multiply(const State& a, const State& b) {
  std::array<std::uint64_t, 2 * kLength - 1> product{};
  for (std::size_t i = 0; i < kLength; ++i) {
    for (std::size_t j = 0; j < kLength; ++j) product[i + j] += a[i] * b[j];
  }
  for (std::size_t degree = product.size(); degree-- > kLength;) {
    product[degree - kTap] += product[degree];
    product[degree - kLength] += product[degree];
  }
  State reduced{};
  for (std::size_t i = 0; i < kLength; ++i) reduced[i] = product[i];
  return reduced;
}

/// x^exponent modulo the same.
State power_of_x(std::uint64_t exponent) {
  State result{};
  result[0] = 1;
  State base{};
  base[1] = 1;
  for (; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = multiply(result, base);
    base = multiply(base, base);
  }
  return result;
}

/// Where step `step` of the generator writes: downwards, from below 607 - 273.
std::size_t place_of(std::uint64_t step) {
  return (kLength - kTap + kLength - step % kLength) % kLength;
}

/// Go's table: the state after kCookingSteps from seed 1. With z[j] the sequence from the oldest
/// word on, z[n] is the sum of r[i] * z[i] where r = x^n modulo the characteristic polynomial.
State cook() {
  const State start = seeded(1, 20, 10);
  std::array<std::uint64_t, 2 * kLength> sequence{};
  for (std::size_t j = 0; j < kLength; ++j) sequence[j] = start[place_of(kLength + j - 606)];
  for (std::size_t j = kLength; j < sequence.size(); ++j) {
    sequence[j] = sequence[j - kLength] + sequence[j - kTap];
  }
  const State weights = power_of_x(kCookingSteps);
  State cooked{};
  for (std::size_t j = 0; j < kLength; ++j) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < kLength; ++i) word += weights[i] * sequence[i + j];
    cooked[place_of(kCookingSteps + kLength + j - 606)] = word;
  }
  return cooked;
}

}  // namespace

GoRandom::GoRandom(std::int64_t seed) : tap_(0), feed_(kLength - kTap) {
  static const State cooked = cook();
  seed %= kInt31Max;
  if (seed < 0) seed += kInt31Max;
  if (seed == 0) seed = 89'482'311;
  state_ = seeded(static_cast<std::int32_t>(seed), 40, 20);
  for (std::size_t i = 0; i < kLength; ++i) state_[i] ^= cooked[i];
}

std::uint64_t GoRandom::next() {
  tap_ = tap_ == 0 ? kLength - 1 : tap_ - 1;
  feed_ = feed_ == 0 ? kLength - 1 : feed_ - 1;
  state_[feed_] += state_[tap_];
  return state_[feed_];
}

std::int32_t GoRandom::below(std::int32_t bound) {
  CHECK(bound > 0, "a draw needs something to draw from");
  if ((bound & (bound - 1)) == 0) return next_31() & (bound - 1);
  const auto excess = static_cast<std::int32_t>((std::int64_t{1} << 31) % bound);
  const std::int32_t largest = kInt31Max - excess;
  std::int32_t drawn = next_31();
  while (drawn > largest) drawn = next_31();
  return drawn % bound;
}

}  // namespace buri::consensus::runtime
