#pragma once

#include <immintrin.h>

namespace buri::accel::avx2 {

/// Lets this thread's floating-point operations round towards zero while it lives, as the
/// multiplications of lanes.hpp require. The arithmetic has to stand in a function of its own that
/// is not inlined here: the compiler may move operations past a change of the mode.
class RoundingTowardsZero {
 public:
  RoundingTowardsZero() : before_(_mm_getcsr()) { _mm_setcsr(before_ | _MM_ROUND_TOWARD_ZERO); }
  ~RoundingTowardsZero() { _mm_setcsr(before_); }
  RoundingTowardsZero(const RoundingTowardsZero&) = delete;
  RoundingTowardsZero& operator=(const RoundingTowardsZero&) = delete;

 private:
  unsigned before_;
};

}  // namespace buri::accel::avx2
