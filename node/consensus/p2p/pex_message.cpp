#include "node/consensus/p2p/pex_message.hpp"

#include "base/hex.hpp"
#include "node/consensus/codec/message.hpp"

namespace buri::consensus::p2p {
namespace pex_wire {

struct Address {
  std::string id;
  std::string ip;
  std::uint32_t port = 0;

  static constexpr std::string_view kName = "tendermint.p2p.NetAddress";
  static constexpr auto fields() {
    return std::tuple{codec::Field{1, "id", &Address::id}, codec::Field{2, "ip", &Address::ip},
                      codec::Field{3, "port", &Address::port}};
  }
};

struct Request {
  static constexpr std::string_view kName = "tendermint.p2p.PexRequest";
  static constexpr auto fields() { return std::tuple{}; }
};

struct Addresses {
  std::vector<Address> addrs;

  static constexpr std::string_view kName = "tendermint.p2p.PexAddrs";
  static constexpr auto fields() { return std::tuple{codec::Field{1, "addrs", &Addresses::addrs}}; }
};

struct Message {
  std::optional<Request> request;
  std::optional<Addresses> addresses;

  static constexpr std::string_view kName = "tendermint.p2p.Message";
  static constexpr auto fields() {
    return std::tuple{codec::Field{1, "pex_request", &Message::request},
                      codec::Field{2, "pex_addrs", &Message::addresses}};
  }
};

}  // namespace pex_wire

std::string_view describe(PexError error) {
  switch (error) {
    case PexError::kEncoding:
      return "the peer sent bytes that are no message of peer exchange";
    case PexError::kAddress:
      return "the peer sent an address that is none";
  }
  return "unknown error of peer exchange";
}

Bytes encode(const PexMessage& message) {
  pex_wire::Message wire;
  if (const auto* addresses = std::get_if<PexAddresses>(&message)) {
    wire.addresses.emplace();
    for (const NetAddress& address : addresses->addresses) {
      wire.addresses->addrs.push_back({to_hex(address.id), address.ip.to_text(), address.port});
    }
  } else {
    wire.request.emplace();
  }
  return codec::encode(wire);
}

Result<PexMessage, PexError> decode_pex_message(ByteView bytes) {
  const auto wire = codec::decode<pex_wire::Message>(bytes);
  if (!wire.ok() || wire.value().request.has_value() == wire.value().addresses.has_value()) {
    return Failure{PexError::kEncoding};
  }
  if (wire.value().request) return PexMessage(PexRequest{});
  PexAddresses message;
  for (const pex_wire::Address& read : wire.value().addresses->addrs) {
    if (message.addresses.size() == kMaxPexAddresses) break;
    const auto ip = IpAddress::from_text(read.ip);
    if (!ip || read.port > 0xffff) return Failure{PexError::kAddress};
    const auto id = parse_node_id(read.id);
    if (id) message.addresses.push_back({*id, *ip, static_cast<std::uint16_t>(read.port)});
  }
  return PexMessage(std::move(message));
}

}  // namespace buri::consensus::p2p
