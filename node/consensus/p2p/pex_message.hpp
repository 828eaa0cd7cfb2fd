#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "node/consensus/p2p/net_address.hpp"

/// What nodes say to each other on the peer-exchange channel (spec/cometbft.md 3.4): Message, a
/// oneof of pex_request = 1 and pex_addrs = 2 { addrs = 1: { id = 1, ip = 2, port = 3 } }.

namespace buri::consensus::p2p {

/// Most addresses of one answer (maxGetSelection of the fork).
inline constexpr std::size_t kMaxPexAddresses = 250;

/// "Tell me addresses."
struct PexRequest {
  friend bool operator==(const PexRequest&, const PexRequest&) = default;
};

/// The answer.
struct PexAddresses {
  std::vector<NetAddress> addresses;

  friend bool operator==(const PexAddresses&, const PexAddresses&) = default;
};

using PexMessage = std::variant<PexRequest, PexAddresses>;

/// For either, the fork's rule is to end the connection.
enum class PexError : std::uint8_t {
  kEncoding,  ///< not a Message, or not exactly one of the two
  kAddress,   ///< an address without a readable IP, or with a port above 65535: a ban, too
};

std::string_view describe(PexError error);

Bytes encode(const PexMessage& message);

/// Of the addresses, those with an id that no node has are left out, as stock does later, and what
/// follows the first kMaxPexAddresses is not looked at.
Result<PexMessage, PexError> decode_pex_message(ByteView bytes);

}  // namespace buri::consensus::p2p
