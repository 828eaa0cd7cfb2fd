#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/log.hpp"
#include "node/protocol/endpoints/caller.hpp"
#include "node/protocol/json_rpc/message.hpp"
#include "node/protocol/json_rpc/transport.hpp"

/// JSON-RPC calls over a list of endpoints of one chain: the next endpoint is asked when one does
/// not answer, answers nonsense, or turns out to serve another chain.

namespace buri::protocol::json_rpc {

struct ClientOptions {
  endpoints::CallTimes times;
  JsonLimits limits;
  /// What eth_chainId must say at every endpoint. If none is given, what the first endpoint of the
  /// list says, or another one while that one does not answer.
  std::optional<std::uint64_t> chain_id;
};

/// Thread-safe.
class Client {
 public:
  /// Reads the answers to a call, in the order of its requests. False if they are not what a sound
  /// server says; then the next endpoint is asked and the reader called again.
  using Reader = std::function<bool(const std::vector<Answer>& answers)>;

  Client(std::unique_ptr<Transport> transport, const ClientOptions& options, endpoints::World world,
         Logger logger);

  /// One HTTP request with all of `requests`. False if no endpoint gave answers that the reader
  /// took before the time was over. Errors that are the server's fault never reach the reader.
  bool ask(std::span<const Request> requests, const Reader& reader);
  bool ask(const Request& request, const std::function<bool(const Answer& answer)>& reader);

  /// The chain id in force; nothing before it was given or learned.
  [[nodiscard]] std::optional<std::uint64_t> chain_id() const;

 private:
  bool attempt(std::size_t endpoint, MonotonicTime deadline, std::span<const Request> requests,
               const Reader& reader);
  bool identify(std::size_t endpoint, MonotonicTime deadline);
  std::optional<std::vector<Answer>> exchange(std::size_t endpoint, MonotonicTime deadline,
                                              std::span<const Request> requests);
  void complain(std::size_t endpoint, std::string_view what) const;

  const ClientOptions options_;
  const std::unique_ptr<Transport> transport_;
  endpoints::Caller caller_;
  const Logger logger_;
  std::atomic<std::uint64_t> next_id_{1};
  mutable std::mutex mutex_;
  std::optional<std::uint64_t> chain_id_;
  std::vector<bool> is_identified_;
};

}  // namespace buri::protocol::json_rpc
