#pragma once

#include <set>

#include "node/consensus/engine/vote_set.hpp"

/// All votes of one height (0xPolygon/cometbft v0.3.8-polygon, consensus/types/height_vote_set.go).

namespace buri::consensus::engine {

/// Prevotes and precommits of every round up to one beyond the current, and of the few later rounds
/// that peers may open. Not thread-safe.
class HeightVoteSets {
 public:
  /// Rounds beyond the next that one peer may make us keep votes of.
  static constexpr std::size_t kRoundsPerPeer = 2;

  /// Starts with round 0 alone. `validators` must outlive this.
  HeightVoteSets(std::int64_t height, const ValidatorSet& validators);

  [[nodiscard]] std::int64_t height() const { return height_; }
  [[nodiscard]] std::int32_t round() const { return round_; }
  /// The node entered `round`: votes up to the round behind it are wanted from everybody.
  /// REQUIRES: round is not below the current one.
  void enter_round(std::int32_t round);

  /// The set that a vote from `peer_id` belongs to, opened if the peer may still open it; nullptr
  /// if it may not. The node's own votes come from "". REQUIRES: the vote is of this height and
  /// keeps check_basic.
  VoteSet* set_for(const Vote& vote, const std::string& peer_id);

  /// The votes of a round; nullptr if the round is not kept.
  [[nodiscard]] VoteSet* prevotes(std::int32_t round) { return find(round, VoteType::kPrevote); }
  [[nodiscard]] VoteSet* precommits(std::int32_t round) {
    return find(round, VoteType::kPrecommit);
  }
  VoteSet* find(std::int32_t round, VoteType type);
  [[nodiscard]] const VoteSet* find(std::int32_t round, VoteType type) const;

  /// The latest round up to the current whose prevotes agree (the proof of lock), and their block;
  /// nothing if none do.
  struct Polka {
    std::int32_t round = 0;
    BlockId block_id;
  };
  [[nodiscard]] std::optional<Polka> latest_polka() const;

 private:
  struct Round {
    VoteSet prevotes;
    VoteSet precommits;
  };
  void open(std::int32_t round);

  std::int64_t height_;
  const ValidatorSet* validators_;
  std::int32_t round_ = 0;
  std::map<std::int32_t, Round> rounds_;
  std::map<std::string, std::set<std::int32_t>> opened_;  ///< rounds that each peer opened
};

}  // namespace buri::consensus::engine
