#include "node/app/rpc_views.hpp"

#include <future>

#include "node/app/tx_checks.hpp"
#include "node/consensus/engine/evidence.hpp"

namespace buri::app {

using namespace consensus;
using consensus::app::TxMode;

namespace {

/// What the stock application calls itself.
constexpr std::string_view kApplicationName = "heimdallapp";

}  // namespace

api::NodeStatus LiveView::status() const {
  api::NodeStatus status{.info = services_.node_info(),
                         .catches_up = services_.is_catching_up(),
                         .validator_address = services_.own_address,
                         .validator_key = {}};
  const auto chain = services_.states->load();
  const engine::Validator* own = chain ? chain->validators.find(services_.own_address) : nullptr;
  if (own != nullptr) status.validator_key = own->public_key;
  return status;
}

bool LiveView::is_listening() const { return !services_.node_info().listen_address.empty(); }

std::vector<api::PeerView> LiveView::peers() const {
  std::vector<api::PeerView> peers;
  const MonotonicTime now = system_clock().monotonic();
  for (const p2p::PeerStatus& peer : services_.network->peers()) {
    peers.push_back(
        {.info = peer.peer.info,
         .remote_ip = peer.peer.ip.to_text(),
         .is_outbound = peer.peer.direction == p2p::Direction::kOutbound,
         .connected_ns =
             std::chrono::duration_cast<std::chrono::nanoseconds>(now - peer.since).count(),
         .sent_bytes = peer.traffic.sent_bytes,
         .received_bytes = peer.traffic.received_bytes});
  }
  return peers;
}

void LiveView::read_round_state(std::function<void(const engine::RoundState&)> read) {
  std::promise<void> done;
  services_.loop->post([&] {
    if (const engine::Machine* machine = services_.host->machine()) read(machine->state());
    done.set_value();
  });
  done.get_future().wait();
}

void LiveView::add_tx(Bytes tx, std::function<void(api::TxVerdict)> done) {
  submit_tx(*services_.worker, *services_.transactions, std::move(tx), std::move(done));
}

void LiveView::check_tx(Bytes tx, std::function<void(api::TxVerdict)> done) {
  in_application(
      *services_.worker,
      [application = services_.application, tx = std::move(tx)]() -> api::TxVerdict {
        auto result = application->check_tx(tx, TxMode::kCheck);
        if (result.ok()) return std::move(result).value();
        return Failure{result.error().log};
      },
      std::move(done));
}

/// Stock's pool gives one transaction more than it is asked for.
api::PoolView LiveView::unconfirmed(std::size_t limit) const {
  api::PoolView view;
  for (const mempool::PooledTx& tx : services_.transactions->first(limit + 1)) {
    view.txs.push_back(*tx.bytes);
  }
  const mempool::PoolSize size = services_.transactions->size();
  view.count = static_cast<std::int64_t>(size.txs);
  view.bytes = static_cast<std::int64_t>(size.bytes);
  return view;
}

void LiveView::flush_mempool() { services_.transactions->flush(); }

api::NodeView::AppInfo LiveView::app_info() const {
  const auto chain = services_.states->load();
  AppInfo info{.name = std::string(kApplicationName), .version = {}, .height = 0, .hash = {}};
  if (chain && !chain->is_first()) {
    info.height = chain->last_height;
    info.hash = chain->app_hash;
  }
  return info;
}

api::AbciQueryAnswer LiveView::query_app(const std::string& path, const Bytes& data,
                                         std::int64_t height, bool prove) const {
  return queries_.answer({path, data, height, prove});
}

Result<Hash256, std::string> LiveView::add_evidence(const engine::EvidencePiece& piece) {
  const auto name = engine::evidence_name(*services_.crypto, piece);
  if (!name.ok()) return Failure{std::string(codec::describe(name.error()))};
  const auto added = services_.evidence->add(piece);
  if (!added.ok()) return Failure{added.error().reason};
  return *name;
}

Status<std::string> LiveView::dial(const api::DialRequest& /*request*/) {
  return Failure{
      std::string("this node calls the peers of its configuration alone: add them to "
                  "persistent_peers and start it again")};
}

}  // namespace buri::app
