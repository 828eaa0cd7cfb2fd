#include "node/app/node.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <filesystem>
#include <future>
#include <mutex>

#include "base/hex.hpp"
#include "node/app/home_files.hpp"
#include "node/app/producer_guard.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/host/durable_file.hpp"
#include "node/consensus/host/file_key.hpp"
#include "node/consensus/p2p/address_book_file.hpp"
#include "node/consensus/snapshot/home_mark.hpp"
#include "node/storage/rocks_database.hpp"

namespace buri::app {
namespace {

using namespace consensus;
using consensus::app::Application;

/// CometBFT's version that the protocol is that of, as peers are told.
constexpr std::string_view kCometVersion = "0.38.22";
constexpr p2p::ProtocolVersion kProtocol{8, engine::kBlockProtocol, 0};
constexpr std::chrono::seconds kStopPatience{5};
constexpr std::chrono::seconds kHeartbeatPatience{15};

/// A database of the home; "in use" and the like become sentences.
Result<std::unique_ptr<storage::Database>, std::string> open_database(
    const std::string& folder, std::size_t cache_bytes,
    std::span<const storage::FamilySpec> families) {
  storage::RocksOptions rocks;
  rocks.folder = folder;
  rocks.block_cache_bytes = cache_bytes;
  auto opened = storage::open_rocks_database(rocks, families);
  if (opened.ok()) return std::move(opened).value();
  return Failure{folder + ": " + opened.error().detail};
}

}  // namespace

/// What the node itself wants to know of consensus.
class Node::Watcher final : public host::Observer {
 public:
  Watcher(Node& node, const Logger& logger) : node_(&node), logger_(logger) {}

  void block_applied(const host::AppliedBlock& applied) override {
    const engine::Header& header = applied.block->block.header;
    node_->height_ = header.height;
    logger_.info("block", {{"height", header.height},
                           {"txs", applied.block->block.txs.size()},
                           {"hash", ByteView(applied.block->hash)},
                           {"app_hash", ByteView(applied.result->app_hash)}});
  }
  void failed(const std::string& reason) override {
    const std::lock_guard lock(mutex_);
    failure_ = reason;
  }
  [[nodiscard]] std::optional<std::string> failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
  }

 private:
  Node* node_;
  Logger logger_;
  mutable std::mutex mutex_;
  std::optional<std::string> failure_;
};

Node::Node(NodeOptions options, Logger logger)
    : options_(std::move(options)),
      logger_(std::move(logger)),
      events_(options_.api.events),
      watcher_(std::make_unique<Watcher>(*this, logger_)),
      heartbeat_(std::make_shared<std::atomic<MonotonicTime>>(system_clock().monotonic())) {
  observers_.add(*watcher_);
}

Node::~Node() { stop(); }

Result<std::unique_ptr<Node>, std::string> Node::open(NodeOptions options, Logger logger) {
  std::unique_ptr<Node> node(new Node(std::move(options), std::move(logger)));
  RETURN_IF_ERROR(node->lock_home());
  RETURN_IF_ERROR(node->open_genesis());
  RETURN_IF_ERROR(node->open_stores());
  RETURN_IF_ERROR(node->open_application());
  RETURN_IF_ERROR(node->open_signer());
  RETURN_IF_ERROR(node->open_host());
  RETURN_IF_ERROR(node->open_network());
  return node;
}

/// One process for a home: two would sign against each other.
Status<std::string> Node::lock_home() {
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(options_.paths.lock).parent_path(),
                                      failed);
  lock_ = Descriptor(::open(options_.paths.lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_.is_open()) return Failure{options_.paths.lock + ": cannot be written"};
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    return Failure{options_.paths.lock + ": another burid runs on this home"};
  }
  const auto mark =
      std::filesystem::path(options_.paths.lock).parent_path() / snapshot::kImportMark;
  if (!std::filesystem::exists(mark, failed)) return Unit{};
  return Failure{mark.string() +
                 ": an import of a snapshot into this home is unfinished; run it "
                 "again, or remove the file with the folders beside it"};
}

