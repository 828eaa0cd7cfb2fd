#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.hpp"

/// Randomness as a dependency: entropy of the operating system in production, a replayable
/// generator in simulations and tests.

namespace buri {

/// A source of uniformly distributed bits.
class Random {
 public:
  virtual ~Random() = default;

  /// Fills `target` with random bytes.
  virtual void fill(MutableByteView target) = 0;
  /// 64 random bits.
  virtual std::uint64_t next();

  /// Uniform in [0, bound), without bias. REQUIRES: bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// True with the given probability; values outside [0, 1] act as the nearer end.
  bool chance(double probability);
};

/// getrandom(2): fit for keys and nonces. Thread-safe. Aborts if the kernel refuses, which it does
/// not once it has booted.
Random& system_random();

/// xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64. The same seed gives the same
/// sequence on every machine. Not for secrets, not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);

  void fill(MutableByteView target) override;
  std::uint64_t next() override;

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace buri
