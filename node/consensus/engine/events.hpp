#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "hsm/wire/response.hpp"
#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/engine/wal_record.hpp"

/// What the state machine of consensus is told (machine.hpp): messages, timeouts, and the answers
/// to what it asked for by an effect (effects.hpp).

namespace buri::consensus::engine {

/// Names what an effect asked, so that its answer is known. Never repeated by one machine.
using QuestionId = std::uint64_t;

/// Messages of peers that arrived together: their votes are checked as one batch. REQUIRES: each
/// keeps check_basic; peer ids are not empty.
struct MessagesArrived {
  std::vector<MessageArrived> messages;
};
/// The block content that the application chose (AskProposal); nothing if it failed.
struct ProposalMade {
  QuestionId id = 0;
  std::optional<BlockContent> content;
};
/// Whether application and evidence pool accept the block (AskVerdict).
struct BlockJudged {
  QuestionId id = 0;
  bool is_accepted = false;
};
/// The node's own extensions (AskExtensions); nothing if the application failed.
struct VoteExtended {
  struct Extensions {
    Bytes extension;
    Bytes non_rp_extension;
  };
  QuestionId id = 0;
  std::optional<Extensions> extensions;
};
/// Whether the application accepts the extensions of a peer's vote (AskVoteVerdict).
struct VoteJudged {
  QuestionId id = 0;
  bool is_accepted = false;
};
/// The signer's answer (Sign); nothing if it refused or was not reached in time.
struct SignerAnswered {
  QuestionId id = 0;
  std::optional<hsm::wire::Signed> answer;
  bool is_final = true;  ///< without an answer: asking again would bring none
};
/// The block is executed and committed (ApplyBlock).
struct BlockApplied {
  BlockOutcome outcome;
};
/// The node got ahead by other means, block sync: the chain and the commit of its last block.
struct ChainAdvanced {
  ChainState chain;
  ExtendedCommitRecord last_commit;
};

using Event = std::variant<MessagesArrived, TimeoutFired, ProposalMade, BlockJudged, VoteExtended,
                           VoteJudged, SignerAnswered, BlockApplied, ChainAdvanced>;

}  // namespace buri::consensus::engine
