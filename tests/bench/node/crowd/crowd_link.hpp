#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "node/consensus/p2p/multiplexer.hpp"
#include "node/consensus/p2p/node_key.hpp"
#include "node/consensus/p2p/secret_connection.hpp"

/// One connection to a node, for a benchmark that has to know when bytes were written and when they
/// came: the node's own protocols (SecretConnection, NodeInfo, multiplexer) on a blocking socket,
/// all in the calling thread.

namespace buri::bench {

/// A whole message of the node.
struct HeardMessage {
  std::uint8_t channel = 0;
  Bytes bytes;
  MonotonicTime at;  ///< when the read that completed it returned
};

/// A message for the node.
struct SaidMessage {
  std::uint8_t channel = 0;
  Bytes bytes;
};

/// Not thread-safe. After an error it is not to be used any more. Errors are sentences.
class CrowdLink {
 public:
  /// Calls 127.0.0.1 until a node of that chain answers, or `patience` is over.
  static Result<std::unique_ptr<CrowdLink>, std::string> dial(std::uint16_t port,
                                                              const std::string& chain_id,
                                                              std::chrono::seconds patience);

  /// Writes the messages, each sealed in frames of its own, as one piece as far as the first
  /// `together` of them go and as another one after it. The time at which the first piece was
  /// written. REQUIRES: together <= messages.size().
  Result<MonotonicTime, std::string> write(std::span<const SaidMessage> messages,
                                           std::size_t together);
  Status<std::string> write(std::uint8_t channel, Bytes message);

  /// The next message; nothing if none comes until then.
  Result<std::optional<HeardMessage>, std::string> hear(MonotonicTime until);

 private:
  CrowdLink(std::unique_ptr<consensus::p2p::NodeKey> key, Descriptor socket);
  Status<std::string> shake_hands(const std::string& chain_id, MonotonicTime until);
  Status<std::string> write_wire(ByteView wire);
  /// What the socket has; nothing read until then is an empty answer.
  Result<Bytes, std::string> read_wire(MonotonicTime until);
  Status<std::string> take(ByteView data, MonotonicTime at);
  /// Appends the packets that wait, sealed.
  Status<std::string> seal_packets(Bytes& wire);

  std::unique_ptr<consensus::p2p::NodeKey> key_;
  Descriptor socket_;
  std::unique_ptr<consensus::p2p::SecretConnection> connection_;
  consensus::p2p::Multiplexer multiplexer_;
  std::deque<HeardMessage> heard_;
};

}  // namespace buri::bench
