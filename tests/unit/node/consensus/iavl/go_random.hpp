#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"

/// The generator of Go's math/rand, enough of it to replay a recorded test: after its first 607
/// outputs, which a golden file holds, each is a sum of two earlier ones.

namespace buri::testing {

class GoRandom {
 public:
  /// From a file below tests/golden/ with 607 lines of 16 hex digits.
  explicit GoRandom(const std::string& golden_file);

  std::uint64_t next();
  double float64();
  /// REQUIRES: 0 < bound < 2^31.
  std::size_t intn(std::size_t bound);
  /// Seven bytes of each number, the rest kept for the next call.
  void read(MutableByteView target);

 private:
  std::uint64_t int63() { return next() & ~(std::uint64_t{1} << 63); }

  std::vector<std::uint64_t> outputs_;
  std::size_t at_ = 0;
  std::uint64_t bytes_ = 0;
  int bytes_left_ = 0;
};

}  // namespace buri::testing
