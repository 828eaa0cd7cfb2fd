#pragma once

#include <optional>

#include "base/random.hpp"
#include "node/consensus/p2p/auth_message.hpp"
#include "node/consensus/p2p/frames.hpp"
#include "node/consensus/p2p/node_key.hpp"

/// CometBFT's SecretConnection (spec/cometbft.md 3.1) as a pure protocol: bytes of the wire go in
/// and come out, nothing here knows a socket or a clock. Both ends play the same part. A caller
///   1. sends `take_output()` at once, and again after every call below;
///   2. gives what it reads to `receive()` until `established()`;
///   3. then writes with `write()` and takes what the peer wrote with `take_data()`.
/// Deadlines are the caller's. Memory is bounded: a part of one frame besides what was not taken.

namespace buri::consensus::p2p {

class SecretConnection {
 public:
  /// Draws the ephemeral key from `random`, which must be fit for keys and is used here only.
  /// `expected` is the node that was called; absent for a caller whom we do not know yet. Borrows
  /// `own_key`, which must outlive this object.
  SecretConnection(const NodeKey& own_key, Random& random, std::optional<NodeId> expected = {});

  /// Takes bytes as they came, cut anywhere. After an error the connection is over: every further
  /// call returns the same error, and what the peer wrote before the bad frame may still be taken.
  Status<ConnectionError> receive(ByteView wire);

  /// Whether the peer has proved who it is.
  [[nodiscard]] bool established() const { return stage_ == Stage::kEstablished; }
  /// The peer's key once its signature held, also where it was not the expected one.
  [[nodiscard]] const std::optional<PeerKey>& peer() const { return peer_; }

  /// Seals `data` into as many frames as it needs. REQUIRES: established(). kNonceExhausted ends
  /// the connection.
  Status<ConnectionError> write(ByteView data);

  /// The bytes to be sent.
  Bytes take_output() { return std::exchange(output_, {}); }
  /// What the peer has written, in order.
  Bytes take_data() { return std::exchange(data_, {}); }

 private:
  enum class Stage : std::uint8_t { kKey, kAuthentication, kEstablished, kOver };

  Status<ConnectionError> consume(ByteView wire);
  Status<ConnectionError> take_key(ByteView& wire);
  Status<ConnectionError> agree(const X25519Public& theirs);
  Status<ConnectionError> take_frames(ByteView wire);
  Status<ConnectionError> open(ByteView sealed);
  Status<ConnectionError> authenticate();
  Status<ConnectionError> seal_all(ByteView data);
  Status<ConnectionError> end(ConnectionError error);

  const NodeKey& own_key_;
  std::optional<NodeId> expected_;
  Secret<32> ephemeral_;
  X25519Public ephemeral_public_;
  Stage stage_ = Stage::kKey;
  ConnectionError error_{};
  Hash256 challenge_;
  std::optional<FrameSealer> sealer_;
  std::optional<FrameOpener> opener_;
  std::optional<PeerKey> peer_;
  Bytes partial_;  ///< the beginning of the key message or of a frame
  Bytes output_;
  Bytes data_;
};

}  // namespace buri::consensus::p2p
