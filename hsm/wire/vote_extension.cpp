#include "hsm/wire/vote_extension.hpp"

#include "hsm/wire/fields.hpp"

namespace buri::hsm::wire {
namespace {

/// Bounds of the parser; the policy's are lower.
constexpr std::size_t kMaxSideTxResponses = 256;
constexpr std::size_t kMaxMilestoneBlocks = 1024;

}  // namespace

template <class Visitor, Of<SideTxResponse> Message>
void fields(Visitor& visit, Message& response) {
  visit.fixed(1, "tx_hash", response.tx_hash);
  visit.number(2, "result", response.result, SideTxResult::kUnspecified, SideTxResult::kNo);
}

template <class Visitor, Of<MilestoneProposition> Message>
void fields(Visitor& visit, Message& proposition) {
  visit.fixed_strings(1, "block_hashes", proposition.block_hashes, kMaxMilestoneBlocks);
  visit.number(2, "start_block_number", proposition.start_block_number);
  visit.bytes(3, "parent_hash", proposition.parent_hash, Hash256::size());
  visit.numbers(4, "block_tds", proposition.block_total_difficulties, kMaxMilestoneBlocks);
  visit.number(5, "latest_block_number", proposition.latest_block_number);
  visit.bytes(6, "latest_block_hash", proposition.latest_block_hash, Hash256::size());
}

template <class Visitor, Of<VoteExtension> Message>
void fields(Visitor& visit, Message& extension) {
  visit.bytes(1, "block_hash", extension.block_hash, Hash256::size());
  visit.number(2, "height", extension.height);
  visit.messages(3, "side_tx_responses", extension.side_tx_responses, kMaxSideTxResponses);
  visit.optional_message(4, "milestone", extension.milestone);
}

Bytes encode_vote_extension(const VoteExtension& extension) { return encode_fields(extension); }

Result<VoteExtension, Refusal> decode_vote_extension(ByteView bytes) {
  if (bytes.size() > kMaxVoteExtensionBytes) {
    return Failure{Refusal{Rule::kVoteExtension, "",
                           "at most " + std::to_string(kMaxVoteExtensionBytes) + " bytes",
                           std::to_string(bytes.size()) + " bytes"}};
  }
  return decode_fields<VoteExtension>(bytes, Rule::kVoteExtension);
}

}  // namespace buri::hsm::wire
