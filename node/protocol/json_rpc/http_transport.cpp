#include "node/protocol/json_rpc/http_transport.hpp"

#include <boost/asio/ssl/context.hpp>
#include <mutex>
#include <optional>

#include "node/protocol/json_rpc/connection.hpp"
#include "node/protocol/json_rpc/resolver.hpp"

namespace buri::protocol::json_rpc {
namespace {

constexpr std::size_t kMaxIdleConnections = 4;
/// Servers close idle connections, commonly after a minute or two; ours are dropped before.
constexpr std::chrono::seconds kMaxIdle{20};

namespace ssl = boost::asio::ssl;

Result<std::unique_ptr<ssl::context>, std::string> make_context(
    const endpoints::Transport& options) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(options.tls_verify ? ssl::verify_peer : ssl::verify_none, error);
  if (options.tls_authority_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(options.tls_authority_file, error);
    if (error) {
      return Failure{"no certificates of authorities in " + options.tls_authority_file};
    }
  }
  return context;
}

}  // namespace

struct HttpTransport::State {
  struct Idle {
    std::unique_ptr<Connection> connection;
    MonotonicTime since;
  };
  struct Endpoint {
    explicit Endpoint(endpoints::Url address)
        : url(std::move(address)), resolver(url.host, url.port) {}

    const endpoints::Url url;
    Resolver resolver;
    std::mutex mutex;
    std::vector<Idle> idle;
  };

  State(const endpoints::Transport& transport_options, const Clock& injected_clock)
      : options(transport_options), clock(injected_clock) {}

  /// The connection that was used last, if it is not too old.
  std::unique_ptr<Connection> take_idle(Endpoint& endpoint) const {
    const std::lock_guard lock(endpoint.mutex);
    while (!endpoint.idle.empty()) {
      Idle last = std::move(endpoint.idle.back());
      endpoint.idle.pop_back();
      if (clock.monotonic() - last.since <= kMaxIdle) return std::move(last.connection);
    }
    return nullptr;
  }

  void keep(Endpoint& endpoint, std::unique_ptr<Connection> connection) const {
    const std::lock_guard lock(endpoint.mutex);
    if (endpoint.idle.size() >= kMaxIdleConnections) endpoint.idle.erase(endpoint.idle.begin());
    endpoint.idle.push_back({std::move(connection), clock.monotonic()});
  }

  Result<std::unique_ptr<Connection>, TransportError> open(Endpoint& endpoint,
                                                           MonotonicTime deadline) {
    ASSIGN_OR_RETURN(const auto addresses, endpoint.resolver.resolve(deadline - clock.monotonic()));
    return connect(endpoint.url, addresses, *tls, clock, deadline);
  }

  const endpoints::Transport options;
  const Clock& clock;
  std::unique_ptr<ssl::context> tls;
  std::vector<std::unique_ptr<Endpoint>> list;  // last: its connections borrow the others
};

HttpTransport::HttpTransport(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpTransport::~HttpTransport() = default;

Result<std::unique_ptr<HttpTransport>, std::string> HttpTransport::create(
    std::vector<endpoints::Url> endpoints, const endpoints::Transport& options,
    const Clock& clock) {
  CHECK(!endpoints.empty(), "a transport without endpoints");
  auto state = std::make_unique<State>(options, clock);
  ASSIGN_OR_RETURN(state->tls, make_context(options));
  for (auto& url : endpoints) {
    state->list.push_back(std::make_unique<State::Endpoint>(std::move(url)));
  }
  return std::unique_ptr<HttpTransport>(new HttpTransport(std::move(state)));
}

std::size_t HttpTransport::size() const { return state_->list.size(); }

std::string HttpTransport::label(std::size_t endpoint) const {
  return state_->list[endpoint]->url.label();
}

Result<std::string, TransportError> HttpTransport::post(std::size_t endpoint_index,
                                                        std::string_view body,
                                                        MonotonicTime deadline) {
  State::Endpoint& endpoint = *state_->list[endpoint_index];
  const std::uint64_t max_bytes = state_->options.max_response_bytes;
  // Kept connections may all have been closed by the server; every call of ours can be repeated.
  for (auto connection = state_->take_idle(endpoint); connection != nullptr;
       connection = state_->take_idle(endpoint)) {
    auto answer = connection->post(body, max_bytes, deadline);
    if (!answer.ok() && answer.error().was_silent_close) continue;
    if (!answer.ok()) return Failure{answer.error().error};
    if (answer->keeps_connection) state_->keep(endpoint, std::move(connection));
    return std::move(answer->body);
  }
  ASSIGN_OR_RETURN(auto connection, state_->open(endpoint, deadline));
  auto answer = connection->post(body, max_bytes, deadline);
  if (!answer.ok()) return Failure{answer.error().error};
  if (answer->keeps_connection) state_->keep(endpoint, std::move(connection));
  return std::move(answer->body);
}

}  // namespace buri::protocol::json_rpc
