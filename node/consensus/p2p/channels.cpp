#include "node/consensus/p2p/channels.hpp"

#include <array>

namespace buri::consensus::p2p {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;
/// A transaction of 1 MiB inside Txs inside Message: a tag and a length of three bytes each.
constexpr std::size_t kMempoolMessageBytes = kMebibyte + 4 + 4;
/// A block of 100 MiB and the tags around it, as the fork states it.
constexpr std::size_t kBlockSyncMessageBytes = 100 * kMebibyte + 5;

/// Stock's queue of one transaction suits a sender that waits until it is empty. Ours is filled by
/// somebody who looks in every few milliseconds, at a chain's busiest moment.
constexpr std::size_t kMempoolQueueMessages = 64;

constexpr std::array<ChannelDescriptor, 10> kChannels{{
    {kPexChannel, 1, 10, 64'000},
    {kStateChannel, 6, 100, kMebibyte},
    {kDataChannel, 10, 100, kMebibyte},
    {kVoteChannel, 7, 100, kMebibyte},
    {kVoteSetBitsChannel, 1, 2, kMebibyte},
    {kMempoolChannel, 5, kMempoolQueueMessages, kMempoolMessageBytes},
    {kEvidenceChannel, 6, 1, kMebibyte},
    {kBlockSyncChannel, 5, 1000, kBlockSyncMessageBytes},
    {kSnapshotChannel, 5, 10, 4'000'000},
    {kChunkChannel, 3, 10, 16'000'000},
}};

}  // namespace

std::span<const ChannelDescriptor> stock_channels() { return kChannels; }

}  // namespace buri::consensus::p2p