Status<std::string> Node::open_genesis() {
  const std::string& path = options_.paths.genesis;
  auto source = consensus::app::open_file(path);
  if (!source.ok()) return Failure{path + ": " + source.error()};
  auto genesis = consensus::app::open_genesis(std::move(source).value());
  if (!genesis.ok()) return Failure{path + ": " + describe(genesis.error())};
  genesis_ = std::move(genesis).value();
  const std::string& chain_id = genesis_->head.chain_id;
  if (!options_.forks) options_.forks = protocol::HeimdallForks::for_chain(chain_id);
  if (!options_.forks) {
    return Failure{
        fmt::format("{}: the fork heights of chain {} are not built in; name a file that "
                    "has them",
                    path, chain_id)};
  }
  options_.gossip.initial_height = genesis_->head.initial_height;
  metrics_ = std::make_unique<NodeMetrics>(options_.metrics, chain_id);
  return Unit{};
}

Status<std::string> Node::open_stores() {
  auto crypto = accel::Engine::start(options_.crypto, {.metrics = &metrics_->registry()});
  if (!crypto.ok()) return Failure{"the crypto engine does not start: " + crypto.error().expected};
  crypto_ = std::move(crypto).value();
  ASSIGN_OR_RETURN(application_database_,
                   open_database(options_.paths.application, options_.block_cache_bytes,
                                 iavl::Multistore::families()));
  std::vector<storage::FamilySpec> families;
  for (const auto& some : {blocks::BlockStore::families(), blocks::StateStore::families(),
                           evidence::EvidencePool::families()}) {
    families.insert(families.end(), some.begin(), some.end());
  }
  ASSIGN_OR_RETURN(block_database_,
                   open_database(options_.paths.blocks, options_.block_cache_bytes, families));
  auto stores = iavl::Multistore::open(*application_database_, *crypto_, options_.stores);
  if (!stores.ok()) return Failure{options_.paths.application + ": " + stores.error().detail};
  stores_ = std::move(stores).value();
  ASSIGN_OR_RETURN(blocks_, blocks::BlockStore::open(*block_database_));
  ASSIGN_OR_RETURN(states_, blocks::StateStore::open(*block_database_));
  return Unit{};
}

Status<std::string> Node::open_application() {
  ASSIGN_OR_RETURN(outside_, Outside::connect(options_.endpoints, logger_));
  application_ = std::make_unique<Application>(
      consensus::app::chain_options(genesis_->head, *options_.forks),
      consensus::app::AppServices{.database = application_database_.get(),
                                  .multistore = stores_.get(),
                                  .crypto = crypto_.get(),
                                  .facts = outside_->facts(),
                                  .observer = &metrics_->application()});
  return Unit{};
}

Status<std::string> Node::open_signer() {
  if (const auto* socket = std::get_if<host::SignerConnectionOptions>(&options_.signer)) {
    ASSIGN_OR_RETURN(signer_, host::SignerConnection::open(*socket, logger_));
  } else if (const auto* file = std::get_if<FileSigner>(&options_.signer)) {
    ASSIGN_OR_RETURN(signer_, host::FileKey::open(file->key_path, file->state_path, logger_));
  }
  if (!signer_ || !options_.validator_key) return Unit{};
  const engine::Validator expected{{}, *options_.validator_key, 0, 0};
  const Address address = engine::key_addresses(*crypto_, std::span(&expected, 1)).front();
  if (signer_->address() != address) {
    return Failure{fmt::format(
        "signer.public_key: it is that of validator 0x{}, but the signer has the key of "
        "0x{}; correct it, or let signer.socket name the signer of this validator",
        to_hex(address), to_hex(signer_->address()))};
  }
  return Unit{};
}

