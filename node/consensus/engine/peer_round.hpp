#pragma once

#include <optional>

#include "node/consensus/engine/message.hpp"

/// What a peer has, as far as this node knows: from what the peer says and from what it was sent
/// (0xPolygon/cometbft v0.3.8-polygon, consensus/reactor.go, PeerState; spec/cometbft.md 4.3).

namespace buri::consensus::engine {

/// Memory is bounded by the limits of check_basic(): a few bit arrays. Not thread-safe.
class PeerRound {
 public:
  // What the peer says. REQUIRES: each keeps check_basic.
  /// Steps that lie behind what is known are passed over.
  void apply(const NewRoundStep& told);
  void apply(const NewValidBlock& told);
  void apply(const ProposalPol& told);
  void apply(const HasVote& told);
  /// `own`: which of those votes this node has; the peer speaks only of these with authority.
  void apply(const VoteSetBits& told, const BitArray* own);

  // What the peer sent, or was sent: it has it.
  void has(const Proposal& proposal);
  void has(const BlockPart& part);
  void has(const Vote& vote);
  /// A message of gossip.hpp was queued for the peer.
  void was_sent(const Message& message);

  /// Makes places for the votes of so many validators, and parts of a stored block.
  void make_places(std::int64_t height, std::size_t validators);
  void make_places(const PartSetHeader& parts);
  /// The peer is at `height` and is to be sent the commit of it, which was decided in `round`.
  void catch_up(std::int64_t height, std::int32_t round, std::size_t validators);

  [[nodiscard]] std::int64_t height() const { return height_; }
  [[nodiscard]] std::int32_t round() const { return round_; }  ///< -1: never heard of
  [[nodiscard]] Step step() const { return step_; }
  [[nodiscard]] bool has_proposal() const { return has_proposal_; }
  [[nodiscard]] std::int32_t pol_round() const { return pol_round_; }
  [[nodiscard]] std::int32_t catch_up_round() const { return catch_up_round_; }
  [[nodiscard]] const PartSetHeader& parts_header() const { return parts_header_; }
  [[nodiscard]] const std::optional<BitArray>& parts() const { return parts_; }
  /// Which of these votes the peer has; nothing if it has no use for them.
  [[nodiscard]] const BitArray* votes(std::int64_t height, std::int32_t round, VoteType type) const;
  /// The proposal was sent, and the proof of lock that belongs to it not yet.
  [[nodiscard]] bool awaits_pol() const { return awaits_pol_; }

 private:
  std::optional<BitArray>* find(std::int64_t height, std::int32_t round, VoteType type);
  void enter_round(const NewRoundStep& told);
  void enter_height(const NewRoundStep& told, std::optional<BitArray> last_precommits);

  std::int64_t height_ = 0;
  std::int32_t round_ = -1;
  Step step_{};
  bool has_proposal_ = false;
  bool awaits_pol_ = false;
  PartSetHeader parts_header_;
  std::optional<BitArray> parts_;
  std::int32_t pol_round_ = -1;
  std::optional<BitArray> pol_;
  std::optional<BitArray> prevotes_;
  std::optional<BitArray> precommits_;
  std::int32_t last_commit_round_ = -1;
  std::optional<BitArray> last_commit_;
  std::int32_t catch_up_round_ = -1;
  std::optional<BitArray> catch_up_;  ///< unless that is the peer's own round: `precommits_`
};

}  // namespace buri::consensus::engine
