#pragma once

#include <cstdint>
#include <string_view>

/// Why an encrypted connection ended (spec/cometbft.md 3.1).

namespace buri::consensus::p2p {

enum class ConnectionError : std::uint8_t {
  kEphemeralKey,    ///< the first message is not an X25519 key of 32 bytes in its envelope
  kReflectedKey,    ///< the peer sent our own ephemeral key
  kWeakKey,         ///< the peer's ephemeral key has low order
  kFrame,           ///< a frame was not sealed by the peer, or is out of its turn
  kFrameLength,     ///< a frame claims more than 1024 bytes
  kAuthTooLong,     ///< the authentication is longer than one of any known key
  kAuthEncoding,    ///< the authentication is no AuthSigMessage
  kKeyType,         ///< the peer's key is neither Ed25519 nor uncompressed secp256k1
  kSignature,       ///< the peer did not sign this handshake with its key
  kUnexpectedPeer,  ///< another node answered than the one that was called
  kNonceExhausted,  ///< 2^64 - 1 frames went one way
};

/// What happened, for people.
std::string_view describe(ConnectionError error);

}  // namespace buri::consensus::p2p
