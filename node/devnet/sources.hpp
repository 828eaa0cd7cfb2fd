#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "node/consensus/api/http_server.hpp"
#include "node/devnet/source_answers.hpp"

/// The stand-ins for Ethereum and Bor as a server of the loopback interface: /l1 and /bor take
/// JSON-RPC, /events lists what happened on the root chain.

namespace buri::devnet {

struct SourceOptions {
  std::uint16_t port = 0;  ///< 0: any free one
  /// REST of Heimdall nodes, any kind, asked in turn for the spans that say who seals.
  std::vector<std::uint16_t> heimdall_rest_ports;
  /// Where Bor's chain is kept over a restart; empty: nowhere.
  std::string bor_file;
  std::uint64_t start_time_s = 0;  ///< Unix seconds of both chains, where no file says so
};

/// Runs on threads of its own until it goes.
class Sources {
 public:
  /// The error is a sentence.
  static Result<std::unique_ptr<Sources>, std::string> start(SourceOptions options, Logger logger);
  ~Sources();
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;

  [[nodiscard]] std::string root_chain_url() const { return url("/l1"); }
  [[nodiscard]] std::string bor_url() const { return url("/bor"); }
  [[nodiscard]] std::string events_url() const { return url("/events"); }
  /// The newest block of the stand-in for Bor. Thread-safe.
  [[nodiscard]] std::uint64_t bor_head();

 private:
  class Handler;

  Sources(SourceOptions options, BorScript bor, Logger logger);
  [[nodiscard]] std::string url(std::string_view path) const;
  void run();
  void learn_spans();
  void keep();

  const SourceOptions options_;
  const Logger logger_;
  SourceAnswers answers_;
  std::unique_ptr<Handler> handler_;
  std::unique_ptr<consensus::api::HttpServer> server_;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

}  // namespace buri::devnet
