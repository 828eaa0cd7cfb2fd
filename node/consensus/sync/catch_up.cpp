#include "node/consensus/sync/catch_up.hpp"

#include <set>

#include "base/hex.hpp"

namespace buri::consensus::sync {

namespace {

constexpr const char* kNoState = "the chain has no state";

}  // namespace

/// Executes what block sync verified as consensus does, and tells observers on the loop.
class CatchUp::Applier final : public BlockApplier {
 public:
  explicit Applier(const CatchUpServices& services) : services_(services) {}

  Result<engine::ChainState, std::string> apply(const engine::ChainState& before,
                                                engine::Block block,
                                                const engine::BlockId& block_id) override {
    const Hash256 hash = block_id.hash.value_or(Hash256{});
    auto decided = std::make_shared<const engine::ProposedBlock>(std::move(block), hash);
    ASSIGN_OR_RETURN(host::ExecutedBlock executed,
                     services_.host->executor().apply(before, std::move(decided), block_id));
    engine::ChainState next = *executed.applied.chain;
    services_.loop->post([observer = services_.observer, applied = std::move(executed.applied)] {
      observer->block_applied(applied);
    });
    return next;
  }

 private:
  const CatchUpServices& services_;
};

CatchUp::CatchUp(const CatchUpServices& services, const CatchUpOptions& options, Logger logger)
    : services_(services),
      options_(options),
      logger_(std::move(logger)),
      applier_(std::make_unique<Applier>(services_)) {}

CatchUp::~CatchUp() = default;

Status<std::string> CatchUp::start() {
  auto chain = services_.states->load();
  if (!chain) return Failure{std::string(kNoState)};
  look_later();
  if (!options_.is_enabled || moves_only_with_us(*chain)) return services_.host->begin();
  begin_sync(*std::move(chain));
  return Unit{};
}

/// Whether the other validators have no two thirds between them. Stock asks for a third of the
/// power, rounded down.
bool CatchUp::moves_only_with_us(const engine::ChainState& chain) const {
  const auto& own = services_.host->validator();
  const engine::Validator* validator = own ? chain.validators.find(*own) : nullptr;
  if (validator == nullptr) return false;
  const std::int64_t total = chain.validators.total_voting_power();
  return total - validator->voting_power <= total * 2 / 3;
}

/// More than half of the peers whose place is known are far ahead, and no fresh block says
/// otherwise: neither one liar nor, while the chain moves, any number of them can bring this about.
bool CatchUp::is_behind() const {
  const engine::Machine* machine = services_.host->machine();
  if (machine == nullptr || options_.resume_lag_heights == 0) return false;
  const engine::ChainState& chain = machine->chain();
  if (age_of(chain.last_time, services_.clock->wall()) < options_.stale_age) return false;
  const std::int64_t far = chain.last_height + options_.resume_lag_heights;
  std::size_t known = 0;
  std::size_t ahead = 0;
  services_.peers->for_each_peer([&](const p2p::NodeId&, const engine::PeerRound& round) {
    if (round.round() < 0) return;
    ++known;
    // A peer at a height has the blocks below it.
    if (round.height() > far) ++ahead;
  });
  return ahead * 2 > known;
}

void CatchUp::look_later() {
  if (!options_.is_enabled) return;
  services_.loop->after(options_.look_period, [this] {
    if (is_stopped_) return;
    look();
    look_later();
  });
}

void CatchUp::look() {
  if (is_syncing_ || services_.clock->monotonic() < deaf_until_ || !is_behind()) return;
  logger_.warning("This node has fallen behind its peers and leaves consensus to catch up.",
                  {{"height", services_.host->machine()->chain().last_height}});
  is_syncing_ = true;
  has_fallen_behind_ = true;
  services_.host->step_aside([this] {
    if (is_stopped_) return;
    auto chain = services_.states->load();
    if (!chain) return fail(kNoState);
    begin_sync(*std::move(chain));
  });
}

void CatchUp::begin_sync(engine::ChainState chain) {
  is_syncing_ = true;
  began_at_ = chain.last_height;
  logger_.info("block sync begins", {{"height", chain.next_height()}});
  services_.answers->open();
  sync_ = std::make_unique<BlockSync>(
      BlockSyncServices{services_.crypto, &services_.host->signatures(), services_.blocks,
                        applier_.get(), services_.network, services_.clock},
      std::move(chain), options_.sync, logger_);
  turn();
}

void CatchUp::turn() {
  services_.worker->post_first([this] {
    if (is_stopped_) return;
    services_.loop->post([this, turn = work()] {
      if (!is_stopped_) after(turn);
    });
  });
}

CatchUp::Turn CatchUp::work() {
  take_answers();
  const bool has_more = sync_->tick();
  const bool is_caught_up = sync_->is_caught_up();
  if (is_caught_up) sync_->teach_last_votes();
  return {has_more, is_caught_up, sync_->chain().last_height, sync_->failure()};
}

void CatchUp::take_answers() {
  std::set<p2p::NodeId> rejected;
  for (Answer& answer : services_.answers->take()) {
    if (std::holds_alternative<Answer::Removed>(answer.content)) {
      sync_->peer_removed(answer.from);
    } else if (rejected.contains(answer.from)) {
      continue;
    } else if (const auto* block = std::get_if<Answer::Encoded>(&answer.content)) {
      if (!take_block(answer.from, block->message)) rejected.insert(answer.from);
    } else if (const auto* status = std::get_if<StatusResponse>(&answer.content)) {
      sync_->receive(answer.from, *status, 0);
    } else {
      sync_->receive(answer.from, std::get<NoBlockResponse>(answer.content), 0);
    }
  }
}

/// False: the peer is hung up on.
bool CatchUp::take_block(const p2p::NodeId& from, ByteView encoded) {
  const auto reject = [&](std::string_view reason) {
    sync_->reject(from, reason);
    return false;
  };
  if (!sync_->awaits_block_of(from)) return reject("a block that it was not asked for");
  auto message = decode_block_message(encoded);
  if (!message.ok()) return reject(codec::describe(message.error()));
  const auto basic = check_basic(*message);
  if (!basic.ok()) return reject(basic.error().field);
  return sync_->receive(from, std::move(message).value(), encoded.size());
}

void CatchUp::after(const Turn& turn) {
  if (turn.failure) return fail(*turn.failure);
  if (turn.has_more) return this->turn();
  if (turn.is_caught_up && !lacks_extensions()) return end_sync(turn.height);
  services_.loop->after(options_.tick_period, [this] {
    if (!is_stopped_) this->turn();
  });
}

/// Consensus goes on from the votes of the last block, with their extensions: a node that does not
/// have them fetches one block more, however near the top it is.
bool CatchUp::lacks_extensions() const {
  const engine::ChainState& chain = sync_->chain();
  return !chain.is_first() && chain.has_extensions(chain.last_height) &&
         !services_.blocks->encoded_extended_commit(chain.last_height);
}

void CatchUp::end_sync(std::int64_t height) {
  services_.answers->close();
  sync_ = nullptr;
  is_syncing_ = false;
  logger_.info("block sync ends", {{"height", height}, {"blocks", height - began_at_}});
  if (std::exchange(has_fallen_behind_, false) && height == began_at_) {
    deaf_until_ = services_.clock->monotonic() + options_.false_alarm_pause;
  }
  const auto begun = services_.host->begin();
  if (!begun.ok()) fail(begun.error());
}

void CatchUp::fail(const std::string& reason) {
  is_stopped_ = true;
  services_.answers->close();
  logger_.error("block sync stops", {{"reason", reason}});
  services_.observer->failed(reason);
}

}  // namespace buri::consensus::sync