Status<std::string> Node::open_host() {
  auto files = engine::open_wal_directory(options_.paths.log);
  if (!files.ok()) return Failure{engine::describe(files.error())};
  log_files_ = std::move(files).value();
  loop_ = std::make_unique<host::AsioLoop>(context_.get_executor());
  worker_ = std::make_unique<host::ApplicationThread>();
  event_loop_ = std::make_unique<host::AsioLoop>(context_.get_executor());
  publisher_ = std::make_unique<api::EventPublisher>(events_, *event_loop_, *crypto_);
  observers_.add(*publisher_);
  pruning_worker_ = std::make_unique<host::ApplicationThread>();
  pruner_ = std::make_unique<pruning::BlockPruner>(
      pruning::PruningServices{blocks_.get(), states_.get(), loop_.get(), pruning_worker_.get()},
      options_.pruning, logger_);
  observers_.add(*pruner_);
  host_ =
      std::make_unique<host::ConsensusHost>(host::HostServices{.crypto = crypto_.get(),
                                                               .application = application_.get(),
                                                               .blocks = blocks_.get(),
                                                               .states = states_.get(),
                                                               .log_files = log_files_.get(),
                                                               .loop = loop_.get(),
                                                               .worker = worker_.get(),
                                                               .clock = &system_clock(),
                                                               .observer = &observers_,
                                                               .signer = signer_.get(),
                                                               .outside = &outside_->calls()},
                                            options_.host, logger_);
  ASSIGN_OR_RETURN(const host::Handshake handshake, host_->open(*genesis_));
  height_ = handshake.chain.last_height;
  if (signer_) {
    RETURN_IF_ERROR(check_own_bor(options_.endpoints, *application_, signer_->address()));
  }
  logger_.info("stores agree", {{"height", handshake.chain.last_height},
                                {"application_was_at", handshake.application_height},
                                {"replayed_blocks", handshake.replayed}});
  ASSIGN_OR_RETURN(pools_, Pools::open({block_database_.get(), application_.get(), blocks_.get(),
                                        states_.get(), crypto_.get(), loop_.get(), worker_.get()},
                                       options_.pools, handshake.chain, logger_));
  host_->attach(pools_->hosted(), pools_->evidence());
  metrics_->observe(observers_, *blocks_, handshake.chain, host_->validator(),
                    [this] { return catch_up_ && catch_up_->is_syncing(); });
  pools_->transactions().measure(metrics_->tx_bytes());
  return Unit{};
}

Status<std::string> Node::open_network() {
  ASSIGN_OR_RETURN(p2p::NodeKey key, node_key(options_.paths.node_key));
  node_key_ = std::make_unique<p2p::NodeKey>(std::move(key));
  p2p::NodeInfo info;
  info.protocol_version = kProtocol;
  info.network = genesis_->head.chain_id;
  info.version = kCometVersion;
  info.moniker = options_.moniker;
  info.other = {"off", options_.rpc_address};  // transactions are not indexed
  p2p::NetworkOptions network = options_.network;
  network.address_book = read_book(options_.paths.address_book, logger_);
  network.save_book = [path = options_.paths.address_book,
                       logger = logger_](const p2p::AddressBookRecord& book) {
    const auto written = host::replace_file(path, p2p::address_book_text(book), 0600);
    if (!written.ok()) logger.warning("address book not written", {{"reason", written.error()}});
  };
  network_ = std::make_unique<p2p::LiveNetwork>(
      context_.get_executor(), p2p::NodeIdentity{node_key_.get(), std::move(info)},
      std::move(network), system_random(), system_clock(), logger_);
  reactor_ =
      std::make_unique<host::ConsensusReactor>(host::ReactorServices{.host = host_.get(),
                                                                     .network = network_.get(),
                                                                     .stored = blocks_.get(),
                                                                     .loop = loop_.get(),
                                                                     .random = &system_random()},
                                               options_.gossip, logger_);
  network_->add_reactor(*reactor_);
  pools_->join(*network_, *reactor_);
  block_loop_ = std::make_unique<host::AsioLoop>(context_.get_executor());
  sync_reactor_ = std::make_unique<sync::SyncReactor>(*blocks_, *network_, *block_loop_, logger_);
  network_->add_reactor(*sync_reactor_);
  catch_up_ =
      std::make_unique<sync::CatchUp>(sync::CatchUpServices{.crypto = crypto_.get(),
                                                            .blocks = blocks_.get(),
                                                            .states = states_.get(),
                                                            .host = host_.get(),
                                                            .peers = reactor_.get(),
                                                            .answers = &sync_reactor_->answers(),
                                                            .network = network_.get(),
                                                            .loop = loop_.get(),
                                                            .worker = worker_.get(),
                                                            .clock = &system_clock(),
                                                            .observer = &observers_},
                                      options_.catch_up, logger_);
  const p2p::NodeId id = node_key_->id();
  logger_.info("node", {{"id", ByteView(id)}, {"chain", genesis_->head.chain_id}});
  return Unit{};
}

