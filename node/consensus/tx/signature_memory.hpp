#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "accel/engine.hpp"
#include "base/bytes.hpp"

/// Signatures of transactions, checked in batches and remembered, so that none is checked twice:
/// not at CheckTx and again in the proposal and again in the block.

namespace buri::consensus::tx {

/// A signature to check. `key` is 65 bytes, `signature` R, S and V; other lengths are refused.
struct SignatureClaim {
  Bytes key;
  Hash256 digest;  ///< keccak256 of the sign bytes
  Bytes signature;
};

/// Verdicts by (key, digest, signature without V, which no one looks at). Not thread-safe.
class SignatureMemory {
 public:
  /// Keeps at most `capacity` verdicts and forgets all of them when it is full. `crypto` must
  /// outlive this.
  explicit SignatureMemory(accel::Engine& crypto, std::size_t capacity = 100'000)
      : crypto_(&crypto), capacity_(capacity) {}

  /// Checks all claims that are not remembered as one batch.
  void check_all(std::span<const SignatureClaim> claims);
  /// The verdict on one claim; S above half the order is refused.
  bool is_valid(const SignatureClaim& claim);
  /// Signatures that went to the engine since the start.
  [[nodiscard]] std::size_t checked() const { return checked_; }

 private:
  static Hash256 name_of(const SignatureClaim& claim);

  accel::Engine* crypto_;
  std::size_t capacity_;
  std::size_t checked_ = 0;
  std::unordered_map<Hash256, bool> verdicts_;
};

}  // namespace buri::consensus::tx
