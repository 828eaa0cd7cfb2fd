#pragma once

#include <array>
#include <cstdint>

/// Go's math/rand with a seed: the chain draws from it where it must pick one of many, so that
/// every node picks the same. An additive lagged Fibonacci generator, y[n] = y[n-607] + y[n-273].
/// Public data only.

namespace buri::consensus::runtime {

/// The generator of rand.New(rand.NewSource(seed)). Not thread-safe; the first one made in a
/// program takes some milliseconds, because the start state that Go carries as a table is computed.
class GoRandom {
 public:
  explicit GoRandom(std::int64_t seed);

  /// Uint64.
  std::uint64_t next();
  /// Int63: 63 random bits.
  std::int64_t next_63() { return static_cast<std::int64_t>(next() & ~(std::uint64_t{1} << 63)); }
  /// Int31: 31 random bits.
  std::int32_t next_31() { return static_cast<std::int32_t>(next_63() >> 32); }
  /// Intn for 0 < bound < 2^31 (REQUIRES): uniform in [0, bound).
  std::int32_t below(std::int32_t bound);

 private:
  static constexpr std::size_t kLength = 607;
  std::array<std::uint64_t, kLength> state_{};
  std::size_t tap_;
  std::size_t feed_;
};

}  // namespace buri::consensus::runtime
