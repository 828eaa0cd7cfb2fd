#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "node/app/node_metrics.hpp"
#include "node/app/node_options.hpp"
#include "node/app/outside.hpp"
#include "node/app/pools.hpp"
#include "node/consensus/api/event_publisher.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/host/application_thread.hpp"
#include "node/consensus/host/asio_loop.hpp"
#include "node/consensus/sync/catch_up.hpp"
#include "node/consensus/sync/sync_reactor.hpp"

/// A whole node of the consensus layer: stores, application, consensus, peers, put together in one
/// place. Servers for clients join here.

namespace buri::app {

class ApiServers;

/// One per process and home. Made and ended in one thread.
class Node {
 public:
  /// Opens everything that the home holds and repairs what a crash left. The error is a sentence
  /// on what to do.
  static Result<std::unique_ptr<Node>, std::string> open(NodeOptions options, Logger logger);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Listens, calls peers, and catches up or begins consensus. The error is a sentence.
  Status<std::string> start();
  /// Ends connections, then the application, then the log.
  void stop();

  /// Why consensus stopped; nothing while it goes on. Any thread.
  [[nodiscard]] std::optional<std::string> failure() const;
  /// The height of the last applied block. Any thread.
  [[nodiscard]] std::int64_t height() const { return height_; }
  [[nodiscard]] std::size_t peer_count() const { return network_->peers().size(); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// REST and gRPC; null before start() and after stop().
  [[nodiscard]] const ApiServers* api() const { return api_.get(); }
  /// Where figures are served; 0 for nowhere.
  [[nodiscard]] std::uint16_t metrics_port() const { return metrics_->port(); }
  /// Whether the consensus loop has run something lately; asks it to, for the next call.
  bool is_alive();

 private:
  class Watcher;

  Node(NodeOptions options, Logger logger);
  Status<std::string> lock_home();
  Status<std::string> open_genesis();
  Status<std::string> open_stores();
  Status<std::string> open_application();
  Status<std::string> open_signer();
  Status<std::string> open_host();
  Status<std::string> open_network();
  Status<std::string> start_api();
  Status<std::string> start_metrics();

  NodeOptions options_;
  const Logger logger_;
  std::atomic<std::int64_t> height_{0};
  std::uint16_t port_ = 0;
  bool is_started_ = false;

  // In the order of construction: what stands below uses what stands above.
  Descriptor lock_;
  std::unique_ptr<NodeMetrics> metrics_;
  std::unique_ptr<accel::Engine> crypto_;
  std::optional<consensus::app::Genesis> genesis_;
  std::unique_ptr<storage::Database> application_database_;
  std::unique_ptr<storage::Database> block_database_;
  std::unique_ptr<consensus::iavl::Multistore> stores_;
  std::unique_ptr<consensus::blocks::BlockStore> blocks_;
  std::unique_ptr<consensus::blocks::StateStore> states_;
  std::unique_ptr<Outside> outside_;
  std::unique_ptr<consensus::app::Application> application_;
  std::unique_ptr<consensus::engine::WalFiles> log_files_;
  std::unique_ptr<consensus::host::Signer> signer_;
  boost::asio::io_context context_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::unique_ptr<consensus::host::AsioLoop> loop_;
  std::unique_ptr<consensus::host::ApplicationThread> worker_;
  consensus::host::Observers observers_;
  consensus::api::EventBus events_;
  std::unique_ptr<consensus::host::AsioLoop> event_loop_;  ///< makes them, beside consensus
  std::unique_ptr<consensus::api::EventPublisher> publisher_;
  std::unique_ptr<consensus::host::ApplicationThread> pruning_worker_;
  std::unique_ptr<consensus::pruning::BlockPruner> pruner_;
  std::unique_ptr<Watcher> watcher_;
  std::unique_ptr<consensus::host::ConsensusHost> host_;
  std::unique_ptr<Pools> pools_;
  std::unique_ptr<consensus::p2p::NodeKey> node_key_;
  std::unique_ptr<consensus::p2p::LiveNetwork> network_;
  std::unique_ptr<consensus::host::ConsensusReactor> reactor_;
  std::unique_ptr<consensus::host::AsioLoop> block_loop_;  ///< beside consensus
  std::unique_ptr<consensus::sync::SyncReactor> sync_reactor_;
  std::unique_ptr<consensus::sync::CatchUp> catch_up_;
  std::unique_ptr<ApiServers> api_;
  std::vector<std::thread> threads_;
  std::shared_ptr<std::atomic<MonotonicTime>> heartbeat_;
};

}  // namespace buri::app
