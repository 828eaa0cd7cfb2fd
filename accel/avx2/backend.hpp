#pragma once

#include "accel/hashing_backend.hpp"

namespace buri::accel::avx2 {

/// Hashes and trees in AVX2 registers (and with the SHA extensions where there are any); no
/// signatures, because a field multiplication in AVX2 does not beat mulx and adx by enough
/// (docs/performance.md). Never fails, is stateless and thread-safe.
/// REQUIRES: cpu_features().avx2.
class Avx2Backend final : public HashingBackend {
 public:
  Avx2Backend() : HashingBackend(avx2_hasher()) {}

  [[nodiscard]] std::string_view name() const override { return "avx2"; }
};

}  // namespace buri::accel::avx2
