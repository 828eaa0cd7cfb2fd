#pragma once

#include "base/result.hpp"
#include "node/consensus/p2p/connection_error.hpp"
#include "node/consensus/p2p/peer_key.hpp"

/// AuthSigMessage, with which both ends of a SecretConnection prove who they are
/// (spec/cometbft.md 3.1): { pub_key = 1: { ed25519 = 1 | secp256k1_uncompressed = 3 }, sig = 2 }.
/// Read strictly: of each message one encoding is taken, the one that every stock node writes.

namespace buri::consensus::p2p {

struct AuthMessage {
  PeerKey key;
  Bytes signature;  ///< over the challenge: 64 bytes, or 65 of secp256k1

  friend bool operator==(const AuthMessage&, const AuthMessage&) = default;
};

/// Most bytes of an AuthSigMessage; the longest known, of secp256k1, has 136.
inline constexpr std::size_t kMaxAuthMessageBytes = 256;

/// The message without a length in front.
Bytes encode(const AuthMessage& message);

/// Errors: kAuthTooLong, kAuthEncoding, kKeyType.
Result<AuthMessage, ConnectionError> decode_auth_message(ByteView bytes);

}  // namespace buri::consensus::p2p
