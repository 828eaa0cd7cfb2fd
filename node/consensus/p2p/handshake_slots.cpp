#include "node/consensus/p2p/handshake_slots.hpp"

#include <algorithm>

namespace buri::consensus::p2p {

std::optional<ConnectionId> HandshakeSlots::take(ConnectionId connection, const IpAddress& ip) {
  IpAddress network = ip;
  if (!ip.is_v4()) std::fill_n(network.bytes.data() + 8, 8, std::uint8_t{0});
  const auto is_neighbour = [&](const Holder& holder) { return holder.network == network; };
  const auto neighbours = std::ranges::count_if(holders_, is_neighbour);
  auto leaving = holders_.end();
  if (static_cast<std::size_t>(neighbours) >= max_per_ip_) {
    leaving = std::ranges::find_if(holders_, is_neighbour);
  } else if (holders_.size() >= max_total_) {
    leaving = holders_.begin();
  }
  std::optional<ConnectionId> evicted;
  if (leaving != holders_.end()) {
    evicted = leaving->connection;
    holders_.erase(leaving);
  }
  holders_.push_back({connection, network});
  return evicted;
}

void HandshakeSlots::give_back(ConnectionId connection) {
  std::erase_if(holders_, [&](const Holder& holder) { return holder.connection == connection; });
}

}  // namespace buri::consensus::p2p
