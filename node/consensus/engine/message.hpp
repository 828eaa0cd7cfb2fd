#pragma once

#include <string>
#include <variant>

#include "node/consensus/codec/wire.hpp"
#include "node/consensus/engine/bit_array.hpp"
#include "node/consensus/engine/part_set.hpp"
#include "node/consensus/engine/vote.hpp"

/// The messages of the consensus channels 0x20 to 0x23, as values and on the wire (spec/cometbft.md
/// 1.3 and 4.3; 0xPolygon/cometbft v0.3.8-polygon, consensus/msgs.go and reactor.go).

namespace buri::consensus::engine {

/// Longest message of these channels.
inline constexpr std::size_t kMaxMessageBytes = 1'048'576;
/// Most members that a bit array of votes may have.
inline constexpr std::size_t kMaxVotes = 10'000;

/// Where a node is within a round. Values are the wire's.
enum class Step : std::uint8_t {
  kNewHeight = 1,
  kNewRound = 2,
  kPropose = 3,
  kPrevote = 4,
  kPrevoteWait = 5,
  kPrecommit = 6,
  kPrecommitWait = 7,
  kCommit = 8
};

struct NewRoundStep {
  std::int64_t height = 0;
  std::int32_t round = 0;
  Step step = Step::kNewHeight;
  std::int64_t seconds_since_start_time = 0;  ///< may be negative
  std::int32_t last_commit_round = -1;        ///< -1 at the chain's first height
  friend bool operator==(const NewRoundStep&, const NewRoundStep&) = default;
};
struct NewValidBlock {
  std::int64_t height = 0;
  std::int32_t round = 0;
  PartSetHeader parts;
  BitArray present;
  bool is_commit = false;
  friend bool operator==(const NewValidBlock&, const NewValidBlock&) = default;
};
struct ProposalPol {
  std::int64_t height = 0;
  std::int32_t pol_round = 0;
  BitArray prevotes;
  friend bool operator==(const ProposalPol&, const ProposalPol&) = default;
};
struct BlockPart {
  std::int64_t height = 0;
  std::int32_t round = 0;
  Part part;
  friend bool operator==(const BlockPart&, const BlockPart&) = default;
};
struct HasVote {
  std::int64_t height = 0;
  std::int32_t round = 0;
  VoteType type = VoteType::kPrevote;
  std::int32_t index = 0;
  friend bool operator==(const HasVote&, const HasVote&) = default;
};
struct VoteSetMaj23 {
  std::int64_t height = 0;
  std::int32_t round = 0;
  VoteType type = VoteType::kPrevote;
  BlockId block_id;
  friend bool operator==(const VoteSetMaj23&, const VoteSetMaj23&) = default;
};
struct VoteSetBits {
  std::int64_t height = 0;
  std::int32_t round = 0;
  VoteType type = VoteType::kPrevote;
  BlockId block_id;
  BitArray votes;  ///< empty if the sender has none
  friend bool operator==(const VoteSetBits&, const VoteSetBits&) = default;
};
/// A piece of the fork's side payload: understood so that its sender stays a peer, and dropped.
struct BlobPart {
  std::int64_t height = 0;
  std::int32_t round = 0;
  Part part;
  friend bool operator==(const BlobPart&, const BlobPart&) = default;
};

using Message = std::variant<NewRoundStep, NewValidBlock, Proposal, ProposalPol, BlockPart, Vote,
                             HasVote, VoteSetMaj23, VoteSetBits, BlobPart>;

/// Decodes one message as leniently as the stock node: field order and unknown fields do not
/// matter, and of several messages the last counts (all must decode). Errors: those of the wire
/// reader; kUnknownField where no message of the above is inside; kValue for a hash, address, type,
/// step, time or bit array that is none. What decodes may still break the rules of check_basic.
Result<Message, codec::DecodeError> decode_message(ByteView bytes);

/// The encoding, byte for byte the stock node's.
Bytes encode_message(const Message& message);

/// A broken rule of a message by itself, with what was found, for people.
struct MessageFault {
  std::string_view field;
  std::string expected;
  std::string found;
};

/// The rules that need no state: the stock node drops a peer that breaks one. A message that passes
/// is bounded: bit arrays, signatures, parts and proofs have their limits.
Status<MessageFault> check_basic(const Message& message);
Status<MessageFault> check_basic(const Vote& vote);
Status<MessageFault> check_basic(const Proposal& proposal);

/// A vote alone, as evidence and the write-ahead log's readers need it.
Result<Vote, codec::DecodeError> decode_vote(ByteView bytes);
Bytes encode_vote(const Vote& vote);

}  // namespace buri::consensus::engine
