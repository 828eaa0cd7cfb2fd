#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "accel/engine.hpp"
#include "base/bytes.hpp"
#include "node/consensus/tx/frequent_keys.hpp"

/// Signatures of transactions and vote extensions, checked in batches and remembered, so that none
/// is checked twice: not at CheckTx and again in the proposal and again in the block.

namespace buri::consensus::tx {

/// A signature to check.
struct SignatureClaim {
  KeyBytes key;
  Hash256 digest;  ///< keccak256 of the sign bytes
  Hash256 r;
  Hash256 s;
  /// Whether key and signature have their lengths; what has not is refused, and zero here.
  bool is_whole = false;

  SignatureClaim() = default;
  /// `key` is 65 bytes, `signature` R, S and V, which no one looks at.
  SignatureClaim(ByteView key, const Hash256& digest, ByteView signature);

  friend bool operator==(const SignatureClaim&, const SignatureClaim&) = default;
};

/// Verdicts by (key, digest, R, S). Keys that sign often get tables (FrequentKeys). Not
/// thread-safe.
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
  /// Takes a verdict that somebody else has computed exactly: the consensus engine checks the votes
  /// whose extensions come back in a block.
  void learn(const SignatureClaim& claim, bool is_valid);
  /// Checks all claims as one batch without looking at what is remembered or adding to it, for a
  /// caller that keeps the verdicts: one per claim, not zero if valid.
  std::vector<std::uint8_t> check_apart(std::span<const SignatureClaim> claims);
  /// Signatures that went to the engine since the start.
  [[nodiscard]] std::size_t checked() const { return checked_; }

 private:
  struct ClaimHash {
    SecretHash hash;
    std::size_t operator()(const SignatureClaim& claim) const;
  };

  std::vector<std::uint8_t> verify(std::span<const SignatureClaim* const> claims);

  accel::Engine* crypto_;
  std::size_t capacity_;
  std::size_t checked_ = 0;
  FrequentKeys frequent_;
  std::unordered_map<SignatureClaim, bool, ClaimHash> verdicts_;
};

}  // namespace buri::consensus::tx
