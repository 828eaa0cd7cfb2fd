#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/consensus/p2p/peer_key.hpp"

/// Where nodes are reached (spec/cometbft.md 3): id@host:port, and which IP addresses a book of
/// addresses may hold (p2p/netaddress.go of the fork).

namespace buri::consensus::p2p {

/// An IPv6 address, or an IPv4 one mapped into it (::ffff:a.b.c.d). Ordered.
struct IpAddress {
  FixedBytes<16> bytes;

  /// Dotted IPv4 or any text form of IPv6 without a zone; nothing else.
  static std::optional<IpAddress> from_text(std::string_view text);
  /// As Go's net.IP prints it: "10.1.2.3", "2001:db8::1".
  [[nodiscard]] std::string to_text() const;

  [[nodiscard]] bool is_v4() const;
  /// All zero, in either family.
  [[nodiscard]] bool is_unspecified() const;
  /// Loopback, or 0.0.0.0/8.
  [[nodiscard]] bool is_local() const;
  /// Neither unspecified nor broadcast nor for documentation: what an address book may hold.
  [[nodiscard]] bool is_valid() const;
  /// Valid, and reachable across the internet as the fork judges it.
  [[nodiscard]] bool is_routable() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

/// The part of the internet that one operator is likely to hold, as bytes to be hashed: the /16 of
/// an IPv4 address, also of one that is tunnelled, the /32 of an IPv6 one. `is_strict` puts all
/// local ones into one group and all others that are not routable into another.
Bytes network_group(const IpAddress& ip, bool is_strict);

/// A node and the socket it listens on.
struct NetAddress {
  NodeId id;
  IpAddress ip;
  std::uint16_t port = 0;

  /// "ID@10.1.2.3:26656", "ID@[2001:db8::1]:26656".
  [[nodiscard]] std::string to_text() const;

  friend auto operator<=>(const NetAddress&, const NetAddress&) = default;
};

/// A node as an operator names it, whose host may be a name that is looked up when it is called.
struct PeerAddress {
  NodeId id;
  std::string host;  ///< a name or an IP address, without brackets
  std::uint16_t port = 0;

  /// "ID@sentry.example.org:26656".
  [[nodiscard]] std::string to_text() const;
  /// The address, if the host is one.
  [[nodiscard]] std::optional<NetAddress> numeric() const;
  static PeerAddress of(const NetAddress& address);

  friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

enum class PeerAddressError : std::uint8_t {
  kNoId,   ///< nothing before an '@'
  kBadId,  ///< not 40 lower-case hex digits
  kHost,   ///< empty, or with characters that no host has
  kPort,   ///< absent, zero or above 65535
};

/// What belongs there, for people.
std::string_view describe(PeerAddressError error);

/// Reads "[tcp://]ID@HOST:PORT", as the settings seeds and persistent_peers hold them.
Result<PeerAddress, PeerAddressError> parse_peer_address(std::string_view text);

/// Where a peer says that it listens ("tcp://1.2.3.4:26656" of its NodeInfo), if that is an
/// IP address and a port. Names are not looked up at a peer's wish.
std::optional<NetAddress> listening_address(const NodeId& id, std::string_view text);

}  // namespace buri::consensus::p2p
