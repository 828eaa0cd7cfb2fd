#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "node/consensus/engine/commit_batch.hpp"
#include "node/consensus/p2p/switch_types.hpp"
#include "node/consensus/sync/blame.hpp"
#include "node/consensus/sync/block_message.hpp"

/// Which peer is asked for which block, and which answers count (0xPolygon/cometbft
/// v0.3.8-polygon, blocksync/pool.go; spec/cometbft.md 5). Pure: time comes in with every event,
/// and whoever runs it sends what requests() returns.

namespace buri::consensus::sync {

struct BlockPoolOptions {
  std::int64_t window_heights = 512;               ///< heights that are asked for ahead of the next
  std::size_t max_pending_of_peer = 20;            ///< requests of one peer that are under way
  std::size_t max_bytes = std::size_t{512} << 20;  ///< of blocks that wait, and that are expected
  /// How long a request may take beyond what its bytes need at the least rate.
  std::chrono::milliseconds patience{15'000};
  /// A peer has to send at least so fast while it is asked for something (stock: 128 KiB/s).
  std::int64_t least_bytes_per_second = 128 * 1024;
  /// A block among the next `urgent_heights` is asked of a second peer as well after this time.
  std::chrono::milliseconds second_after{2'000};
  std::int64_t urgent_heights = 50;
  /// How long a peer that failed is not asked again.
  std::chrono::seconds back_off{60};
};

/// What is known of a commit's votes, entry by entry, by those keys. Without keys: nothing.
struct CheckedVotes {
  std::shared_ptr<const accel::KeySet> keys;
  std::vector<engine::KeptVerdict> verdicts;
};

/// A block that arrived and waits for its turn, with what is known of it
/// (window_verification.hpp). The knowledge goes with the block: another one for the same height
/// begins without.
struct PooledBlock {
  p2p::NodeId from;
  BlockResponse response;
  std::size_t bytes = 0;                  ///< that it takes in memory
  CheckedVotes votes;                     ///< of its extended commit, extensions and all
  CheckedVotes last_votes;                ///< of its last commit
  std::optional<engine::BlockId> proves;  ///< the block that its last commit decides, once known
};

/// What a peer is to be asked for.
struct PoolRequest {
  p2p::NodeId peer;
  std::int64_t height = 0;

  friend bool operator==(const PoolRequest&, const PoolRequest&) = default;
};

/// A peer that is to be hung up on, and why.
struct PoolFault {
  p2p::NodeId peer;
  std::string_view reason;
};

/// A height is asked of one peer, of two if it is urgent and late, and held once. What a peer
/// claims to have is believed until a request to it runs out of time, whatever else it delivers
/// meanwhile: a claim of 10^15 blocks costs at most the window's requests to that peer, once. Not
/// thread-safe.
class BlockPool {
 public:
  BlockPool(std::int64_t next_height, const BlockPoolOptions& options)
      : next_height_(next_height), options_(options) {}

  /// The height that is applied next.
  [[nodiscard]] std::int64_t next_height() const { return next_height_; }
  /// The highest block that a peer claims to have and has not failed to give; 0 without peers.
  [[nodiscard]] std::int64_t highest_claim() const;
  /// Whether nobody claims a block that could be verified here: the block above `next_height`
  /// proves it. False without peers.
  [[nodiscard]] bool is_caught_up() const;
  [[nodiscard]] bool has_peers() const { return !peers_.empty(); }
  /// Where peers go on above next_height(), none of them keeps that block any more and it is not
  /// here: the lowest block that one of them keeps.
  [[nodiscard]] std::optional<std::int64_t> lowest_above_gap() const;
  /// Whether the peer is being asked for a block.
  [[nodiscard]] bool awaits(const p2p::NodeId& id) const;
  /// Bytes of blocks that wait.
  [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }

  /// A peer tells what it has. A later report replaces an earlier one, but for what the peer said
  /// it lacks.
  void peer_reports(const p2p::NodeId& id, std::int64_t base, std::int64_t height,
                    MonotonicTime now);
  /// The peer is gone; what it gave and was not applied is forgotten.
  void remove_peer(const p2p::NodeId& id);
  /// What to ask for now; counts as asked. A request that cannot be sent is taken back with
  /// not_sent().
  std::vector<PoolRequest> requests(MonotonicTime now);
  void not_sent(const PoolRequest& request);

  /// A block arrives. False: nobody asked this peer for it, the peer is at fault. One for which
  /// there is no room is forgotten and asked for again later, unless it is among the next two.
  bool add(const p2p::NodeId& from, BlockResponse response, std::size_t bytes);
  /// The peer says that it lacks a block: it is not asked for this and higher ones until it reports
  /// more, a back-off later. False: nobody asked.
  bool lacks(const p2p::NodeId& from, std::int64_t height, MonotonicTime now);

  /// Peers that let their time pass. They are removed.
  std::vector<PoolFault> expire(MonotonicTime now);

  /// The blocks from next_height() on that are here without a gap, at most `count`. They hold until
  /// the pool changes; what is known of them may be added.
  [[nodiscard]] std::vector<PooledBlock*> ready(std::size_t count);
  /// The first one is applied. Returns it. REQUIRES: it is here.
  PooledBlock take_first();
  /// The first block does not follow by what the second says, or is bad itself: whoever is to blame
  /// is removed and not asked again for a while. REQUIRES: both are here.
  std::vector<PoolFault> reject_first(Blame blame, MonotonicTime now);

 private:
  /// Something a peer is asked for. Peers answer in the order in which they are asked.
  struct Request {
    std::uint64_t number = 0;
    std::size_t expected_bytes = 0;
    MonotonicTime asked;
    MonotonicTime deadline;
  };
  struct Peer {
    std::int64_t base = 0;
    std::int64_t height = 0;
    std::map<std::int64_t, Request> pending;
    std::int64_t lacked = 0;  ///< the lowest height that it said it lacks; 0 for none
    MonotonicTime lacked_until;
  };

  using Peers = std::map<p2p::NodeId, Peer>;

  [[nodiscard]] Peers::iterator peer_for(std::int64_t height, const p2p::NodeId* but);
  PoolRequest ask(Peers::iterator peer, std::int64_t height, MonotonicTime now);
  /// The request is answered or taken back. Nothing if there is none.
  std::optional<Request> end_request(Peers::iterator peer, std::int64_t height);
  void allow_for(Peer& peer, const Request& answered, std::size_t bytes) const;
  [[nodiscard]] std::chrono::nanoseconds time_for(std::size_t bytes) const;
  [[nodiscard]] bool is_late(const p2p::NodeId& peer, std::int64_t height, MonotonicTime now) const;
  bool make_room(std::int64_t height, std::size_t bytes);
  [[nodiscard]] static std::int64_t height_of(const Peer& peer);
  [[nodiscard]] bool has_room(std::int64_t height) const;
  void ban(const p2p::NodeId& id, MonotonicTime now);

  std::int64_t next_height_;
  BlockPoolOptions options_;
  Peers peers_;
  std::map<std::int64_t, std::vector<p2p::NodeId>> asked_;  ///< one or two peers
  std::uint64_t requests_ = 0;                              ///< so far
  std::map<std::int64_t, PooledBlock> held_;
  std::map<p2p::NodeId, MonotonicTime> banned_until_;
  std::size_t held_bytes_ = 0;
  std::size_t largest_bytes_ = 1024;  ///< of the blocks so far, for what is expected
};

}  // namespace buri::consensus::sync
