#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/api/block_results.hpp"
#include "node/consensus/api/rpc_json.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/round_state.hpp"
#include "node/consensus/iavl/proof.hpp"
#include "node/consensus/p2p/node_info.hpp"
#include "node/consensus/p2p/switch_types.hpp"

/// What the RPC asks of the node. Everything here is thread-safe and called by the threads of the
/// server; what may take long answers through a function, once, from any thread.

namespace buri::consensus::api {

/// The chain by height. Heights that are not kept are not there.
class ChainView {
 public:
  virtual ~ChainView() = default;
  [[nodiscard]] virtual std::int64_t base() const = 0;
  [[nodiscard]] virtual std::int64_t height() const = 0;
  [[nodiscard]] virtual std::optional<blocks::BlockMeta> meta(std::int64_t height) const = 0;
  [[nodiscard]] virtual std::optional<std::int64_t> height_of(const Hash256& hash) const = 0;
  [[nodiscard]] virtual std::optional<engine::Block> block(std::int64_t height) const = 0;
  /// The commit that this node saw, and the one in the next block.
  [[nodiscard]] virtual std::optional<engine::Commit> seen_commit(std::int64_t height) const = 0;
  [[nodiscard]] virtual std::optional<engine::Commit> canonical_commit(
      std::int64_t height) const = 0;
  [[nodiscard]] virtual std::optional<engine::ValidatorSet> validators(
      std::int64_t height) const = 0;
  /// tendermint.abci.ResponseFinalizeBlock.
  [[nodiscard]] virtual std::optional<Bytes> results(std::int64_t height) const = 0;
  /// Those that the genesis gives to the first height.
  [[nodiscard]] virtual modules::consensus::ConsensusParams genesis_params() const = 0;
};

/// This node, for /status.
struct NodeStatus {
  p2p::NodeInfo info;
  bool catches_up = false;
  Address validator_address;  ///< of the key that this node signs with
  engine::PublicKeyBytes validator_key;
};

/// A peer, for /net_info.
struct PeerView {
  p2p::NodeInfo info;
  std::string remote_ip;
  bool is_outbound = false;
  std::int64_t connected_ns = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
};

/// What waits for a block, for /unconfirmed_txs.
struct PoolView {
  std::vector<Bytes> txs{};  ///< from the front
  std::int64_t count = 0;
  std::int64_t bytes = 0;
};

/// How the mempool takes a transaction: the application's result, or a sentence by which the pool
/// itself refuses ("tx already exists in cache").
using TxVerdict = Result<app::TxResult, std::string>;

/// Peers to call, for /dial_peers.
struct DialRequest {
  std::vector<std::string> addresses{};  ///< "ID@HOST:PORT"
  bool is_persistent = false;
  bool is_unconditional = false;
  bool is_private = false;
};

class NodeView {
 public:
  virtual ~NodeView() = default;

  [[nodiscard]] virtual NodeStatus status() const = 0;
  [[nodiscard]] virtual bool is_listening() const = 0;
  [[nodiscard]] virtual std::vector<PeerView> peers() const = 0;
  /// Shows the state of consensus, which stands still meanwhile.
  virtual void read_round_state(std::function<void(const engine::RoundState&)> read) = 0;

  /// Offers a transaction to the mempool, which gossips it if it is good.
  virtual void add_tx(Bytes tx, std::function<void(TxVerdict)> done) = 0;
  /// Asks the application alone.
  virtual void check_tx(Bytes tx, std::function<void(TxVerdict)> done) = 0;
  [[nodiscard]] virtual PoolView unconfirmed(std::size_t limit) const = 0;
  virtual void flush_mempool() = 0;

  /// Name, height and hash of the application.
  struct AppInfo {
    std::string name;
    std::string version;
    std::int64_t height = 0;
    Bytes hash;
  };
  [[nodiscard]] virtual AppInfo app_info() const = 0;
  /// `height` 0 is the last one.
  [[nodiscard]] virtual AbciQueryAnswer query_app(const std::string& path, const Bytes& data,
                                                  std::int64_t height, bool prove) const = 0;

  /// Adds evidence to the pool; its hash. The error is a sentence.
  virtual Result<Hash256, std::string> add_evidence(const engine::EvidencePiece& piece) = 0;
  /// Calls peers; the error is a sentence.
  virtual Status<std::string> dial(const DialRequest& request) = 0;
};

}  // namespace buri::consensus::api
