#pragma once

#include "accel/vector/backend.hpp"

namespace buri::accel::avx2 {

/// Four signatures or messages at a time in AVX2 registers, SHA-256 with the SHA extensions where
/// there are any.
class Avx2Backend final : public vector::VectorBackend {
 public:
  /// REQUIRES: is_supported().
  Avx2Backend();

  /// Whether this processor has the instructions.
  static bool is_supported();

  [[nodiscard]] std::string_view name() const override { return "avx2"; }
};

}  // namespace buri::accel::avx2