Status<std::string> Node::start() {
  is_started_ = true;
  work_.emplace(boost::asio::make_work_guard(context_));
  for (unsigned i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { context_.run(); });
  }
  std::promise<Status<std::string>> begun;
  loop_->post([&] {
    begun.set_value(catch_up_->start());
    reactor_->start();
    pools_->start();
  });
  RETURN_IF_ERROR(begun.get_future().get());
  ASSIGN_OR_RETURN(port_, network_->start());
  RETURN_IF_ERROR(start_api());
  return start_metrics();
}

Status<std::string> Node::start_metrics() {
  return metrics_->serve({.network = network_.get(),
                          .pool = &pools_->transactions(),
                          .blocks = blocks_.get(),
                          .outside = outside_.get(),
                          .application_database = application_database_.get(),
                          .block_database = block_database_.get(),
                          .broadcasts_transactions = options_.pools.broadcasts_transactions,
                          .asks_bor_by_grpc = options_.endpoints.bor_grpc_flag,
                          .kept_blocks = options_.pruning.kept_blocks,
                          .is_syncing = [this] { return catch_up_->is_syncing(); },
                          .names = options_.api.names},
                         logger_);
}

Status<std::string> Node::start_api() {
  ApiServices services;
  services.application = application_.get();
  services.stores = stores_.get();
  services.chain = consensus::app::chain_options(genesis_->head, *options_.forks);
  services.crypto = crypto_.get();
  services.blocks = blocks_.get();
  services.states = states_.get();
  services.transactions = &pools_->transactions();
  services.evidence = &pools_->evidence();
  services.worker = worker_.get();
  services.host = host_.get();
  services.loop = loop_.get();
  services.network = network_.get();
  services.genesis_params = genesis_->head.params;
  services.events = &events_;
  services.node_info = [this] { return network_->own_info(); };
  services.is_catching_up = [this] { return catch_up_->is_syncing(); };
  services.peer_count = [this] { return peer_count(); };
  services.reporter = consensus::app::Reporter(&metrics_->application(), system_clock());
  if (signer_ != nullptr) services.own_address = signer_->address();
  ASSIGN_OR_RETURN(api_, ApiServers::start(options_.api, std::move(services), logger_));
  return Unit{};
}

/// First nobody is heard any more, then consensus ends, then what the application has begun.
void Node::stop() {
  if (!std::exchange(is_started_, false)) return;
  metrics_->stop();
  api_ = nullptr;
  auto ended = std::make_shared<std::promise<void>>();
  network_->stop([ended] { ended->set_value(); });
  ended->get_future().wait_for(kStopPatience);
  std::promise<void> closed;
  loop_->post([&] {
    reactor_->stop();
    pools_->stop();
    catch_up_->stop();
    pruner_->stop();
    host_->close();
    closed.set_value();
  });
  closed.get_future().wait();
  worker_->stop();
  pruning_worker_->stop();
  signer_ = nullptr;
  work_.reset();
  context_.stop();
  for (std::thread& thread : threads_) thread.join();
}

std::optional<std::string> Node::failure() const { return watcher_->failure(); }

bool Node::is_alive() {
  const bool is_alive = system_clock().monotonic() - heartbeat_->load() < kHeartbeatPatience;
  loop_->post([heartbeat = heartbeat_] { *heartbeat = system_clock().monotonic(); });
  return is_alive;
}

}  // namespace buri::app
