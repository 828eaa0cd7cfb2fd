#pragma once

#include <memory>
#include <optional>
#include <string>

#include "node/consensus/p2p/node_info.hpp"
#include "node/consensus/p2p/secret_connection.hpp"

/// What two nodes do first (spec/cometbft.md 3.1, 3.2): a SecretConnection, and inside it an
/// exchange of NodeInfo. A pure protocol, as SecretConnection; deadlines are the caller's.

namespace buri::consensus::p2p {

/// Why no peer came of a connection.
struct HandshakeError {
  std::string text;      ///< for people
  bool is_self = false;  ///< this very node answered
};

/// Both ends play the same part. Memory is bounded: a NodeInfo and one read of the caller.
class PeerHandshake {
 public:
  /// `expected` is the node that was called; absent for a caller. `random` must be fit for keys and
  /// is used here only. Borrows `key` and `own`, which must outlive this object and `key` also the
  /// connection that comes of it.
  PeerHandshake(const NodeKey& key, const NodeInfo& own, Random& random,
                std::optional<NodeId> expected);

  /// The bytes to be sent; to be called at once, and after every `receive`.
  Bytes take_output() { return connection_->take_output(); }
  /// Takes bytes as they came. After an error the handshake is over.
  Status<HandshakeError> receive(ByteView wire);

  [[nodiscard]] bool is_done() const { return peer_.has_value(); }
  /// Who answered. REQUIRES: is_done().
  [[nodiscard]] const NodeInfo& peer() const { return *peer_; }
  [[nodiscard]] NodeId id() const { return node_id(*connection_->peer()); }
  /// The connection, and what the peer wrote after its NodeInfo. REQUIRES: is_done().
  std::unique_ptr<SecretConnection> take_connection() { return std::move(connection_); }
  Bytes take_rest() { return std::exchange(data_, {}); }

 private:
  const NodeInfo& own_;
  std::unique_ptr<SecretConnection> connection_;
  bool sent_info_ = false;
  Bytes data_;
  std::optional<NodeInfo> peer_;
};

}  // namespace buri::consensus::p2p
