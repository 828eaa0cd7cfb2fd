#include "node/consensus/p2p/net_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "base/hex.hpp"
#include "base/host_name.hpp"

namespace buri::consensus::p2p {
namespace {

constexpr std::size_t kV4Offset = 12;
constexpr std::array<std::uint8_t, kV4Offset> kV4Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// The addresses that begin with the first `bits` of the 128 bits of `first`.
struct IpRange {
  IpRange(std::string_view text, unsigned prefix_bits)
      : first(IpAddress::from_text(text).value()),
        bits(prefix_bits + (first.is_v4() ? kV4Offset * 8 : 0)) {}

  [[nodiscard]] bool contains(const IpAddress& ip) const {
    const unsigned whole = bits / 8;
    if (!std::equal(first.bytes.data(), first.bytes.data() + whole, ip.bytes.data())) return false;
    if (bits % 8 == 0) return true;
    return (first.bytes.data()[whole] ^ ip.bytes.data()[whole]) >> (8 - bits % 8) == 0;
  }

  IpAddress first;
  unsigned bits;
};

/// The ranges that the fork knows, read once.
struct KnownRanges {
  /// RFC 1918, 3927, 4862, 4193 and 4843.
  std::array<IpRange, 7> not_routable{{{"10.0.0.0", 8},
                                       {"192.168.0.0", 16},
                                       {"172.16.0.0", 12},
                                       {"169.254.0.0", 16},
                                       {"fe80::", 64},
                                       {"fc00::", 7},
                                       {"2001:10::", 28}}};
  std::array<IpRange, 3> local{{{"127.0.0.0", 8}, {"0.0.0.0", 8}, {"::1", 128}}};
  IpRange broadcast{"255.255.255.255", 32};
  IpRange documentation{"2001:db8::", 32};
  IpRange translated{"::ffff:0:0:0", 96};
  IpRange well_known_prefix{"64:ff9b::", 96};
  IpRange six_to_four{"2002::", 16};
  IpRange teredo{"2001::", 32};
  IpRange onion_cat{"fd87:d87e:eb43::", 48};
  IpRange hurricane_electric{"2001:470::", 32};
};

const KnownRanges& ranges() {
  static const KnownRanges kRanges;
  return kRanges;
}

bool is_within_any(const IpAddress& ip, std::span<const IpRange> many) {
  return std::ranges::any_of(many, [&](const IpRange& range) { return range.contains(ip); });
}

enum class Group : std::uint8_t { kLocal, kUnroutable, kV4, kOnion, kV6, kV6Wide };

/// The group of an IPv4 address whose first two bytes are given.
Bytes v4_group(std::uint8_t first, std::uint8_t second) {
  return {static_cast<std::uint8_t>(Group::kV4), first, second};
}

std::string with_port(std::string_view host, std::uint16_t port) {
  const bool is_v6 = host.find(':') != std::string_view::npos;
  return (is_v6 ? "[" : "") + std::string(host) + (is_v6 ? "]:" : ":") + std::to_string(port);
}

std::string_view without_scheme(std::string_view text) {
  const auto scheme = text.find("://");
  return scheme == std::string_view::npos ? text : text.substr(scheme + 3);
}

/// Cuts ":PORT" from the end of `text`, which is "HOST:PORT" or "[HOST]:PORT".
std::optional<std::uint16_t> cut_port(std::string_view& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) {
    return std::nullopt;
  }
  text = text.substr(0, colon);
  const bool is_bracketed = text.starts_with('[') && text.ends_with(']');
  if (is_bracketed) text = text.substr(1, text.size() - 2);
  if (!is_bracketed && text.find(':') != std::string_view::npos) return std::nullopt;
  return port;
}

}  // namespace

std::optional<IpAddress> IpAddress::from_text(std::string_view text) {
  const std::string terminated(text.substr(0, INET6_ADDRSTRLEN));
  IpAddress ip;
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  if (inet_pton(AF_INET, terminated.c_str(), ip.bytes.data() + kV4Offset) == 1) {
    std::ranges::copy(kV4Prefix, ip.bytes.data());
    return ip;
  }
  if (inet_pton(AF_INET6, terminated.c_str(), ip.bytes.data()) == 1) return ip;
  return std::nullopt;
}

std::string IpAddress::to_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) {
    inet_ntop(AF_INET, bytes.data() + kV4Offset, text.data(), text.size());
    return text.data();
  }
  inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  const std::string_view printed = text.data();
  // The C library shows the last four bytes of ::/96 as IPv4, Go does not.
  const auto dot = printed.find('.');
  if (dot == std::string_view::npos) return std::string(printed);
  std::array<char, 16> tail{};
  const auto word = [&](std::size_t i) { return bytes.data()[i] << 8 | bytes.data()[i + 1]; };
  std::snprintf(tail.data(), tail.size(), "%x:%x", word(12), word(14));
  return std::string(printed.substr(0, printed.rfind(':') + 1)) + tail.data();
}

