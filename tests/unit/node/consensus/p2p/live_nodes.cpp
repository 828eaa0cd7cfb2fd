#include "tests/unit/node/consensus/p2p/live_nodes.hpp"

#include <poll.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <future>

#include "base/hex.hpp"

namespace buri::consensus::p2p::testing {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

bool eventually(const std::function<bool()>& condition, milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

NodeInfo test_info(std::string moniker) {
  NodeInfo info;
  info.protocol_version = {8, 11, 0};
  info.network = "test-1";
  info.version = "0.38.17";
  info.moniker = std::move(moniker);
  return info;
}

std::span<const std::uint8_t> Listener::channels() const {
  static constexpr std::array<std::uint8_t, 9> kAll{
      kBlockSyncChannel, kStateChannel,    kDataChannel,     kVoteChannel, kVoteSetBitsChannel,
      kMempoolChannel,   kEvidenceChannel, kSnapshotChannel, kChunkChannel};
  return kAll;
}

void Listener::peer_added(const PeerSummary& peer) {
  const std::lock_guard lock(mutex_);
  CHECK(peers_.emplace(peer.id, peer).second, "a peer is added once");
}

void Listener::peer_removed(const NodeId& id, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  CHECK(peers_.erase(id) == 1, "only a peer that was added is removed");
  last_reason_ = reason;
}

void Listener::receive(const NodeId& from, IncomingMessage message) {
  const std::lock_guard lock(mutex_);
  CHECK(peers_.contains(from), "only peers are heard");
  ++count_;
  bytes_ += message.bytes.size();
  heard_[message.channel].push_back(std::move(message.bytes));
  if (keeps_) holds_.push_back(std::move(message.hold));
}

void Listener::keep_holds(bool keep) {
  std::vector<MessageHold> dropped;
  const std::lock_guard lock(mutex_);
  keeps_ = keep;
  dropped.swap(holds_);
}

std::size_t Listener::peer_count() const {
  const std::lock_guard lock(mutex_);
  return peers_.size();
}

std::string Listener::last_reason() const {
  const std::lock_guard lock(mutex_);
  return last_reason_;
}

std::vector<Bytes> Listener::heard(std::uint8_t channel) const {
  const std::lock_guard lock(mutex_);
  const auto found = heard_.find(channel);
  return found == heard_.end() ? std::vector<Bytes>() : found->second;
}

std::size_t Listener::heard_count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

std::size_t Listener::heard_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

NetworkOptions quick_options() {
  NetworkOptions options;
  options.listen_host = "127.0.0.1";
  options.listen_port = 0;
  options.strict_addresses = false;
  options.peers.allow_duplicate_ip = true;
  options.peers.dial_jitter = milliseconds(0);
  options.connections.watch_interval = milliseconds(20);
  options.connections.flush_timeout = milliseconds(500);
  return options;
}

LiveNode::LiveNode(NetworkOptions options, NodeInfo info, NodeKey key) : key_(std::move(key)) {
  network_ = std::make_unique<LiveNetwork>(
      context_.get_executor(), NodeIdentity{&key_, std::move(info)}, std::move(options),
      system_random(), system_clock(), Logger("p2p", LogLevel::kOff));
  network_->add_reactor(listener_);
  const auto port = network_->start();
  CHECK(port.ok(), "a free port of the loopback interface is listened on");
  port_ = port.value();
  for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { context_.run(); });
}

void LiveNode::stop() {
  if (threads_.empty()) return;
  std::promise<void> stopped;
  network_->stop([&] { stopped.set_value(); });
  stopped.get_future().wait();
  context_.stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

LiveNode::~LiveNode() { stop(); }

/// Of all raw peers: each context would take descriptors of its own.
asio::io_context& raw_context() {
  static asio::io_context context;
  return context;
}

RawPeer::RawPeer(std::uint16_t port, const std::string& from)
    : key_(NodeKey::generate(system_random())), socket_(raw_context()) {
  error_code error;
  socket_.open(asio::ip::tcp::v4(), error);
  socket_.bind({asio::ip::make_address(from), 0}, error);
  CHECK(!error, "every address of 127.0.0.0/8 is ours");
  socket_.connect({asio::ip::make_address("127.0.0.1"), port}, error);
}

bool RawPeer::shake_hands(NodeInfo info) {
  info.id = to_hex(key_.id());
  if (info.listen_address.empty()) info.listen_address = "tcp://127.0.0.1:1";
  if (info.channels.empty()) info.channels = {0x00, 0x20, 0x21, 0x22, 0x23, 0x30, 0x38, 0x40};
  connection_ = std::make_unique<SecretConnection>(key_, system_random());
  std::array<std::uint8_t, 4096> buffer;
  Bytes theirs;
  bool sent = false;
  while (true) {
    if (connection_->established() && !std::exchange(sent, true)) {
      CHECK(connection_->write(encode_delimited(info)).ok(), "the first frames have nonces");
    }
    if (!send_wire(connection_->take_output())) return false;
    if (take_node_info(theirs).value().has_value()) return true;
    error_code error;
    const std::size_t count = socket_.read_some(asio::buffer(buffer), error);
    if (error || !connection_->receive(ByteView(buffer).first(count)).ok()) return false;
    if (connection_->established()) append(theirs, connection_->take_data());
  }
}

bool RawPeer::send_wire(ByteView wire) {
  error_code error;
  asio::write(socket_, asio::buffer(wire.data(), wire.size()), error);
  return !error;
}

bool RawPeer::send_packets(ByteView packets) {
  return connection_->write(packets).ok() && send_wire(connection_->take_output());
}

bool RawPeer::is_hung_up(milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::array<std::uint8_t, 65536> buffer;
  error_code error;
  while (!error && std::chrono::steady_clock::now() < end) {
    pollfd polled{socket_.native_handle(), POLLIN, 0};
    if (::poll(&polled, 1, 20) > 0) socket_.read_some(asio::buffer(buffer), error);
  }
  return static_cast<bool>(error);
}

}  // namespace buri::consensus::p2p::testing
