#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "node/consensus/p2p/connection_error.hpp"
#include "node/consensus/p2p/secret.hpp"

/// The frames of a SecretConnection (spec/cometbft.md 3.1): a length of four bytes, little-endian,
/// and 1024 bytes of data and padding, sealed with ChaCha20-Poly1305. The nonce of the n-th frame
/// of a direction is n, so frames cannot be repeated, dropped or swapped.

/// OpenSSL's cipher state.
struct evp_cipher_ctx_st;

namespace buri::consensus::p2p {

inline constexpr std::size_t kFrameDataBytes = 1024;
inline constexpr std::size_t kFrameLengthBytes = 4;
inline constexpr std::size_t kFrameTagBytes = 16;
inline constexpr std::size_t kSealedFrameBytes =
    kFrameLengthBytes + kFrameDataBytes + kFrameTagBytes;
static_assert(kSealedFrameBytes == 1044);

/// What both directions share: a keyed cipher and a counter. The key is wiped with the object.
class FrameCipher {
 public:
  enum class Direction : std::uint8_t { kSeal, kOpen };

  FrameCipher(Direction direction, const Secret<32>& key, std::uint64_t first_nonce);

  /// Sets the cipher to the next nonce; kNonceExhausted at 2^64 - 1, which stock never sends.
  Status<ConnectionError> next();
  [[nodiscard]] evp_cipher_ctx_st* context() const { return context_.get(); }

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };

  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
  std::uint64_t nonce_;
};

/// Seals what this node sends. Not thread-safe.
class FrameSealer {
 public:
  /// `first_nonce` is 0 but in tests.
  explicit FrameSealer(const Secret<32>& key, std::uint64_t first_nonce = 0)
      : cipher_(FrameCipher::Direction::kSeal, key, first_nonce) {}

  /// Appends one sealed frame of `data` to `output`. REQUIRES: at most kFrameDataBytes. On an error
  /// nothing is appended.
  Status<ConnectionError> seal(ByteView data, Bytes& output);

 private:
  FrameCipher cipher_;
};

/// Opens what the peer sends. Not thread-safe. After an error the direction is dead.
class FrameOpener {
 public:
  explicit FrameOpener(const Secret<32>& key, std::uint64_t first_nonce = 0)
      : cipher_(FrameCipher::Direction::kOpen, key, first_nonce) {}

  /// Appends the data of one frame to `output`. What stands in the padding is not looked at: stock
  /// nodes leave there what lay in a reused buffer. REQUIRES: sealed.size() == kSealedFrameBytes.
  /// Errors: kFrame, kFrameLength, kNonceExhausted; nothing is appended then.
  Status<ConnectionError> open(ByteView sealed, Bytes& output);

 private:
  FrameCipher cipher_;
};

}  // namespace buri::consensus::p2p
