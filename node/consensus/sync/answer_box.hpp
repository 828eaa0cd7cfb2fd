#pragma once

#include <map>
#include <mutex>
#include <variant>
#include <vector>

#include "node/consensus/p2p/reactor.hpp"
#include "node/consensus/sync/block_message.hpp"

/// Between the network's thread and block sync's: what peers answered waits here, bounded for each
/// of them.

namespace buri::consensus::sync {

/// What a peer said, or that it is gone.
struct Answer {
  /// A whole message with a block inside, which is decoded where there is time for it; what it
  /// holds counts against its peer until then.
  struct Encoded {
    Bytes message;
    p2p::MessageHold hold;
  };
  struct Removed {};
  using Content = std::variant<StatusResponse, NoBlockResponse, Encoded, Removed>;

  p2p::NodeId from;
  Content content;
};

/// Thread-safe.
class AnswerBox {
 public:
  enum class Put : std::uint8_t {
    kDone,
    kClosed,   ///< nobody syncs: it is passed over
    kTooMany,  ///< more than an honest peer can have been asked for
  };
  /// Of one peer; it is asked for 20 blocks at a time.
  static constexpr std::size_t kMaxOfPeer = 64;

  /// Begins to take answers; none is in it.
  void open();
  /// Ends it and forgets what is in it.
  void close();
  /// Keeps an answer. A status replaces the peer's status that waits; a peer that is gone leaves
  /// nothing but that.
  Put put(const p2p::NodeId& from, Answer::Content content);
  /// All of it, in the order of arrival.
  std::vector<Answer> take();

 private:
  struct Waiting {
    std::size_t count = 0;
    std::optional<std::size_t> status;  ///< its place
  };

  std::mutex mutex_;
  bool is_open_ = false;
  std::vector<Answer> answers_;
  std::map<p2p::NodeId, Waiting> waiting_;
};

}  // namespace buri::consensus::sync
