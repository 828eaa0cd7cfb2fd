#include "node/consensus/p2p/peer_handshake.hpp"

namespace buri::consensus::p2p {

PeerHandshake::PeerHandshake(const NodeKey& key, const NodeInfo& own, Random& random,
                             std::optional<NodeId> expected)
    : own_(own), connection_(std::make_unique<SecretConnection>(key, random, expected)) {}

Status<HandshakeError> PeerHandshake::receive(ByteView wire) {
  CHECK(!is_done(), "a handshake that is done reads no more");
  if (const auto status = connection_->receive(wire); !status.ok()) {
    return Failure{HandshakeError{std::string(describe(status.error()))}};
  }
  if (!connection_->established()) return Unit{};
  if (!sent_info_) {
    sent_info_ = true;
    const auto status = connection_->write(encode_delimited(own_));
    CHECK(status.ok(), "the first frames of a connection have nonces");
  }
  append(data_, connection_->take_data());
  auto info = take_node_info(data_);
  if (!info.ok()) return Failure{HandshakeError{describe(info.error())}};
  if (!info->has_value()) return Unit{};
  if (const auto status = check_compatible(own_, **info, id()); !status.ok()) {
    return Failure{
        HandshakeError{describe(status.error()), status.error().rule == NodeInfoRule::kSelf}};
  }
  peer_ = **std::move(info);
  return Unit{};
}

}  // namespace buri::consensus::p2p
