#include "node/consensus/p2p/network_core.hpp"

#include <boost/asio/post.hpp>

#include "base/hex.hpp"

/// What becomes of connections: established, admitted, heard, ended.

namespace buri::consensus::p2p {

namespace asio = boost::asio;

void LiveNetwork::Core::perform(const SwitchEffects& effects) {
  for (const SwitchEffect& effect : effects) {
    if (const auto* dialled = std::get_if<DialPeer>(&effect)) call(dialled->address);
    if (const auto* admitted = std::get_if<AdmitPeer>(&effect)) admit(admitted->connection);
    if (const auto* closed = std::get_if<ClosePeer>(&effect)) close(*closed);
    if (const auto* sent = std::get_if<SendPex>(&effect)) {
      const auto found = entries_.find(sent->connection);
      if (found != entries_.end()) found->second.connection->send(kPexChannel, sent->message);
    }
    if (std::holds_alternative<SaveBook>(effect) && options_.save_book) {
      options_.save_book(book_.record());
    }
  }
  arm_timer();
}

void LiveNetwork::Core::call(const PeerAddress& address) {
  if (is_stopping_) return;
  const ConnectionId id = ++last_id_;
  const auto connection = make_connection(Strand(executor_), id);
  entries_.at(id).called = address.id;
  connection->dial(address);
}

void LiveNetwork::Core::established(Newcomer newcomer) {
  asio::post(strand_, [self = shared_from_this(), newcomer = std::move(newcomer)]() mutable {
    const ConnectionId id = newcomer.connection;
    self->slots_.give_back(id);
    const auto found = self->entries_.find(id);
    if (found == self->entries_.end() || self->is_stopping_) return;
    found->second.called.reset();
    const auto effects = self->switch_.newcomer(newcomer);
    self->newcomers_.emplace(id, std::move(newcomer));
    self->perform(effects);
    self->newcomers_.erase(id);
  });
}

void LiveNetwork::Core::admit(ConnectionId id) {
  Entry& entry = entries_.at(id);
  const Newcomer& newcomer = newcomers_.at(id);
  const PeerSummary peer{newcomer.id, newcomer.direction, newcomer.ip, newcomer.info};
  entry.admitted = newcomer.id;
  entry.connection->admit();
  {
    const std::lock_guard lock(mutex_);
    admitted_[newcomer.id] = {
        entry.connection, {peer, switch_.is_persistent(newcomer.id), clock_.monotonic(), {}, {}}};
  }
  logger_.info("A peer is connected.",
               {{"peer", newcomer.info.id},
                {"ip", newcomer.ip.to_text()},
                {"direction", peer.direction == Direction::kInbound ? "in" : "out"},
                {"version", newcomer.info.version}});
  for (Reactor* reactor : reactors_) reactor->peer_added(peer);
}

void LiveNetwork::Core::close(const ClosePeer& effect) {
  const auto found = entries_.find(effect.connection);
  if (found == entries_.end()) return;
  // Nobody hears the peer from here on; the switch and the owners lose it when it has ended.
  found->second.is_closing = true;
  found->second.connection->close(std::string(describe(effect.reason)), effect.flush);
}

void LiveNetwork::Core::received(ConnectionId connection, std::vector<IncomingMessage> messages) {
  asio::post(strand_,
             [self = shared_from_this(), connection, messages = std::move(messages)]() mutable {
               self->take_messages(connection, std::move(messages));
             });
}

void LiveNetwork::Core::take_messages(ConnectionId id, std::vector<IncomingMessage> messages) {
  for (IncomingMessage& message : messages) {
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second.is_closing || !found->second.admitted) return;
    const NodeId from = *found->second.admitted;
    if (message.channel == kPexChannel) {
      perform(switch_.receive_pex(id, message.bytes));
    } else {
      owner_of_[message.channel]->receive(from, std::move(message));
    }
  }
}

void LiveNetwork::Core::ended(ConnectionId connection, ConnectionEnd end) {
  asio::post(strand_, [self = shared_from_this(), connection, end = std::move(end)] {
    self->take_end(connection, end);
  });
}

void LiveNetwork::Core::take_end(ConnectionId id, const ConnectionEnd& end) {
  slots_.give_back(id);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  const Entry entry = std::move(found->second);
  entries_.erase(found);
  connection_count_ = entries_.size();
  if (entry.admitted) {
    remove_peer(*entry.admitted, end.reason);
    perform(switch_.lost(id));
  } else if (entry.called) {
    logger_.debug("A call failed.", {{"peer", to_hex(*entry.called)}, {"reason", end.reason}});
    perform(switch_.dial_failed(*entry.called,
                                end.is_self ? DialFailure::kSelf : DialFailure::kUnreachable));
  } else {
    logger_.debug("A caller was refused.", {{"reason", end.reason}});
  }
  finish_stop();
}

void LiveNetwork::Core::remove_peer(const NodeId& id, const std::string& reason) {
  {
    const std::lock_guard lock(mutex_);
    admitted_.erase(id);
  }
  logger_.info("A peer is gone.", {{"peer", to_hex(id)}, {"reason", reason}});
  for (Reactor* reactor : reactors_) reactor->peer_removed(id, reason);
}

void LiveNetwork::Core::disconnect(const NodeId& id, Refusal reason) {
  asio::post(strand_, [self = shared_from_this(), id, reason] {
    self->perform(self->switch_.disconnect(id, reason));
  });
}

void LiveNetwork::Core::mark_good(const NodeId& id) {
  asio::post(strand_, [self = shared_from_this(), id] { self->switch_.mark_good(id); });
}

std::shared_ptr<PeerConnection> LiveNetwork::Core::connection_of(const NodeId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = admitted_.find(id);
  return found == admitted_.end() ? nullptr : found->second.connection;
}

std::vector<std::shared_ptr<PeerConnection>> LiveNetwork::Core::admitted() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<PeerConnection>> connections;
  for (const auto& [id, admitted] : admitted_) connections.push_back(admitted.connection);
  return connections;
}

std::vector<PeerStatus> LiveNetwork::Core::peers() const {
  std::vector<PeerStatus> peers;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, admitted] : admitted_) {
    PeerStatus status = admitted.status;
    status.traffic = admitted.connection->traffic();
    status.messages = admitted.connection->messages();
    peers.push_back(std::move(status));
  }
  return peers;
}

}  // namespace buri::consensus::p2p
