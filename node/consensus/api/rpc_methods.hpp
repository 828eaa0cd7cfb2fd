#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "accel/engine.hpp"
#include "node/consensus/api/event_bus.hpp"
#include "node/consensus/api/node_view.hpp"
#include "node/consensus/api/rpc_arguments.hpp"

/// The methods of CometBFT's RPC: arguments in, the result as JSON out (spec/cometbft.md 7;
/// 0xPolygon/cometbft v0.3.8-polygon, rpc/core).

namespace buri::consensus::api {

/// The section [rpc] of a stock config.toml, as far as methods obey it. Defaults are stock's.
struct RpcOptions {
  bool is_unsafe = false;            ///< dial_seeds, dial_peers, unsafe_flush_mempool exist
  bool has_consensus_state = false;  ///< consensus_state and dump_consensus_state answer
  std::size_t max_batch = 10;        ///< requests of one POST; 0 for any number
  std::chrono::milliseconds commit_timeout{10'000};  ///< broadcast_tx_commit waits that long
};

/// What the methods stand on. All must outlive them.
struct RpcServices {
  const ChainView& chain;
  NodeView& node;
  EventBus& events;
  accel::Engine& crypto;
  /// Calls work after a while, from any thread; at the end of the node not at all.
  std::function<void(std::chrono::nanoseconds, std::function<void()>)> after;
};

/// The result as JSON, or the sentence that stock puts into "data" of an internal error.
using RpcResult = Result<std::string, std::string>;
/// Takes the result, once, from any thread.
using RpcDone = std::function<void(RpcResult)>;

/// Whether an answer stays true for ever, so that caches may keep it.
enum class RpcCaching : std::uint8_t { kNever, kAlways, kWithFirstArgument };

/// A method. Thread-safe.
struct RpcMethod {
  std::vector<ArgumentSpec> parameters;
  RpcCaching caching = RpcCaching::kNever;
  bool needs_web_socket = false;  ///< and is carried out by the session
  std::function<void(const Arguments&, RpcDone)> run;

  [[nodiscard]] bool is_cacheable(const Arguments& arguments) const {
    return caching == RpcCaching::kAlways ||
           (caching == RpcCaching::kWithFirstArgument && arguments.is_given(0));
  }
};

/// By name.
using RpcMethods = std::map<std::string, RpcMethod, std::less<>>;

/// All methods that the options allow.
RpcMethods rpc_methods(const RpcServices& services, const RpcOptions& options);

/// The parts that it is made of.
void add_chain_methods(RpcMethods& methods, const RpcServices& services);
void add_pool_methods(RpcMethods& methods, const RpcServices& services, const RpcOptions& options);
void add_node_methods(RpcMethods& methods, const RpcServices& services, const RpcOptions& options);

}  // namespace buri::consensus::api
