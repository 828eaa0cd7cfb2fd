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
/// JSON-RPC, /events lists what happened on the root chain. A checkpoint that Heimdall has agreed
/// on is on the root chain some seconds later, as if a bridge had sent it.

namespace buri::devnet {

struct SourceOptions {
  std::uint16_t port = 0;  ///< 0: any free one
  /// REST of Heimdall nodes, any kind, asked in turn for the spans that say who seals.
  std::vector<std::uint16_t> heimdall_rest_ports;
  /// Where Bor's chain is kept over a restart; empty: nowhere.
  std::string bor_file;
  /// Where the root chain's start and checkpoints are kept over a restart; empty: nowhere.
  std::string root_chain_file;
  /// In the genesis of the network, with the ids from 1: those whose stake changes.
  std::uint64_t validators = 4;
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

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::string root_chain_url() const { return url("/l1"); }
  [[nodiscard]] std::string bor_url() const { return url("/bor"); }
  [[nodiscard]] std::string events_url() const { return url("/events"); }
  /// The newest block of the stand-in for Bor. Thread-safe.
  [[nodiscard]] std::uint64_t bor_head();

 private:
  class Handler;

  Sources(SourceOptions options, BorScript bor, RootChainCheckpoints root_chain, Logger logger);
  [[nodiscard]] std::string url(std::string_view path) const;
  void run();
  void learn_spans();
  /// Takes the checkpoint that Heimdall has agreed on and waits for, if there is one.
  void take_checkpoint();
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
