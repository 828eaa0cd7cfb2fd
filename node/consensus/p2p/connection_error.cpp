#include "node/consensus/p2p/connection_error.hpp"

namespace buri::consensus::p2p {

std::string_view describe(ConnectionError error) {
  switch (error) {
    case ConnectionError::kEphemeralKey:
      return "the peer did not begin with an X25519 key of 32 bytes";
    case ConnectionError::kReflectedKey:
      return "the peer sent back the ephemeral key of this node";
    case ConnectionError::kWeakKey:
      return "the peer's ephemeral key has low order";
    case ConnectionError::kFrame:
      return "a frame was altered, repeated or left out on the way";
    case ConnectionError::kFrameLength:
      return "a frame claims to hold more than 1024 bytes";
    case ConnectionError::kAuthTooLong:
      return "the peer's authentication is too long";
    case ConnectionError::kAuthEncoding:
      return "the peer's authentication is not a key and a signature";
    case ConnectionError::kKeyType:
      return "the peer's key is neither Ed25519 nor uncompressed secp256k1";
    case ConnectionError::kSignature:
      return "the peer's signature does not belong to its key and this handshake";
    case ConnectionError::kUnexpectedPeer:
      return "another node answered than the one that was called";
    case ConnectionError::kNonceExhausted:
      return "the connection has carried as many frames as its key allows";
  }
  return "unknown connection error";
}

}  // namespace buri::consensus::p2p
