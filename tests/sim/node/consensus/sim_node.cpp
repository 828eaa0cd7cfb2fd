#include "tests/sim/node/consensus/sim_node.hpp"

#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::sim {

using namespace engine;

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
const Bytes kLie{0xbb};

}  // namespace

Bytes honest_extension(std::int64_t height) { return {static_cast<std::uint8_t>(height), 1}; }

BlockOutcome execute(const ChainState& before, const ProposedBlock& block) {
  BlockOutcome outcome;
  // FNV-1a over the old state and the block.
  std::uint64_t sum = 14695981039346656037U;
  for (const std::uint8_t byte : before.app_hash) sum = (sum ^ byte) * 1099511628211U;
  for (const std::uint8_t byte : block.hash.bytes) sum = (sum ^ byte) * 1099511628211U;
  for (int i = 0; i < 8; ++i) outcome.app_hash.push_back(static_cast<std::uint8_t>(sum >> (8 * i)));
  outcome.results_hash.bytes[0] = static_cast<std::uint8_t>(sum);
  // Powers change now and then, by little.
  if (block.block.header.height % 2 == 0) {
    Validator change = before.next_validators.validators()[0];
    change.voting_power ^= 1;
    outcome.changes.push_back(change);
  }
  return outcome;
}

SimNode::SimNode(Surroundings& surroundings, std::size_t name, ChainState genesis, Address key,
                 Vice vice)
    : world_(&surroundings),
      name_(name),
      key_(key),
      vice_(vice),
      signatures_(genesis.chain_id),
      files_(std::make_unique<testing::SimulatedWalFiles>()) {
  states_.emplace(0, std::move(genesis));
}

/// As the handshake with the application at start: what is stored and not executed is executed.
void SimNode::catch_up_application() {
  while (!store_.empty() && height() < store_.rbegin()->first) {
    const ChainState& before = states_.rbegin()->second;
    const Stored& stored = store_.at(before.next_height());
    states_.emplace(stored.commit.height,
                    before
                        .after(stored.block->block.header, stored.commit.block_id,
                               execute(before, *stored.block))
                        .value());
  }
}

void SimNode::start() {
  files_->restart(world_->random().below(1001));
  catch_up_application();
  auto log = WalWriter::open(*files_, world_->clock(name_));
  if (!log.ok()) return world_->failed(name_, "the log does not open: " + log.error().reason);
  log_.emplace(std::move(log).value());
  const ChainState& chain = states_.rbegin()->second;
  std::optional<ExtendedCommitRecord> commit;
  if (!chain.is_first()) commit = store_.at(chain.last_height).commit;
  MachineOptions options;
  options.validator = key_;
  auto machine = Machine::create(testing::engine(), signatures_, chain, commit, options);
  if (!machine.ok()) return world_->failed(name_, machine.error());
  machine_ = std::move(machine).value();
  std::vector<WalRecord> records;
  const auto found = replay_wal(*files_, chain.last_height,
                                [&](const WalRecord& record) { records.push_back(record); });
  CHECK(found.ok(), "the simulated log is readable");
  counts_.replayed_records += records.size();
  is_beginning_ = true;
  for (const WalRecord& record : records) {
    if (!perform(machine_->replay(record.entry, world_->clock(name_)))) return;
  }
  is_beginning_ = false;
  perform(machine_->begin(world_->clock(name_), found->is_found));
}

void SimNode::crash() {
  machine_ = nullptr;
  is_beginning_ = false;
  log_.reset();
  ++counts_.crashes;
  if (saving_ && world_->random().chance(0.5)) make_durable();
  saving_.reset();
  if (vice_ != Vice::kAmnesia) return;
  files_ = std::make_unique<testing::SimulatedWalFiles>();
}

void SimNode::handle(Event event) {
  if (!machine_) return;
  perform(machine_->handle(std::move(event), world_->clock(name_)));
}

/// False if the node crashed on the way.
bool SimNode::perform(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects) {
    if (!machine_) return false;
    if (!perform_one(effect)) {
      if (machine_) crash();
      return false;
    }
  }
  return machine_ != nullptr;
}

bool SimNode::write(const WalEntry& entry, bool is_synced) {
  const WalRecord record{world_->clock(name_), entry};
  const auto written = is_synced ? log_->write_sync(record) : log_->write(record);
  return written.ok();
}

/// In a replay the driver waits for the application, live it takes its time.
bool SimNode::answer(Event event) {
  if (is_beginning_) return perform(machine_->handle(std::move(event), world_->clock(name_)));
  const auto delay = static_cast<std::int64_t>(world_->random().below(20)) * kMillisecond;
  world_->later(name_, delay, std::move(event));
  return true;
}

