#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <list>
#include <thread>

#include "base/check.hpp"
#include "tests/support/hsm/etcd_cluster.hpp"

namespace buri::hsm::testing_support {
namespace {

constexpr int kPollMs = 5;
constexpr std::size_t kChunkBytes = 65536;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

/// Two sockets whose bytes go to each other.
struct Pair {
  int client;
  int server;
};

/// False when either side has ended.
bool forward(int from, int to) {
  std::array<char, kChunkBytes> bytes;
  const ssize_t count = ::recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN;
  for (ssize_t done = 0; done < count;) {
    const ssize_t sent =
        ::send(to, bytes.data() + done, static_cast<std::size_t>(count - done), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    done += sent;
  }
  return count > 0;
}

}  // namespace

struct TcpProxy::State {
  int listener = -1;
  std::uint16_t target_port = 0;
  std::atomic<bool> is_cut{false};
  std::atomic<bool> ends{false};
  std::list<Pair> pairs;
  std::thread thread;

  void accept_one() {
    const int client = ::accept(listener, nullptr, nullptr);
    if (client < 0) return;
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(target_port);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(client);
      ::close(server);
      return;
    }
    pairs.push_back({client, server});
  }

  // While cut, connections stay open and silent, as behind a firewall that drops.
  void run() {
    while (!ends) {
      pollfd ready{listener, POLLIN, 0};
      if (is_cut) {
        ::usleep(kPollMs * 1000);
        continue;
      }
      if (::poll(&ready, 1, pairs.empty() ? kPollMs : 0) == 1) accept_one();
      bool moved = false;
      for (auto pair = pairs.begin(); pair != pairs.end();) {
        std::array<pollfd, 2> sides = {pollfd{pair->client, POLLIN, 0},
                                       pollfd{pair->server, POLLIN, 0}};
        ::poll(sides.data(), sides.size(), 0);
        bool open = true;
        if (sides[0].revents != 0) open = forward(pair->client, pair->server), moved = true;
        if (open && sides[1].revents != 0) open = forward(pair->server, pair->client), moved = true;
        if (!open) {
          ::close(pair->client);
          ::close(pair->server);
        }
        pair = open ? std::next(pair) : pairs.erase(pair);
      }
      if (!moved) ::usleep(200);
    }
    for (const Pair& pair : pairs) {
      ::close(pair.client);
      ::close(pair.server);
    }
    ::close(listener);
  }
};

TcpProxy::TcpProxy(std::uint16_t target_port) : state_(std::make_unique<State>()) {
  state_->target_port = target_port;
  state_->listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  CHECK(::bind(state_->listener, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
            ::listen(state_->listener, 16) == 0 &&
            ::getsockname(state_->listener, reinterpret_cast<sockaddr*>(&address), &length) == 0,
        "the proxy listens");
  port_ = ntohs(address.sin_port);
  state_->thread = std::thread([this] { state_->run(); });
}

TcpProxy::~TcpProxy() {
  state_->ends = true;
  state_->thread.join();
}

void TcpProxy::cut(bool is_cut) { state_->is_cut = is_cut; }

}  // namespace buri::hsm::testing_support
