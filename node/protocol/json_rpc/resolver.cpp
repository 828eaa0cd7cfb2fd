#include "node/protocol/json_rpc/resolver.hpp"

#include <netdb.h>

#include <boost/asio/ip/address.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace buri::protocol::json_rpc {
namespace {

using boost::asio::ip::tcp;

constexpr std::size_t kMaxAddresses = 16;

std::vector<tcp::endpoint> look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  std::vector<tcp::endpoint> found;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return found;
  for (const addrinfo* one = list; one != nullptr && found.size() < kMaxAddresses;
       one = one->ai_next) {
    tcp::endpoint endpoint;
    if (one->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    endpoint.resize(one->ai_addrlen);
    endpoint.port(port);
    found.push_back(endpoint);
  }
  ::freeaddrinfo(list);
  return found;
}

}  // namespace

/// Shared with the thread that looks up, which may outlive the resolver.
struct Resolver::Lookup {
  std::mutex mutex;
  std::condition_variable done;
  bool is_running = false;
  std::uint64_t finished = 0;
  std::vector<tcp::endpoint> addresses;
};

bool Resolver::start() {
  try {
    std::thread([lookup = lookup_, host = host_, port = port_] {
      auto addresses = look_up(host, port);
      const std::lock_guard guard(lookup->mutex);
      lookup->addresses = std::move(addresses);
      lookup->is_running = false;
      ++lookup->finished;
      lookup->done.notify_all();
    }).detach();
  } catch (const std::system_error&) {
    return false;  // no more threads
  }
  lookup_->is_running = true;
  return true;
}

Resolver::Resolver(std::string host, std::uint16_t port)
    : host_(std::move(host)), port_(port), lookup_(std::make_shared<Lookup>()) {}

Resolver::~Resolver() = default;

Result<std::vector<tcp::endpoint>, TransportError> Resolver::resolve(
    std::chrono::nanoseconds patience) {
  boost::system::error_code not_numeric;
  const auto numeric = boost::asio::ip::make_address(host_, not_numeric);
  if (!not_numeric) return std::vector<tcp::endpoint>{{numeric, port_}};

  std::unique_lock lock(lookup_->mutex);
  const std::uint64_t before = lookup_->finished;
  if (!lookup_->is_running && !start()) return Failure{TransportError::kResolve};
  const bool is_in_time =
      lookup_->done.wait_for(lock, patience, [&] { return lookup_->finished != before; });
  if (!is_in_time) return Failure{TransportError::kTimeout};
  if (lookup_->addresses.empty()) return Failure{TransportError::kResolve};
  return lookup_->addresses;
}

}  // namespace buri::protocol::json_rpc
