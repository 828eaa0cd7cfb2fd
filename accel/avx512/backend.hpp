#pragma once

#include "accel/vector/backend.hpp"

namespace buri::accel::avx512 {

/// Eight signatures or messages at a time in AVX-512 registers, with IFMA multiplications.
class Avx512Backend final : public vector::VectorBackend {
 public:
  /// REQUIRES: is_supported().
  Avx512Backend();

  /// Whether this processor has the instructions.
  static bool is_supported();

  [[nodiscard]] std::string_view name() const override { return "avx512"; }
};

}  // namespace buri::accel::avx512
