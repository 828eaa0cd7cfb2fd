#include "hsm/signer/privval/dialler.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "hsm/signer/unix_socket.hpp"

namespace buri::hsm::signer::privval {
namespace {

constexpr int kRedialMs = 200;
// The daemon pings every 3.3 s; one that is silent for so long is not there.
constexpr int kSilenceMs = 10'000;
// A message that began is whole by then, and an answer taken.
constexpr int kMessageMs = 2'000;
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr int kNotListed = -1;  // beside values of errno

}  // namespace

Dialler::Dialler(DiallerOptions options, PeerSigner signer, Logger logger, Metrics& metrics)
    : options_(std::move(options)),
      signer_(std::move(signer)),
      logger_(std::move(logger)),
      connections_(metrics.counter("buri_signer_privval_connections_total",
                                   "Connections made to a stock daemon",
                                   {{"socket", options_.path}})),
      turned_away_(metrics.counter("buri_signer_privval_turned_away_total",
                                   "Daemons hung up on because they are not on the list",
                                   {{"socket", options_.path}})) {}

Result<std::unique_ptr<Dialler>, std::string> Dialler::start(DiallerOptions options,
                                                             PeerSigner signer, Logger logger,
                                                             Metrics& metrics) {
  if (!unix_address(options.path)) return Failure{options.path + ": too long for a socket"};
  std::unique_ptr<Dialler> dialler(
      new Dialler(std::move(options), std::move(signer), std::move(logger), metrics));
  dialler->wake_ = ::eventfd(0, EFD_CLOEXEC);
  if (dialler->wake_ < 0) return Failure{std::string("no eventfd for privval")};
  dialler->thread_ = std::thread([raw = dialler.get()] { raw->run(); });
  return dialler;
}

Dialler::~Dialler() {
  ends_ = true;
  const std::uint64_t one = 1;
  if (wake_ >= 0) (void)!::write(wake_, &one, sizeof one);
  if (thread_.joinable()) thread_.join();
  if (wake_ >= 0) ::close(wake_);
}

void Dialler::run() {
  while (!ends_) {
    Peer peer;
    const int descriptor = dial(peer);
    if (descriptor >= 0) {
      serve(descriptor, peer);
      ::close(descriptor);
    }
    if (!ends_) (void)wait(-1, 0, kRedialMs);
  }
}

int Dialler::dial(Peer& peer) {
  const auto address = unix_address(options_.path);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -1;
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    log_failure(errno);
  } else {
    const auto who = peer_of(descriptor);
    if (who && is_listed(*who, options_.uids, options_.gids)) {
      last_failure_ = 0;
      peer = *who;
      return descriptor;
    }
    turned_away_.add();
    log_failure(kNotListed);
  }
  ::close(descriptor);
  return -1;
}

void Dialler::log_failure(int reason) {
  if (std::exchange(last_failure_, reason) == reason) return;
  const std::string why = reason == kNotListed ? "its user is not on the list"
                                               : std::generic_category().message(reason);
  logger_.warning("daemon not reached", {{"socket", options_.path}, {"why", why}});
}

void Dialler::serve(int descriptor, const Peer& peer) {
  connections_.add();
  logger_.info("daemon connected", {{"socket", options_.path}, {"peer", peer.text()}});
  Session session([&](const wire::RequestBody& request) { return signer_(request, peer); });
  std::array<std::uint8_t, kReadBytes> buffer;
  while (wait(descriptor, POLLIN, session.is_amid_message() ? kMessageMs : kSilenceMs)) {
    const ssize_t count = ::recv(descriptor, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) break;
    const auto replies = session.take(ByteView(buffer).first(static_cast<std::size_t>(count)));
    if (!replies || !send_all(descriptor, *replies)) break;
  }
  logger_.info("daemon disconnected", {{"socket", options_.path}});
}

bool Dialler::wait(int descriptor, short events, int patience_ms) const {
  std::array<pollfd, 2> ready{{{wake_, POLLIN, 0}, {descriptor, events, 0}}};
  const int count = ::poll(ready.data(), ready.size(), patience_ms);
  if (count < 0) return errno == EINTR && !ends_;
  return count > 0 && !ends_;
}

bool Dialler::send_all(int descriptor, ByteView bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if ((errno != EAGAIN && errno != EINTR) || !wait(descriptor, POLLOUT, kMessageMs)) {
      return false;
    }
  }
  return true;
}

}  // namespace buri::hsm::signer::privval
