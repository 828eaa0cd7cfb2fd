#pragma once

#include <deque>
#include <optional>

#include "node/consensus/p2p/switch_types.hpp"

/// How many callers may be in the middle of their handshakes. Whoever connects and says nothing
/// holds a slot; when there is none left, the oldest loses its own, first of those with the same IP
/// address: an honest handshake takes milliseconds and is rarely the oldest.

namespace buri::consensus::p2p {

/// Not thread-safe.
class HandshakeSlots {
 public:
  /// REQUIRES: both positive. Addresses of IPv6 count by their first 64 bits.
  HandshakeSlots(std::size_t max_total, std::size_t max_per_ip)
      : max_total_(max_total), max_per_ip_(max_per_ip) {}

  /// Takes a slot, and says who has to go for it.
  std::optional<ConnectionId> take(ConnectionId connection, const IpAddress& ip);
  /// Gives it back. Connections without one may be named, too.
  void give_back(ConnectionId connection);
  [[nodiscard]] std::size_t size() const { return holders_.size(); }

 private:
  struct Holder {
    ConnectionId connection = 0;
    IpAddress network;
  };

  std::size_t max_total_;
  std::size_t max_per_ip_;
  std::deque<Holder> holders_;  ///< oldest first
};

}  // namespace buri::consensus::p2p
