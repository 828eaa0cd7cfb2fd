#pragma once

#include <optional>
#include <vector>

#include "base/random.hpp"
#include "node/consensus/engine/peer_round.hpp"
#include "node/consensus/engine/round_state.hpp"

/// What a peer is sent next, from what this node has and what the peer is known to have
/// (0xPolygon/cometbft v0.3.8-polygon, consensus/reactor.go, the gossip routines). Pure: the caller
/// sends the message on its channel, and if the peer's queue took it calls PeerRound::was_sent.
/// Stock asks about every 25 ms while there is nothing to send, and at once again while there is.

namespace buri::consensus::engine {

/// Decided blocks, for peers that are behind.
class StoredBlocks {
 public:
  virtual ~StoredBlocks() = default;
  /// The lowest height; 0 if there is none.
  [[nodiscard]] virtual std::int64_t base() const = 0;
  [[nodiscard]] virtual std::optional<PartSetHeader> parts_of(std::int64_t height) const = 0;
  [[nodiscard]] virtual std::optional<Part> part(std::int64_t height,
                                                 std::uint32_t index) const = 0;
  /// With the extensions where the height has them: without, a peer cannot use the precommits.
  [[nodiscard]] virtual std::optional<ExtendedCommitRecord> commit(std::int64_t height) const = 0;
};

/// For channel 0x21: a part that the peer lacks, of the block of this round or of a stored one, or
/// the proposal, or the proof of lock that belongs to it.
std::optional<Message> next_data(const RoundState& own, PeerRound& peer, const StoredBlocks& stored,
                                 Random& random);

/// For channel 0x22: a vote that the peer lacks and has use for.
std::optional<Vote> next_vote(const RoundState& own, PeerRound& peer, const StoredBlocks& stored,
                              Random& random);

/// For channel 0x20, every 200 ms in Polygon's configuration: the majorities that this node sees in
/// the peer's rounds, so that the peer says which votes for them it has.
std::vector<VoteSetMaj23> majority_claims(const RoundState& own, const PeerRound& peer,
                                          const StoredBlocks& stored);

}  // namespace buri::consensus::engine