bool IpAddress::is_v4() const {
  return std::equal(kV4Prefix.begin(), kV4Prefix.end(), bytes.data());
}

bool IpAddress::is_unspecified() const {
  return bytes.is_zero() ||
         (is_v4() && std::all_of(bytes.data() + kV4Offset, bytes.data() + bytes.size(),
                                 [](std::uint8_t byte) { return byte == 0; }));
}

bool IpAddress::is_local() const { return is_within_any(*this, ranges().local); }

bool IpAddress::is_valid() const {
  return !is_unspecified() && !ranges().documentation.contains(*this) &&
         !ranges().broadcast.contains(*this);
}

bool IpAddress::is_routable() const {
  return is_valid() && !is_local() && !is_within_any(*this, ranges().not_routable);
}

Bytes network_group(const IpAddress& ip, bool is_strict) {
  if (is_strict && ip.is_local()) return {static_cast<std::uint8_t>(Group::kLocal)};
  if (is_strict && !ip.is_routable()) return {static_cast<std::uint8_t>(Group::kUnroutable)};
  const std::uint8_t* bytes = ip.bytes.data();
  if (ip.is_v4() || ranges().translated.contains(ip) || ranges().well_known_prefix.contains(ip)) {
    return v4_group(bytes[12], bytes[13]);
  }
  if (ranges().six_to_four.contains(ip)) return v4_group(bytes[2], bytes[3]);
  // Teredo holds the IPv4 address with all its bits turned.
  if (ranges().teredo.contains(ip)) {
    return v4_group(static_cast<std::uint8_t>(~bytes[12]), static_cast<std::uint8_t>(~bytes[13]));
  }
  if (ranges().onion_cat.contains(ip)) {
    return {static_cast<std::uint8_t>(Group::kOnion), static_cast<std::uint8_t>(bytes[6] & 0x0f)};
  }
  Bytes group{static_cast<std::uint8_t>(Group::kV6), bytes[0], bytes[1], bytes[2], bytes[3]};
  if (ranges().hurricane_electric.contains(ip)) {
    group.front() = static_cast<std::uint8_t>(Group::kV6Wide);
    group.push_back(static_cast<std::uint8_t>(bytes[4] & 0xf0));
  }
  return group;
}

std::string NetAddress::to_text() const { return to_hex(id) + "@" + with_port(ip.to_text(), port); }

std::string PeerAddress::to_text() const { return to_hex(id) + "@" + with_port(host, port); }

std::optional<NetAddress> PeerAddress::numeric() const {
  const auto ip = IpAddress::from_text(host);
  if (!ip) return std::nullopt;
  return NetAddress{id, *ip, port};
}

PeerAddress PeerAddress::of(const NetAddress& address) {
  return {address.id, address.ip.to_text(), address.port};
}

std::string_view describe(PeerAddressError error) {
  switch (error) {
    case PeerAddressError::kNoId:
      return "a peer is written ID@HOST:PORT, and the ID is missing";
    case PeerAddressError::kBadId:
      return "the ID of a peer has 40 lower-case hexadecimal digits";
    case PeerAddressError::kHost:
      return "the host of a peer is a name or an IP address";
    case PeerAddressError::kPort:
      return "a peer is written ID@HOST:PORT with a port from 1 to 65535";
  }
  return "unknown error of a peer's address";
}

Result<PeerAddress, PeerAddressError> parse_peer_address(std::string_view text) {
  text = without_scheme(text);
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0) return Failure{PeerAddressError::kNoId};
  const auto id = parse_node_id(text.substr(0, at));
  if (!id) return Failure{PeerAddressError::kBadId};
  std::string_view host = text.substr(at + 1);
  const auto port = cut_port(host);
  if (!port) return Failure{PeerAddressError::kPort};
  if (!is_host_name(host) && !IpAddress::from_text(host)) {
    return Failure{PeerAddressError::kHost};
  }
  return PeerAddress{*id, std::string(host), *port};
}

std::optional<NetAddress> listening_address(const NodeId& id, std::string_view text) {
  std::string_view host = without_scheme(text);
  const auto port = cut_port(host);
  const auto ip = IpAddress::from_text(host);
  if (!port || !ip) return std::nullopt;
  return NetAddress{id, *ip, *port};
}

}  // namespace buri::consensus::p2p
