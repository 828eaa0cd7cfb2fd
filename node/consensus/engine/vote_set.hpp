#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/engine/bit_array.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/validator_set.hpp"
#include "node/consensus/engine/vote.hpp"

/// The prevotes or precommits of one round, and what more than two thirds of the power say
/// (0xPolygon/cometbft v0.3.8-polygon, types/vote_set.go). Signatures are checked before a vote
/// comes here (vote_verifier.hpp); look() tells beforehand whether that is worth while.

namespace buri::consensus::engine {

/// What a set has to say about a vote.
enum class VoteStanding : std::uint8_t {
  kNew,               ///< not here yet
  kKnown,             ///< here already, with the same signature
  kOtherSignature,    ///< here already, signed otherwise: the first one stays
  kOtherRound,        ///< of another height, round or type
  kUnknownValidator,  ///< the index names no validator, or one with another address
};
/// What the standing means, for people.
std::string_view describe(VoteStanding standing);

/// What add() did.
struct VoteAdded {
  bool is_added = false;         ///< the set counts it, perhaps only for its own block
  std::optional<Vote> conflict;  ///< what the validator had said before: evidence
};

/// Which votes a set is for.
struct VoteSetPlace {
  std::int64_t height = 0;
  std::int32_t round = 0;
  VoteType type = VoteType::kPrevote;
  friend bool operator==(const VoteSetPlace&, const VoteSetPlace&) = default;
};

/// Memory is bounded: one vote of each validator, one more for each block that a peer claims the
/// majority for (a claim a peer), and for the block that a vote came for first. Not thread-safe.
class VoteSet {
 public:
  /// `validators` must outlive the set.
  VoteSet(const VoteSetPlace& place, const ValidatorSet& validators);

  [[nodiscard]] const VoteSetPlace& place() const { return place_; }
  [[nodiscard]] const ValidatorSet& validators() const { return *validators_; }

  /// Whether add() would take the vote; costs no signature.
  [[nodiscard]] VoteStanding look(const Vote& vote) const;
  /// Adds a vote whose signatures are good. A second vote of a validator for another block counts
  /// only where the majority, or a peer's claim of it, is for that block.
  /// REQUIRES: look(vote) is kNew.
  VoteAdded add(const Vote& vote);

  /// A peer says that `block_id` has the majority, so votes for it are kept even from those who
  /// voted otherwise here. False if the peer has claimed another block before.
  bool claim_majority(const std::string& peer_id, const BlockId& block_id);
  /// A peer that said so of that block; null if none did.
  [[nodiscard]] const std::string* claimant(const BlockId& block_id) const;

  /// The block (nil among them) that more than two thirds of the power voted for.
  [[nodiscard]] const std::optional<BlockId>& majority() const { return majority_; }
  /// Of all who voted, for whatever.
  [[nodiscard]] std::int64_t power() const { return power_; }
  /// More than two thirds of the power voted, for whatever.
  [[nodiscard]] bool has_two_thirds_any() const { return power_ >= quorum_; }
  /// Everybody voted.
  [[nodiscard]] bool has_all() const { return power_ == validators_->total_voting_power(); }
  /// A validator's vote; of two, the one for the majority, else the first.
  [[nodiscard]] const Vote* vote(std::size_t index) const;
  /// A validator's vote for that block, if it is here.
  [[nodiscard]] const Vote* vote_for(std::size_t index, const BlockId& block_id) const;
  /// Who voted.
  [[nodiscard]] const BitArray& voters() const { return voters_; }
  /// Who voted for that block; nothing if nobody did and no peer claims it.
  [[nodiscard]] const BitArray* voters_for(const BlockId& block_id) const;

  /// The precommits behind the majority, with their extensions: those for other blocks are absent.
  /// REQUIRES: precommits, and a majority for a block.
  [[nodiscard]] ExtendedCommitRecord extended_commit() const;

 private:
  /// The votes for one block.
  struct BlockVotes {
    std::vector<std::optional<Vote>> votes;
    BitArray voters;
    std::int64_t power = 0;
    bool is_claimed = false;  ///< by a peer
  };
  /// Orders block ids.
  struct Less {
    bool operator()(const BlockId& a, const BlockId& b) const;
  };

  BlockVotes empty_block_votes() const;
  bool count_for_block(const Vote& vote, bool is_conflict);
  void reach_majority(const BlockId& block_id, const BlockVotes& block);

  VoteSetPlace place_;
  const ValidatorSet* validators_;
  std::int64_t quorum_;  ///< the least power that exceeds two thirds
  std::vector<std::optional<Vote>> votes_;
  BitArray voters_;
  std::int64_t power_ = 0;
  std::map<BlockId, BlockVotes, Less> blocks_;
  std::map<std::string, BlockId> claims_;
  std::optional<BlockId> majority_;
};

}  // namespace buri::consensus::engine
