#pragma once

#include <map>

#include "node/consensus/host/loop.hpp"
#include "node/consensus/p2p/peer_heights.hpp"
#include "node/consensus/p2p/reactor.hpp"

/// What stands around a reactor, by script.

namespace buri::consensus::testing {

/// Remembers what is sent; a peer has room for as many messages as it is given.
class ScriptedNetwork final : public p2p::PeerNetwork {
 public:
  bool send(const p2p::NodeId& to, std::uint8_t /*channel*/, Bytes message) override {
    if (!can_send(to, 0)) return false;
    --room[to];
    sent[to].push_back(std::move(message));
    return true;
  }
  [[nodiscard]] bool can_send(const p2p::NodeId& to, std::uint8_t /*channel*/) const override {
    const auto found = room.find(to);
    return found != room.end() && found->second > 0;
  }
  std::size_t broadcast(std::uint8_t channel, ByteView message) override {
    std::size_t count = 0;
    for (auto& [id, left] : room) {
      count += send(id, channel, Bytes(message.begin(), message.end())) ? 1 : 0;
    }
    return count;
  }
  void disconnect(const p2p::NodeId& id, p2p::Refusal reason) override {
    disconnected[id] = reason;
  }
  void mark_good(const p2p::NodeId& /*id*/) override {}

  std::map<p2p::NodeId, std::size_t> room;
  std::map<p2p::NodeId, std::vector<Bytes>> sent;
  std::map<p2p::NodeId, p2p::Refusal> disconnected;
};

class ScriptedHeights final : public p2p::PeerHeights {
 public:
  [[nodiscard]] std::optional<std::int64_t> height_of(const p2p::NodeId& peer) const override {
    const auto found = heights.find(peer);
    return found == heights.end() ? std::nullopt : std::optional(found->second);
  }
  std::map<p2p::NodeId, std::int64_t> heights;
};

/// Runs work when it is told to.
class ManualApplicationThread final : public host::ApplicationExecutor {
 public:
  void post_first(std::function<void()> work) override { work_.insert(work_.begin(), work); }
  bool post_later(std::function<void()> work) override {
    if (is_full) return false;
    work_.push_back(std::move(work));
    return true;
  }
  void run() {
    while (!work_.empty()) {
      const auto work = std::move(work_.front());
      work_.erase(work_.begin());
      work();
    }
  }
  bool is_full = false;

 private:
  std::vector<std::function<void()>> work_;
};

inline p2p::NodeId node_number(std::uint8_t number) {
  p2p::NodeId id;
  id.bytes[0] = number;
  return id;
}

}  // namespace buri::consensus::testing
