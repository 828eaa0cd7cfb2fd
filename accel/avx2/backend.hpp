#pragma once

#include "accel/hashing_backend.hpp"

namespace buri::accel::avx2 {

/// Hashes and trees in AVX2 registers, SHA-256 with the SHA extensions where there are any. Offers
/// no signatures (docs/performance.md, AVX2). Never fails, is stateless and thread-safe.
/// REQUIRES: cpu_features().avx2.
class Avx2Backend final : public HashingBackend {
 public:
  Avx2Backend() : HashingBackend(avx2_hasher()) {}

  [[nodiscard]] std::string_view name() const override { return "avx2"; }
};

}  // namespace buri::accel::avx2
