#include "node/consensus/sync/block_sync.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/engine/times.hpp"
#include "node/consensus/p2p/channels.hpp"

namespace buri::consensus::sync {
namespace {

/// A commit as a record without extensions.
engine::ExtendedCommitRecord without_extensions(const engine::Commit& commit) {
  engine::ExtendedCommitRecord record{commit.height, commit.round, commit.block_id, {}};
  for (const engine::CommitSig& vote : commit.signatures) {
    record.signatures.push_back({vote, {}, {}, {}, {}});
  }
  return record;
}

/// What a connection carries at most: a block that takes long is not late for that.
constexpr std::int64_t kLinkBytesPerSecond = 5'120'000;

BlockPoolOptions pool_options(BlockPoolOptions options, const engine::ChainState& chain) {
  options.patience +=
      std::chrono::milliseconds(chain.params.block_bytes() * 1000 / kLinkBytesPerSecond);
  return options;
}

/// What a decoded block takes in memory: many small parts take more than they did on the wire.
std::size_t held_bytes(const BlockResponse& response, std::size_t message_bytes) {
  const std::size_t votes = response.block.last_commit.signatures.size();
  const std::size_t extended =
      response.extended_commit ? response.extended_commit->signatures.size() : 0;
  return message_bytes + response.block.txs.size() * sizeof(Bytes) +
         response.block.evidence.size() * sizeof(engine::EvidencePiece) +
         votes * sizeof(engine::CommitSig) + extended * sizeof(engine::ExtendedCommitSig);
}

}  // namespace

std::chrono::nanoseconds age_of(const engine::Timestamp& time, WallTime now) {
  using std::chrono::nanoseconds;
  const auto since_epoch = std::chrono::duration_cast<nanoseconds>(now.time_since_epoch());
  const engine::Timestamp then = engine::plus_nanos({0, 0}, since_epoch.count());
  const std::int64_t passed = engine::nanos_between(time, then);
  return nanoseconds(passed < 0 ? -std::max(passed, -INT64_MAX) : passed);
}

BlockSync::BlockSync(const BlockSyncServices& services, engine::ChainState chain,
                     const BlockSyncOptions& options, Logger logger)
    : services_(services),
      options_(options),
      logger_(std::move(logger)),
      chain_(std::move(chain)),
      pool_(chain_.next_height(), pool_options(options.pool, chain_)),
      last_progress_(services.clock->monotonic()) {}

void BlockSync::drop(const PoolFault& fault) {
  logger_.info("A peer is hung up on by block sync.",
               {{"peer", to_hex(fault.peer)}, {"reason", fault.reason}});
  services_.network->disconnect(fault.peer, p2p::Refusal::kUnwanted);
}

bool BlockSync::receive(const p2p::NodeId& from, BlockMessage message, std::size_t bytes) {
  return std::visit([&](auto& value) { return take(from, std::move(value), bytes); }, message);
}

bool BlockSync::take(const p2p::NodeId& from, const StatusResponse& message,
                     std::size_t /*bytes*/) {
  pool_.peer_reports(from, message.base, message.height, services_.clock->monotonic());
  return true;
}

bool BlockSync::take(const p2p::NodeId& from, BlockResponse message, std::size_t bytes) {
  const std::size_t held = held_bytes(message, bytes);
  if (pool_.add(from, std::move(message), held)) return true;
  reject(from, "a block that it was not asked for");
  return false;
}

void BlockSync::reject(const p2p::NodeId& id, std::string_view reason) {
  pool_.remove_peer(id);
  drop({id, reason});
}

bool BlockSync::take(const p2p::NodeId& from, const NoBlockResponse& message,
                     std::size_t /*bytes*/) {
  // Nobody is hurt by one that was not asked for.
  static_cast<void>(pool_.lacks(from, message.height, services_.clock->monotonic()));
  return true;
}

void BlockSync::ask() {
  const MonotonicTime now = services_.clock->monotonic();
  if (!last_status_ || now - *last_status_ >= options_.status_period) {
    last_status_ = now;
    services_.network->broadcast(p2p::kBlockSyncChannel, encode_block_message(StatusRequest{}));
  }
  for (const PoolFault& fault : pool_.expire(now)) drop(fault);
  for (const PoolRequest& request : pool_.requests(now)) {
    const bool is_sent = services_.network->send(
        request.peer, p2p::kBlockSyncChannel, encode_block_message(BlockRequest{request.height}));
    if (!is_sent) pool_.not_sent(request);
  }
}

/// Peers that keep fewer blocks than this node lacks cannot help it, and only the operator can.
void BlockSync::warn_of_gap() {
  const auto lowest = pool_.lowest_above_gap();
  if (!lowest) {
    next_warning_.reset();
    return;
  }
  const MonotonicTime now = services_.clock->monotonic();
  if (!next_warning_) next_warning_ = now + options_.gap_time;
  if (now < *next_warning_) return;
  next_warning_ = now + options_.gap_time;
  logger_.warning(
      "No peer keeps the next block any more. Connect to a peer that keeps all blocks, or start "
      "from "
      "a snapshot (buri consensus snapshot import).",
      {{"next_height", pool_.next_height()}, {"lowest_of_peers", *lowest}});
}

bool BlockSync::tick() {
  if (failure_) return false;
  ask();
  warn_of_gap();
  return advance();
}

bool BlockSync::is_caught_up() const {
  if (pool_.is_caught_up()) return true;
  const bool is_stalled = services_.clock->monotonic() - last_progress_ >= options_.stall_time;
  const bool is_fresh =
      !chain_.is_first() && age_of(chain_.last_time, services_.clock->wall()) < options_.fresh_age;
  return (is_fresh || is_stalled) && pool_.has_peers();
}

void BlockSync::teach_last_votes() {
  const auto commit = std::exchange(last_votes_, std::nullopt);
  if (!commit) return;
  services_.signatures->verifier().learn(engine::votes_of(*commit), chain_.last_validators,
                                         engine::BatchedSignatures::Extensions::kOn);
}

bool BlockSync::advance() {
  const MonotonicTime start = services_.clock->monotonic();
  for (std::size_t count = 0; count < options_.blocks_per_tick; ++count) {
    if (services_.clock->monotonic() - start >= options_.tick_time) return true;
    const auto window = pool_.ready(options_.window_blocks + 1);
    if (window.size() < 2) return false;
    // What is here is checked at once: under way may be blocks that never come.
    if (checked_ahead_ < pool_.next_height()) {
      check_signatures_ahead(*services_.crypto, *services_.signatures, chain_, window);
      checked_ahead_ = pool_.next_height() + static_cast<std::int64_t>(window.size()) - 2;
    }
    if (!apply_first(*window[0], *window[1])) return !failure_;
  }
  return true;
}

bool BlockSync::apply_first(const PooledBlock& first, PooledBlock& second) {
  auto verified = verify_block(*services_.crypto, *services_.signatures, chain_, first, second);
  if (verified.ok()) {
    return apply(verified.value(), second.response.block.last_commit);
  }
  const PairFault& fault = verified.error();
  if (fault.blame == Blame::kNobody) {
    failure_ = "block " + std::to_string(pool_.next_height()) +
               " was decided and contradicts what this node has: " + fault.reason;
    return false;
  }
  logger_.info("A block from peers is not the chain's.",
               {{"height", pool_.next_height()}, {"reason", fault.reason}});
  for (const PoolFault& one : pool_.reject_first(fault.blame, services_.clock->monotonic())) {
    drop(one);
  }
  checked_ahead_ = 0;
  return false;
}

bool BlockSync::apply(const VerifiedBlock& verified, const engine::Commit& deciding) {
  BlockResponse response = pool_.take_first().response;
  const bool has_extensions = response.extended_commit.has_value();
  auto commit =
      has_extensions ? *std::move(response.extended_commit) : without_extensions(deciding);
  const auto saved = services_.blocks->save(response.block, verified.parts, commit, has_extensions);
  if (!saved.ok()) {
    failure_ = "a block cannot be stored: " + saved.error().detail;
    return false;
  }
  auto next = services_.applier->apply(chain_, std::move(response.block), verified.block_id);
  if (!next.ok()) {
    failure_ = std::move(next).error();
    return false;
  }
  chain_ = std::move(next).value();
  if (has_extensions) last_votes_ = std::move(commit);
  last_progress_ = services_.clock->monotonic();
  return true;
}

}  // namespace buri::consensus::sync
