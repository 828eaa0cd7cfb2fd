#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/random.hpp"
#include "node/protocol/endpoints/caller.hpp"
#include "node/protocol/json_rpc/transport.hpp"

/// JSON-RPC servers without sockets: each endpoint has a result for every method.

namespace buri::testing {

/// Time that passes only in pauses and by hand, seeded chance, and a log that is kept.
struct TestWorld {
  ManualClock clock;
  SeededRandom random{1};
  std::string log;

  protocol::endpoints::World world() {
    return {clock, random, [this](std::chrono::nanoseconds time) { clock.advance(time); }};
  }
  Logger logger() {
    return {"test", LogLevel::kDebug, [this](LogLevel, std::string_view line) {
              log += line;
              log += '\n';
            }};
  }
  [[nodiscard]] bool logged(std::string_view text) const {
    return log.find(text) != std::string::npos;
  }
};

class ScriptedTransport final : public protocol::json_rpc::Transport {
 public:
  using Error = protocol::json_rpc::TransportError;
  /// The members of the answer that say what came out: `"result":…` or `"error":{…}`.
  using Handler = std::function<std::string(const std::string& params)>;

  explicit ScriptedTransport(std::size_t count) : endpoints_(count) {}

  /// `method` has this result, in JSON.
  void on(std::size_t endpoint, const std::string& method, std::string_view result);
  void on_error(std::size_t endpoint, const std::string& method, int code,
                std::string_view message);
  /// `method` is answered by a function of its parameters, in JSON.
  void on_call(std::size_t endpoint, const std::string& method, Handler handler);
  /// Every post fails, until recover().
  void fail(std::size_t endpoint, Error error) { endpoints_[endpoint].failure = error; }
  void recover(std::size_t endpoint) { endpoints_[endpoint].failure.reset(); }

  /// How often a method, or the endpoint at all, was asked.
  [[nodiscard]] int count(std::size_t endpoint, const std::string& method) const;
  [[nodiscard]] int posts(std::size_t endpoint) const { return endpoints_[endpoint].posts; }

  Result<std::string, Error> post(std::size_t index, std::string_view body,
                                  MonotonicTime deadline) override;
  [[nodiscard]] std::size_t size() const override { return endpoints_.size(); }
  [[nodiscard]] std::string label(std::size_t endpoint) const override {
    return "scripted:" + std::to_string(endpoint);
  }

 private:
  struct Endpoint {
    std::map<std::string, Handler> handlers;
    std::map<std::string, int> counts;
    std::optional<Error> failure;
    int posts = 0;
  };
  std::vector<Endpoint> endpoints_;
};

}  // namespace buri::testing
