#include "node/consensus/metrics/node_figures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/p2p/channels.hpp"

namespace buri::consensus::metrics {
namespace {

using p2p::MessageCount;
using p2p::MessageKind;

using Counts = std::array<MessageCount, p2p::kMessageKindCount>;

/// As Go writes a channel's number: "0x20".
std::string channel_label(std::uint8_t channel) { return fmt::format("{:#x}", channel); }

/// Bytes by channel, of those that carried any.
std::map<std::uint8_t, std::uint64_t> bytes_by_channel(const Counts& counts) {
  std::map<std::uint8_t, std::uint64_t> bytes;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i].messages > 0) bytes[p2p::message_kinds()[i].channel] += counts[i].bytes;
  }
  return bytes;
}

/// Bytes by the name of their kind, which several channels may share.
std::map<std::string_view, std::uint64_t> bytes_by_name(const Counts& counts) {
  std::map<std::string_view, std::uint64_t> bytes;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i].messages > 0) bytes[p2p::message_kinds()[i].name] += counts[i].bytes;
  }
  return bytes;
}

std::uint64_t received_of(const p2p::MessageCounts& counts, std::string_view name) {
  const auto kinds = p2p::message_kinds();
  const auto kind = std::ranges::find(kinds, name, &MessageKind::name);
  return counts.received[static_cast<std::size_t>(kind - kinds.begin())].messages;
}

void add_peer(MetricsPage& page, const StockNames& names, const p2p::PeerStatus& peer) {
  const std::string id = to_hex(peer.peer.id);
  const auto count = [&](std::string_view name, std::string_view help, const Counts& counts) {
    for (const auto& [channel, bytes] : bytes_by_channel(counts)) {
      page.counter(names.name(name), help, static_cast<double>(bytes),
                   names.labels({{"peer_id", id}, {"chID", channel_label(channel)}}));
    }
  };
  count("p2p_peer_receive_bytes_total", "Bytes of messages that a connected peer sent.",
        peer.messages.received);
  count("p2p_peer_send_bytes_total", "Bytes of messages that a connected peer was sent.",
        peer.messages.sent);
  page.gauge(names.name("p2p_peer_pending_send_bytes"), "Bytes that wait to be sent to a peer.",
             static_cast<double>(peer.traffic.queued_bytes), names.labels({{"peer_id", id}}));
  page.counter(names.name("consensus_block_parts"), "Block parts that a connected peer sent.",
               static_cast<double>(received_of(peer.messages, "consensus_BlockPart")),
               names.labels({{"peer_id", id}}));
}

void add_messages(MetricsPage& page, const StockNames& names, const p2p::MessageCounts& messages) {
  const auto count = [&](std::string_view name, std::string_view help, const Counts& counts) {
    for (const auto& [kind, bytes] : bytes_by_name(counts)) {
      page.counter(names.name(name), help, static_cast<double>(bytes),
                   names.labels({{"message_type", std::string(kind)}}));
    }
  };
  count("p2p_message_receive_bytes_total", "Bytes of messages that came, by their kind.",
        messages.received);
  count("p2p_message_send_bytes_total", "Bytes of messages that were sent, by their kind.",
        messages.sent);
}

bool takes_transactions(const p2p::PeerStatus& peer) {
  const auto& channels = peer.peer.info.channels;
  return std::ranges::find(channels, p2p::kMempoolChannel) != channels.end();
}

}  // namespace

void add_network(MetricsPage& page, const StockNames& names, const p2p::LiveNetwork& network,
                 bool broadcasts_transactions) {
  const std::vector<p2p::PeerStatus> peers = network.peers();
  page.gauge(names.name("p2p_peers"), "Peers that are connected.",
             static_cast<double>(peers.size()), names.labels());
  for (const p2p::PeerStatus& peer : peers) add_peer(page, names, peer);
  add_messages(page, names, network.messages());
  const auto takers =
      broadcasts_transactions ? std::ranges::count_if(peers, takes_transactions) : 0;
  page.gauge(names.name("mempool_active_outbound_connections"), "Peers that are sent transactions.",
             static_cast<double>(takers), names.labels());
}

void add_pool(MetricsPage& page, const StockNames& names, const mempool::TxPool& pool) {
  const mempool::PoolSize size = pool.size();
  const mempool::PoolCounters counters = pool.counters();
  const auto gauge = [&](std::string_view name, std::string_view help, std::size_t value) {
    page.gauge(names.name(name), help, static_cast<double>(value), names.labels());
  };
  const auto counter = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    page.counter(names.name(name), help, static_cast<double>(value), names.labels());
  };
  gauge("mempool_size", "Transactions that wait for a block.", size.txs);
  gauge("mempool_size_bytes", "Their size.", size.bytes);
  counter("mempool_failed_txs", "Transactions that were refused when they came.", counters.failed);
  counter("mempool_rejected_txs", "Transactions for which there was no room.", counters.rejected);
  counter("mempool_evicted_txs", "Transactions that were refused after a block.", counters.evicted);
  counter("mempool_recheck_times", "Checks of waiting transactions after blocks.",
          counters.rechecked);
  page.counter("buri_mempool_not_rechecked_total",
               "Waiting transactions that a block left no time to check again.",
               static_cast<double>(counters.not_rechecked));
}

}  // namespace buri::consensus::metrics
