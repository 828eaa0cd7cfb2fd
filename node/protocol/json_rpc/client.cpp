#include "node/protocol/json_rpc/client.hpp"

#include <algorithm>

#include "base/json_cursor.hpp"

namespace buri::protocol::json_rpc {

std::string_view describe(TransportError error) {
  switch (error) {
    case TransportError::kResolve:
      return "the host has no address";
    case TransportError::kConnect:
      return "no connection";
    case TransportError::kTls:
      return "no secure connection";
    case TransportError::kTimeout:
      return "no whole answer in time";
    case TransportError::kClosed:
      return "the connection broke";
    case TransportError::kMalformed:
      return "the answer is no HTTP";
    case TransportError::kTooLarge:
      return "the answer is too large";
    case TransportError::kDenied:
      return "access denied";
    case TransportError::kOverloaded:
      return "the server is overloaded";
    case TransportError::kOtherStatus:
      return "an HTTP status other than 200";
  }
  return "unknown";
}

Client::Client(std::unique_ptr<Transport> transport, const ClientOptions& options,
               endpoints::World world, Logger logger)
    : options_(options),
      transport_(std::move(transport)),
      caller_(transport_->size(), options.times, std::move(world)),
      logger_(std::move(logger)),
      chain_id_(options.chain_id),
      is_identified_(transport_->size()) {}

bool Client::ask(std::span<const Request> requests, const Reader& reader) {
  return caller_.call([&](std::size_t endpoint, MonotonicTime deadline) {
    const bool is_answered =
        identify(endpoint, deadline) && attempt(endpoint, deadline, requests, reader);
    if (!is_answered) {
      // What comes back at that address may be another server.
      const std::lock_guard lock(mutex_);
      is_identified_[endpoint] = false;
    }
    return is_answered;
  });
}

bool Client::ask(const Request& request, const std::function<bool(const Answer& answer)>& reader) {
  return ask(std::span(&request, 1),
             [&](const std::vector<Answer>& answers) { return reader(answers.front()); });
}

std::optional<std::uint64_t> Client::chain_id() const {
  const std::lock_guard lock(mutex_);
  return chain_id_;
}

bool Client::attempt(std::size_t endpoint, MonotonicTime deadline,
                     std::span<const Request> requests, const Reader& reader) {
  const auto answers = exchange(endpoint, deadline, requests);
  if (!answers) return false;
  if (reader(*answers)) return true;
  complain(endpoint, "the answer does not fit the question");
  return false;
}

bool Client::identify(std::size_t endpoint, MonotonicTime deadline) {
  {
    const std::lock_guard lock(mutex_);
    if (is_identified_[endpoint]) return true;
  }
  const Request request{"eth_chainId", "[]"};
  const auto answers = exchange(endpoint, deadline, std::span(&request, 1));
  if (!answers) return false;
  const Answer& answer = answers->front();
  const auto id = answer.ok() ? JsonCursor(*answer).quantity()
                              : Result<std::uint64_t, JsonError>(Failure{JsonError{}});
  if (!id.ok()) {
    complain(endpoint, "no chain id");
    return false;
  }
  const std::lock_guard lock(mutex_);
  // The first endpoint of the list is the authority, also over what was learned before from others.
  if (!options_.chain_id && endpoint == 0 && chain_id_ != *id) {
    chain_id_.reset();
    is_identified_.assign(is_identified_.size(), false);
  }
  if (!chain_id_) chain_id_ = *id;
  is_identified_[endpoint] = *chain_id_ == *id;
  if (!is_identified_[endpoint]) complain(endpoint, "the endpoint serves another chain");
  return is_identified_[endpoint];
}

std::optional<std::vector<Answer>> Client::exchange(std::size_t endpoint, MonotonicTime deadline,
                                                    std::span<const Request> requests) {
  const std::uint64_t first_id = next_id_.fetch_add(requests.size());
  const auto body = transport_->post(endpoint, encode(requests, first_id), deadline);
  if (!body.ok()) {
    complain(endpoint, describe(body.error()));
    return std::nullopt;
  }
  auto answers = decode(*body, first_id, requests.size(), options_.limits);
  if (!answers.ok()) {
    complain(endpoint, describe(answers.error()));
    return std::nullopt;
  }
  const auto fault = std::ranges::find_if(*answers, [](const Answer& answer) {
    return !answer.ok() && answer.error().is_servers_fault();
  });
  if (fault != answers->end()) {
    // The message may quote a provider's key.
    complain(endpoint, "error " + std::to_string(fault->error().code));
    return std::nullopt;
  }
  return std::move(answers).value();
}

void Client::complain(std::size_t endpoint, std::string_view what) const {
  logger_.warning("an endpoint did not serve",
                  {{"endpoint", transport_->label(endpoint)}, {"reason", what}});
}

}  // namespace buri::protocol::json_rpc