bool SimNode::perform_one(const Effect& effect) {
  if (world_->cuts_power(name_)) return false;
  if (const auto* entry = std::get_if<WriteWal>(&effect)) {
    if (!write(entry->entry, entry->is_synced)) return false;
    const auto* own = std::get_if<MessageArrived>(&entry->entry);
    if (own != nullptr && own->peer_id.empty()) world_->broadcast(name_, own->message);
  } else if (std::holds_alternative<SyncWal>(effect)) {
    return log_->sync().ok();
  } else if (const auto* timer = std::get_if<StartTimeout>(&effect)) {
    world_->set_timer(name_, timer->timeout);
  } else if (const auto* request = std::get_if<engine::Sign>(&effect)) {
    ask_signer(*request);
  } else if (const auto* proposal = std::get_if<AskProposal>(&effect)) {
    BlockContent content;
    // Twins propose different blocks.
    content.txs.push_back(
        {static_cast<std::uint8_t>(name_), static_cast<std::uint8_t>(proposal->id)});
    return answer(ProposalMade{proposal->id, std::move(content)});
  } else if (const auto* verdict = std::get_if<AskVerdict>(&effect)) {
    return answer(BlockJudged{verdict->id, true});
  } else if (const auto* extensions = std::get_if<AskExtensions>(&effect)) {
    const Bytes made = vice_ == Vice::kLiar && world_->random().chance(0.5)
                           ? kLie
                           : honest_extension(extensions->block->block.header.height);
    return answer(VoteExtended{extensions->id, VoteExtended::Extensions{made, {2}}});
  } else if (const auto* vote = std::get_if<AskVoteVerdict>(&effect)) {
    const bool is_good = vote->vote.extension == honest_extension(vote->vote.height);
    return answer(VoteJudged{vote->id, is_good});
  } else if (const auto* stored = std::get_if<SaveBlock>(&effect)) {
    save(*stored);
  } else if (const auto* block = std::get_if<ApplyBlock>(&effect)) {
    make_durable();
    catch_up_application();
    const BlockOutcome outcome = execute(states_.at(height() - 1), *block->block);
    return answer(BlockApplied{outcome});
  } else if (std::holds_alternative<ReportEvidence>(effect)) {
    ++counts_.evidence;
  } else if (const auto* noted = std::get_if<Noted>(&effect)) {
    if (noted->note == Note::kNewRound && noted->round > 0) ++counts_.rounds_above_zero;
    if (noted->note == Note::kUnlock) ++counts_.unlocks;
    if (noted->note == Note::kBlockRefused) refusal_ = noted->text;
  } else if (const auto* halted = std::get_if<Halted>(&effect)) {
    world_->failed(name_, halted->reason);
  }
  return true;
}

void SimNode::save(const SaveBlock& effect) {
  const std::int64_t height = effect.block->block.header.height;
  if (store_.contains(height)) return;
  saving_ = Stored{effect.block, effect.parts, effect.commit};
  for (const ExtendedCommitSig& entry : effect.commit.signatures) {
    const bool is_own = entry.vote.validator_address == key_;
    if (entry.vote.flag == BlockIdFlag::kCommit && !is_own && entry.extension == kLie) {
      world_->failed(name_, "a refused extension counted");
    }
  }
  world_->decided(name_, *saving_);
}

/// What was saved is in the store for good.
void SimNode::make_durable() {
  if (!saving_) return;
  const std::int64_t height = saving_->commit.height;
  store_.emplace(height, *std::exchange(saving_, std::nullopt));
}

void SimNode::ask_signer(const engine::Sign& request) {
  // Now and then it is not reached in time; the time was enough for a signature or was not.
  const double absence = world_->signer_absence();
  if (absence > 0 && world_->random().chance(absence)) {
    if (world_->random().chance(0.5)) static_cast<void>(sign(request));
    const auto patience = static_cast<std::int64_t>(100 + world_->random().below(900));
    return world_->later(name_, patience * kMillisecond,
                         SignerAnswered{request.id, std::nullopt, false});
  }
  const auto delay = static_cast<std::int64_t>(1 + world_->random().below(5)) * kMillisecond;
  world_->later(name_, delay, SignerAnswered{request.id, sign(request)});
}

/// What a signer does that keeps the last thing it signed: the same again gets the same signature,
/// what contradicts it or comes before it gets none.
std::optional<hsm::wire::Signed> SimNode::sign(const engine::Sign& request) {
  Signed next;
  const auto fill = [&](const auto& asked, int step) {
    auto without_time = asked;
    without_time.timestamp = {};
    next.height = asked.height;
    next.round = asked.round;
    next.step = step;
    next.time = asked.timestamp;
    next.answer = testing::toy_answer(key_, asked);
    return without_time;
  };
  if (const auto* proposal = std::get_if<hsm::wire::SignProposal>(&request.request)) {
    next.content = hsm::wire::proposal_sign_bytes(fill(*proposal, 1));
  } else {
    const auto& vote = std::get<hsm::wire::SignVote>(request.request);
    next.content = hsm::wire::vote_sign_bytes(fill(vote, vote.type == VoteType::kPrevote ? 2 : 3));
  }
  const bool keeps_state = vice_ == Vice::kNone || vice_ == Vice::kLiar;
  const auto place = [](const Signed& s) { return std::tuple(s.height, s.round, s.step); };
  if (!keeps_state || place(next) > place(signed_)) {
    signed_ = next;
    return next.answer;
  }
  if (place(next) == place(signed_) && next.content == signed_.content) {
    // The vote again, as it was; extensions are signed anew.
    next.answer.signatures[0] = signed_.answer.signatures[0];
    next.answer.timestamp = signed_.time;
    return next.answer;
  }
  ++counts_.refused_signatures;
  return std::nullopt;
}

}  // namespace buri::consensus::sim
