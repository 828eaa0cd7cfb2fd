#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/protocol/endpoints/settings.hpp"
#include "node/protocol/json_rpc/transport.hpp"

/// HTTP/1.1 over TCP or TLS through Boost.Beast: kept connections, one deadline over everything
/// from the look-up of the name to the last byte, bounded answers, certificates and names of
/// servers verified unless the operator says otherwise. Redirects are not followed, proxies not
/// used.

namespace buri::protocol::json_rpc {

class HttpTransport final : public Transport {
 public:
  /// Borrows `clock`. The error, for people, is that the file with authorities cannot be read.
  /// REQUIRES: endpoints is not empty.
  static Result<std::unique_ptr<HttpTransport>, std::string> create(
      std::vector<endpoints::Url> endpoints, const endpoints::Transport& options,
      const Clock& clock);
  ~HttpTransport() override;

  Result<std::string, TransportError> post(std::size_t endpoint, std::string_view body,
                                           MonotonicTime deadline) override;
  [[nodiscard]] std::size_t size() const override;
  [[nodiscard]] std::string label(std::size_t endpoint) const override;

 private:
  struct State;
  explicit HttpTransport(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace buri::protocol::json_rpc
