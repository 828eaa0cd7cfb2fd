#include "node/consensus/p2p/message_counts.hpp"

#include <algorithm>

#include "base/codec/protobuf_reader.hpp"
#include "node/consensus/p2p/channels.hpp"

namespace buri::consensus::p2p {
namespace {

constexpr std::string_view kUnknown = "unknown";
/// Stands for every channel that is none of channels.hpp.
constexpr std::uint8_t kNoChannel = 0xff;

/// Within a channel the kind of field 0 stands last. Evidence goes without a Message around it.
constexpr std::array<MessageKind, kMessageKindCount> kKinds{{
    {kPexChannel, 1, "p2p_PexRequest"},
    {kPexChannel, 2, "p2p_PexAddrs"},
    {kPexChannel, 0, kUnknown},
    {kStateChannel, 1, "consensus_NewRoundStep"},
    {kStateChannel, 2, "consensus_NewValidBlock"},
    {kStateChannel, 7, "consensus_HasVote"},
    {kStateChannel, 8, "consensus_VoteSetMaj23"},
    {kStateChannel, 0, kUnknown},
    {kDataChannel, 3, "consensus_Proposal"},
    {kDataChannel, 4, "consensus_ProposalPOL"},
    {kDataChannel, 5, "consensus_BlockPart"},
    {kDataChannel, 0, kUnknown},
    {kVoteChannel, 6, "consensus_Vote"},
    {kVoteChannel, 0, kUnknown},
    {kVoteSetBitsChannel, 9, "consensus_VoteSetBits"},
    {kVoteSetBitsChannel, 0, kUnknown},
    {kMempoolChannel, 1, "mempool_Txs"},
    {kMempoolChannel, 0, kUnknown},
    {kEvidenceChannel, 0, "types_EvidenceList"},
    {kBlockSyncChannel, 1, "blocksync_BlockRequest"},
    {kBlockSyncChannel, 2, "blocksync_NoBlockResponse"},
    {kBlockSyncChannel, 3, "blocksync_BlockResponse"},
    {kBlockSyncChannel, 4, "blocksync_StatusRequest"},
    {kBlockSyncChannel, 5, "blocksync_StatusResponse"},
    {kBlockSyncChannel, 0, kUnknown},
    {kSnapshotChannel, 1, "statesync_SnapshotsRequest"},
    {kSnapshotChannel, 0, kUnknown},
    {kChunkChannel, 3, "statesync_ChunkRequest"},
    {kChunkChannel, 0, kUnknown},
    {kNoChannel, 0, kUnknown},
}};

/// The number of a message's first field; 0 for none.
std::uint32_t first_field(ByteView message) {
  const auto tag = take_varint(message);
  return tag.ok() ? static_cast<std::uint32_t>(tag.value() >> 3) : 0;
}

}  // namespace

std::span<const MessageKind, kMessageKindCount> message_kinds() { return kKinds; }

std::size_t kind_of_message(std::uint8_t channel, ByteView message) {
  const std::uint32_t field = first_field(message);
  const auto found = std::ranges::find_if(kKinds, [&](const MessageKind& kind) {
    return kind.channel == channel && (kind.field == field || kind.field == 0);
  });
  return found == kKinds.end() ? kKinds.size() - 1
                               : static_cast<std::size_t>(found - kKinds.begin());
}

MessageCounts MessageCounters::counts() const {
  MessageCounts counts;
  const auto copy = [](const auto& from, auto& to) {
    for (std::size_t i = 0; i < kMessageKindCount; ++i) {
      to[i] = {from[i].messages.load(std::memory_order_relaxed),
               from[i].bytes.load(std::memory_order_relaxed)};
    }
  };
  copy(sent_, counts.sent);
  copy(received_, counts.received);
  return counts;
}

}  // namespace buri::consensus::p2p
