#include "node/consensus/host/consensus_host.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"
#include "node/consensus/host/past_signatures.hpp"

namespace buri::consensus::host {

using namespace engine;

namespace {

/// What the application has not been told of yet; of more, the newest count: they come back in the
/// next block's first transaction.
constexpr std::size_t kMaxLearned = 20'000;

}  // namespace

ConsensusHost::ConsensusHost(const HostServices& services, HostOptions options, Logger logger)
    : services_(services),
      options_(options),
      logger_(std::move(logger)),
      executor_({services.crypto, services.application, services.states}),
      questions_(*services.application, services.outside, logger_) {
  if (services_.signer != nullptr) options_.machine.validator = services_.signer->address();
}

void ConsensusHost::attach(TransactionPool& transactions, EvidenceSource& evidence) {
  CHECK(!machine_, "the pools join before consensus begins");
  evidence_ = &evidence;
  executor_.attach(transactions, evidence);
  questions_.attach(transactions, evidence);
}

Timestamp ConsensusHost::now() const {
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(
      services_.clock->wall().time_since_epoch());
  return plus_nanos({0, 0}, nanos.count());
}

Result<Handshake, std::string> ConsensusHost::open(const app::Genesis& genesis) {
  signatures_.emplace(*services_.crypto, genesis.head.chain_id);
  signatures_->verifier().tell([this](const VoteVerifier::Checked& checked) {
    if (learned_.size() == kMaxLearned) learned_.clear();
    learned_.push_back({{checked.key, checked.digest, checked.signature}, checked.is_valid});
  });
  ASSIGN_OR_RETURN(
      Handshake done,
      shake_hands({{services_.crypto, services_.application, services_.states}, services_.blocks},
                  genesis));
  auto log = WalWriter::open(*services_.log_files, now(), options_.log);
  if (!log.ok()) return Failure{"the consensus log cannot be opened: " + describe(log.error())};
  log_.emplace(std::move(log).value());
  if (log_->damage()) {
    logger_.warning("the consensus log ended in damage, which was cut off and kept beside it",
                    {{"file", log_->damage()->file},
                     {"offset", log_->damage()->offset},
                     {"fault", describe(log_->damage()->fault)}});
  }
  flush_later();
  return done;
}

Status<std::string> ConsensusHost::check_past_signatures() const {
  const std::int64_t heights = options_.double_sign_check_heights;
  if (has_begun_ || heights == 0 || !options_.machine.validator) return Unit{};
  const auto signed_at = last_signed_block(*services_.blocks, *options_.machine.validator, heights);
  if (!signed_at) return Unit{};
  return Failure{fmt::format(
      "consensus.double_sign_check_heights: validator 0x{} signed block {}, one of the last {} "
      "before {}: make sure that no other node has its key, then start again after {} more blocks, "
      "or set it to 0",
      to_hex(*options_.machine.validator), *signed_at, heights, services_.blocks->height() + 1,
      heights - (services_.blocks->height() - *signed_at))};
}

Status<std::string> ConsensusHost::begin() {
  CHECK(log_.has_value() && !machine_,
        "consensus begins once after it was opened or stepped aside");
  RETURN_IF_ERROR(check_past_signatures());
  const auto chain = services_.states->load();
  if (!chain) return Failure{std::string("the chain has no state")};
  std::optional<ExtendedCommitRecord> commit;
  if (!chain->is_first()) commit = services_.blocks->commit(chain->last_height);
  auto machine = Machine::create(*services_.crypto, *signatures_, *chain, commit, options_.machine);
  if (!machine.ok()) return Failure{"consensus cannot begin: " + machine.error()};
  // What is still in memory belongs to the log as well.
  const auto flushed = log_->flush();
  if (!flushed.ok()) return Failure{"the consensus log: " + describe(flushed.error())};
  unreplayed_.clear();
  const auto found = replay_wal(*services_.log_files, chain->last_height,
                                [&](const WalRecord& record) { unreplayed_.push_back(record); });
  if (!found.ok()) return Failure{"the consensus log cannot be read: " + describe(found.error())};
  logger_.info("consensus begins",
               {{"height", chain->next_height()},
                {"replayed_records", unreplayed_.size()},
                {"validator", options_.machine.validator ? to_hex(*options_.machine.validator)
                                                         : std::string("none")}});
  machine_ = std::move(machine).value();
  has_begun_ = true;
  is_log_found_ = found->is_found;
  is_replaying_ = true;
  replay_log();
  return Unit{};
}

/// As far as the machine does not wait for an answer; each answer goes on with it.
void ConsensusHost::replay_log() {
  while (!unreplayed_.empty() && !machine_->is_waiting() && !has_failed_) {
    const WalRecord record = std::move(unreplayed_.front());
    unreplayed_.pop_front();
    perform_all(machine_->replay(record.entry, now()));
  }
  if (has_failed_ || machine_->is_waiting()) return;
  is_replaying_ = false;
  perform_all(machine_->begin(now(), is_log_found_));
}

void ConsensusHost::step_aside(std::function<void()> done) {
  services_.loop->post([this, done = std::move(done)] {
    ++life_;
    machine_ = nullptr;
    unreplayed_.clear();
    is_replaying_ = false;
    services_.worker->post_first([this, done] { services_.loop->post(done); });
  });
}

void ConsensusHost::close() {
  ++life_;
  machine_ = nullptr;
  if (!log_) return;
  const auto synced = log_->sync();
  if (!synced.ok()) logger_.error("the consensus log", {{"reason", describe(synced.error())}});
  log_.reset();
}

void ConsensusHost::receive(MessagesArrived arrived) {
  if (machine() != nullptr) handle(std::move(arrived));
}

void ConsensusHost::handle(Event event) {
  if (!machine_ || has_failed_) return;
  perform_all(machine_->handle(std::move(event), now()));
  if (is_replaying_ && !has_failed_) replay_log();
}

void ConsensusHost::fail(std::string reason) {
  if (has_failed_) return;
  has_failed_ = true;
  logger_.error("consensus stops", {{"reason", reason}});
  services_.observer->failed(reason);
}

void ConsensusHost::flush_later() {
  services_.loop->after(options_.log_flush_period, [this] {
    if (!log_) return;
    const auto flushed = log_->flush();
    if (!flushed.ok()) return fail("the consensus log: " + describe(flushed.error()));
    flush_later();
  });
}

void ConsensusHost::perform_all(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects) {
    if (has_failed_) return;
    std::visit([this](const auto& one) { perform(one); }, effect);
  }
}

std::function<void()> ConsensusHost::teaching() {
  return [this, learned = std::exchange(learned_, {})] {
    for (const Learned& one : learned) {
      services_.application->signatures().learn(one.claim, one.is_valid);
    }
  };
}

void ConsensusHost::ask(std::function<Event()> question) {
  services_.worker->post_first(
      [this, life = life_, teach = teaching(), question = std::move(question)] {
        teach();
        services_.loop->post([this, life, event = question()]() mutable {
          if (life == life_) handle(std::move(event));
        });
      });
}

}  // namespace buri::consensus::host
