#include "hsm/signer/socket_server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "hsm/signer/unix_socket.hpp"

namespace buri::hsm::signer {
namespace {

constexpr int kBacklog = 16;

std::string system_error(const std::string& what) {
  return what + ": " + std::strerror(errno);  // NOLINT(*-mt-unsafe): start-up, one thread
}

/// The first descriptor that came with a message; any further one is closed.
int take_descriptor(msghdr& message) {
  int taken = -1;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
      if (taken < 0) {
        taken = descriptor;
      } else {
        ::close(descriptor);
      }
    }
  }
  return taken;
}

}  // namespace

SocketServer::SocketServer(SocketOptions options, FrameHandler handler, Logger logger,
                           Metrics& metrics)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      logger_(std::move(logger)),
      turned_away_(metrics.counter("buri_signer_peers_turned_away_total",
                                   "Connections of peers that are not on the list or too many",
                                   {{"socket", options_.path}})),
      dropped_(metrics.counter("buri_signer_peers_dropped_total",
                               "Connections closed for oversized frames or unread answers",
                               {{"socket", options_.path}})),
      buffer_(options_.max_frame_bytes + 1) {}

Result<std::unique_ptr<SocketServer>, std::string> SocketServer::listen(
    const SocketOptions& options, FrameHandler handler, Logger logger, Metrics& metrics) {
  std::unique_ptr<SocketServer> server(
      new SocketServer(options, std::move(handler), std::move(logger), metrics));
  RETURN_IF_ERROR(server->bind_socket());
  server->thread_ = std::thread([raw = server.get()] { raw->run(); });
  return server;
}

SocketServer::~SocketServer() {
  ends_ = true;
  const std::uint64_t one = 1;
  if (wake_ >= 0) (void)!::write(wake_, &one, sizeof one);
  if (thread_.joinable()) thread_.join();
  for (const Connection& connection : connections_) ::close(connection.descriptor);
  if (listener_ >= 0) {
    ::close(listener_);
    ::unlink(options_.path.c_str());
  }
  if (wake_ >= 0) ::close(wake_);
}

// The state directory's lock keeps two signers apart, so a socket file that is in the way is a
// leftover.
Status<std::string> SocketServer::bind_socket() {
  const auto address = unix_address(options_.path);
  if (!address) return Failure{options_.path + ": too long for a socket"};
  const int type = options_.framing == Framing::kLine ? SOCK_STREAM : SOCK_SEQPACKET;
  const int listener = ::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return Failure{system_error("socket")};
  ::unlink(options_.path.c_str());
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0 ||
      ::chmod(options_.path.c_str(), options_.mode) != 0 || ::listen(listener, kBacklog) != 0) {
    std::string error = system_error(options_.path);
    ::close(listener);
    return Failure{std::move(error)};
  }
  listener_ = listener;
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  if (wake_ < 0) return Failure{system_error("eventfd")};
  return Unit{};
}

void SocketServer::run() {
  while (!ends_) {
    std::vector<pollfd> ready = {{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Connection& one : connections_) ready.push_back({one.descriptor, POLLIN, 0});
    if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    for (std::size_t i = connections_.size(); i-- > 0;) {
      if (ready[i + 2].revents == 0 || serve(connections_[i])) continue;
      ::close(connections_[i].descriptor);
      connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (ready[1].revents != 0) accept_one();
  }
}

void SocketServer::accept_one() {
  const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor < 0) return;
  const std::optional<Peer> peer = peer_of(descriptor);
  if (!peer || !is_listed(*peer, options_.uids, options_.gids) ||
      connections_.size() >= options_.max_connections) {
    logger_.warning("peer turned away",
                    {{"socket", options_.path}, {"peer", peer.value_or(Peer{}).text()}});
    turned_away_.add();
    ::close(descriptor);
    return;
  }
  connections_.push_back({descriptor, *peer, {}});
}

// Reads one packet or some bytes of a stream. A packet longer than the limit arrives cut and ends
// the connection.
bool SocketServer::serve(Connection& connection) {
  iovec part{buffer_.data(), buffer_.size()};
  alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(4 * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count = ::recvmsg(connection.descriptor, &message, MSG_CMSG_CLOEXEC);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  const int descriptor = take_descriptor(message);
  const auto byte_count = static_cast<std::size_t>(count);
  if (options_.framing == Framing::kLine) {
    if (descriptor >= 0) ::close(descriptor);
    return byte_count != 0 && take_lines(connection, ByteView(buffer_).first(byte_count));
  }
  if (byte_count == 0 || byte_count > options_.max_frame_bytes ||
      (message.msg_flags & MSG_TRUNC) != 0) {
    if (descriptor >= 0) ::close(descriptor);
    if (byte_count != 0) dropped_.add();
    return false;
  }
  return answer(connection, ByteView(buffer_).first(byte_count), descriptor);
}

bool SocketServer::take_lines(Connection& connection, ByteView bytes) {
  for (;;) {
    const auto end = std::find(bytes.begin(), bytes.end(), '\n');
    const auto part = static_cast<std::size_t>(end - bytes.begin());
    if (connection.line.size() + part > options_.max_frame_bytes) {
      dropped_.add();
      return false;
    }
    append(connection.line, bytes.first(part));
    if (end == bytes.end()) return true;
    bytes = bytes.subspan(part + 1);
    const Bytes line = std::exchange(connection.line, {});
    if (!answer(connection, line, -1)) return false;
  }
}

bool SocketServer::answer(Connection& connection, ByteView bytes, int descriptor) {
  const Bytes reply = handler_({bytes, descriptor}, connection.peer);
  if (reply.empty()) return false;
  for (ByteView rest = reply;;) {
    const ssize_t sent = ::send(connection.descriptor, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent > 0) rest = rest.subspan(static_cast<std::size_t>(sent));
    if (rest.empty()) return true;
    if (sent >= 0 || errno == EINTR) continue;
    pollfd writable{connection.descriptor, POLLOUT, 0};
    const auto patience = static_cast<int>(options_.send_patience.count());
    if (errno != EAGAIN || ::poll(&writable, 1, patience) != 1) break;
  }
  dropped_.add();
  return false;
}

}  // namespace buri::hsm::signer
