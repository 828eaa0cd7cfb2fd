#pragma once

#include "hsm/wire/request.hpp"
#include "node/consensus/engine/events.hpp"
#include "node/consensus/engine/round_state.hpp"

/// What the state machine of consensus wants done (machine.hpp). The host does effects in order,
/// and none after one that failed: what is to be signed or shown to peers stands behind the records
/// that must be durable before.

namespace buri::consensus::engine {

/// Adds a record to the write-ahead log; if `is_synced`, durable with all before it.
struct WriteWal {
  WalEntry entry;
  bool is_synced = false;
};
/// What was written to the log becomes durable: a validator that loses the votes it locked by could
/// contradict itself.
struct SyncWal {};
/// Starts the one timer of the machine, in place of whatever it was set to before. Not later than
/// `timeout.duration_ns` from now (at once if that is not positive) TimeoutFired{timeout} is due.
struct StartTimeout {
  TimeoutFired timeout;
};
/// A request to the signer, for SignerAnswered. There is one at a time.
struct Sign {
  QuestionId id = 0;
  std::variant<hsm::wire::SignProposal, hsm::wire::SignVote> request;
};
/// PrepareProposal, for ProposalMade: the content of a block at the chain's next height, with
/// `last_commit` as its last commit.
struct AskProposal {
  QuestionId id = 0;
  std::int32_t round = 0;
  ExtendedCommitRecord last_commit{};  ///< no entries in the first block
  Timestamp time{};                    ///< of the block
  std::int64_t max_tx_bytes = 0;       ///< before evidence takes its share (evidence_bytes())
};
/// ProcessProposal and the evidence pool's check, for BlockJudged.
struct AskVerdict {
  QuestionId id = 0;
  ProposedBlockPtr block;
  std::int32_t round = 0;
};
/// ExtendVote, for VoteExtended.
struct AskExtensions {
  QuestionId id = 0;
  ProposedBlockPtr block;
  std::int32_t round = 0;
};
/// VerifyVoteExtension, for VoteJudged. The vote's signatures are good.
struct AskVoteVerdict {
  QuestionId id = 0;
  Vote vote;
};
/// The block and the commit that decided it are stored, durable before the application commits it
/// (ApplyBlock); nothing is done if the height is stored.
struct SaveBlock {
  ProposedBlockPtr block;
  PartSetPtr parts;
  ExtendedCommitRecord commit;
};
/// FinalizeBlock and Commit, for BlockApplied. Comes behind SaveBlock; the log's HeightEnded
/// follows the answer, so that a log that ends a height never goes without its block.
struct ApplyBlock {
  ProposedBlockPtr block;
  BlockId block_id;
};
/// A message for every peer: NewRoundStep, NewValidBlock or HasVote.
struct Announce {
  Message message;
};
/// A message for one peer.
struct Answer {
  std::string peer_id;
  Message message;
};
/// Evidence of a double vote, for the evidence pool.
struct ReportEvidence {
  EvidencePiece piece;
};
/// A peer's message broke a rule. The stock node drops the peer where `is_fatal`.
struct PeerErred {
  std::string peer_id;
  std::string reason;
  bool is_fatal = false;
};

/// What happened, for subscribers and logs.
enum class Note : std::uint8_t {
  kNewRound,
  kCompleteProposal,
  kPolka,
  kLock,
  kRelock,
  kUnlock,
  kValidBlock,
  kTimeoutPropose,
  kTimeoutWait,
  kVoteAdded,        ///< `vote` says which
  kBlockRefused,     ///< by the rules or the application: prevoted nil; `text` says why
  kClockBehind,      ///< a decided block is later than this node's clock allows
  kNotSigned,        ///< the signer refused, the application did not answer
  kOwnConflict,      ///< somebody else signs with this node's key
  kProposalDropped,  ///< the application's content does not fit the block
  kMessagesDropped,  ///< too many arrived while a block was executed
};
/// "NewRound", "Polka": the stock node's event names where it has one.
std::string_view note_name(Note note);
struct Noted {
  Note note{};
  std::int64_t height = 0;
  std::int32_t round = 0;
  Step step{};  ///< in which it happened
  std::string text;
  std::optional<Vote> vote;
};
/// The machine stops for good, as the stock node panics: the network decided what this node takes
/// for invalid, or its application contradicts itself. Going on would fork.
struct Halted {
  std::string reason;
};

using Effect = std::variant<WriteWal, SyncWal, StartTimeout, Sign, AskProposal, AskVerdict,
                            AskExtensions, AskVoteVerdict, SaveBlock, ApplyBlock, Announce, Answer,
                            ReportEvidence, PeerErred, Noted, Halted>;

/// Whether the machine waits for an event that answers the effect.
inline bool wants_answer(const Effect& effect) {
  return std::holds_alternative<AskProposal>(effect) || std::holds_alternative<Sign>(effect) ||
         std::holds_alternative<AskVerdict>(effect) ||
         std::holds_alternative<AskExtensions>(effect) ||
         std::holds_alternative<AskVoteVerdict>(effect) ||
         std::holds_alternative<ApplyBlock>(effect);
}

}  // namespace buri::consensus::engine
