#include "hsm/signer/metrics_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>

namespace buri::hsm::signer {
namespace {

constexpr int kBacklog = 4;
constexpr int kPollMs = 200;
constexpr timeval kPatience{1, 0};
constexpr std::size_t kRequestBytes = 4096;

int bind_unix(const SocketOptions& options) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (options.path.size() >= sizeof address.sun_path) return -1;
  options.path.copy(address.sun_path, options.path.size());
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::unlink(options.path.c_str());
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::chmod(options.path.c_str(), options.mode) == 0) {
    return listener;
  }
  ::close(listener);
  return -1;
}

int bind_port(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return listener;
  }
  ::close(listener);
  return -1;
}

}  // namespace

Result<std::unique_ptr<MetricsServer>, std::string> MetricsServer::listen(
    const MetricsConfig& config, const Metrics& metrics) {
  const std::string path = config.socket ? config.socket->path : "";
  std::unique_ptr<MetricsServer> server(new MetricsServer(metrics, path));
  server->listener_ = config.socket ? bind_unix(*config.socket) : bind_port(config.port);
  if (server->listener_ < 0 || ::listen(server->listener_, kBacklog) != 0) {
    return Failure{std::string("the socket for metrics cannot be opened")};
  }
  server->thread_ = std::thread([raw = server.get()] { raw->run(); });
  return server;
}

MetricsServer::~MetricsServer() {
  ends_ = true;
  if (thread_.joinable()) thread_.join();
  if (listener_ >= 0) ::close(listener_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

void MetricsServer::run() {
  while (!ends_) {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, kPollMs) != 1) continue;
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) continue;
    serve(descriptor);
    ::close(descriptor);
  }
}

void MetricsServer::serve(int descriptor) const {
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  std::array<char, kRequestBytes> request;
  if (::recv(descriptor, request.data(), request.size(), 0) <= 0) return;
  const std::string body = metrics_.expose();
  const std::string answer =
      "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  for (std::size_t done = 0; done < answer.size();) {
    const ssize_t sent =
        ::send(descriptor, answer.data() + done, answer.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return;
    done += static_cast<std::size_t>(sent);
  }
}

}  // namespace buri::hsm::signer
