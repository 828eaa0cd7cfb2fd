#include "node/devnet/ports.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <string>

#include "base/descriptor.hpp"

namespace buri::devnet {
namespace {

constexpr std::uint16_t kFirst = 12'000;
constexpr std::uint16_t kLast = 31'999;

bool is_free(std::uint16_t port) {
  const Descriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;  // as the daemons do: what a closed connection left behind does not matter
  ::setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
         ::listen(probe.get(), 1) == 0;
}

}  // namespace

Result<std::vector<std::uint16_t>, std::string> free_ports(std::size_t count, Random& random) {
  constexpr std::uint32_t kRange = kLast - kFirst + 1;
  const auto start = static_cast<std::uint32_t>(random.below(kRange));
  std::vector<std::uint16_t> ports;
  for (std::uint32_t i = 0; i < kRange && ports.size() < count; ++i) {
    const auto port = static_cast<std::uint16_t>(kFirst + (start + i) % kRange);
    if (is_free(port)) ports.push_back(port);
  }
  if (ports.size() < count) {
    return Failure{"expected " + std::to_string(count) + " free ports of 127.0.0.1 from " +
                   std::to_string(kFirst) + " to " + std::to_string(kLast) + ", found " +
                   std::to_string(ports.size())};
  }
  return ports;
}

}  // namespace buri::devnet
