#pragma once

#include <string>
#include <vector>

#include "base/log.hpp"
#include "node/app/node_options.hpp"

/// From the command line and the files of a home to what a node is made with.

namespace CLI {
class App;
}

namespace buri::app {

/// `burid start` as it was typed; empty where nothing was.
struct StartArguments {
  std::string home;
  std::string forks;   ///< a file of fork heights, for a private chain
  std::string signer;  ///< the socket of buri-signer
  bool uses_file_key = false;
  std::string listen;          ///< HOST:PORT
  std::string api_listen;      ///< HOST:PORT of REST
  std::string grpc_listen;     ///< the same of gRPC
  std::string rpc_listen;      ///< and of the RPC
  std::string metrics_listen;  ///< and of the figures
  std::string persistent_peers;
  std::string moniker;
  std::string log_level;
};

void add_start_arguments(CLI::App& command, StartArguments& arguments);

struct StartOptions {
  explicit StartOptions(const std::string& home) : node(home) {}

  NodeOptions node;
  LogLevel log_level = LogLevel::kInfo;
};

/// Settings of config/buri.toml where the home has one (docs/configuration.md), else the endpoints
/// of the stock app.toml; what was typed wins. The error is a sentence that names the option or the
/// file and what belongs there.
Result<StartOptions, std::string> read_start_options(const StartArguments& arguments);

}  // namespace buri::app
