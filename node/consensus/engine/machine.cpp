#include "node/consensus/engine/machine.hpp"

/// The way into the state machine and out of it: events, effects, replay. What is in between lies
/// in the files machine_*.cpp.

namespace buri::consensus::engine {
namespace {

std::string_view step_name(Step step) {
  switch (step) {
    case Step::kNewHeight:
      return "RoundStepNewHeight";
    case Step::kNewRound:
      return "RoundStepNewRound";
    case Step::kPropose:
      return "RoundStepPropose";
    case Step::kPrevote:
      return "RoundStepPrevote";
    case Step::kPrevoteWait:
      return "RoundStepPrevoteWait";
    case Step::kPrecommit:
      return "RoundStepPrecommit";
    case Step::kPrecommitWait:
      return "RoundStepPrecommitWait";
    case Step::kCommit:
      return "RoundStepCommit";
  }
  return "RoundStepUnknown";
}

/// What a message holds in memory, about.
std::size_t weight(const MessageArrived& arrived) {
  constexpr std::size_t kOverhead = 512;
  if (const auto* part = std::get_if<BlockPart>(&arrived.message)) {
    return kOverhead + part->part.bytes.size();
  }
  if (const auto* vote = std::get_if<Vote>(&arrived.message)) {
    return kOverhead + vote->extension.size() + vote->non_rp_extension.size();
  }
  return kOverhead;
}

std::size_t weight(const Event& event) {
  const auto* arrived = std::get_if<MessagesArrived>(&event);
  if (arrived == nullptr) return 0;
  std::size_t bytes = 0;
  for (const MessageArrived& message : arrived->messages) bytes += weight(message);
  return bytes;
}

/// A timer is only replaced by one for a later place.
bool is_later(const TimeoutFired& timer, const TimeoutFired& than) {
  return std::tie(timer.height, timer.round, timer.step) >
         std::tie(than.height, than.round, than.step);
}

}  // namespace

std::string_view note_name(Note note) {
  switch (note) {
    case Note::kNewRound:
      return "NewRound";
    case Note::kCompleteProposal:
      return "CompleteProposal";
    case Note::kPolka:
      return "Polka";
    case Note::kLock:
      return "Lock";
    case Note::kRelock:
      return "Relock";
    case Note::kUnlock:
      return "Unlock";
    case Note::kValidBlock:
      return "ValidBlock";
    case Note::kTimeoutPropose:
      return "TimeoutPropose";
    case Note::kTimeoutWait:
      return "TimeoutWait";
    case Note::kVoteAdded:
      return "Vote";
    case Note::kBlockRefused:
      return "BlockRefused";
    case Note::kClockBehind:
      return "ClockBehind";
    case Note::kNotSigned:
      return "NotSigned";
    case Note::kOwnConflict:
      return "OwnConflict";
    case Note::kProposalDropped:
      return "ProposalDropped";
    case Note::kMessagesDropped:
      return "MessagesDropped";
  }
  return "Unknown";
}

Result<std::unique_ptr<Machine>, std::string> Machine::create(
    accel::Engine& crypto, SignatureChecker& signatures, ChainState chain,
    const std::optional<ExtendedCommitRecord>& last_commit, MachineOptions options) {
  std::unique_ptr<Machine> machine(new Machine(crypto, signatures, std::move(chain), options));
  const ChainState& state = machine->chain_;
  const auto last_validators = std::make_shared<const ValidatorSet>(state.last_validators);
  std::optional<VoteSet> votes;
  if (!state.is_first()) {
    if (!last_commit) return Failure{std::string("the last block's commit is missing")};
    ASSIGN_OR_RETURN(votes, last_commit_set(signatures, state, *last_validators, *last_commit));
  }
  machine->start_height(std::move(votes), last_validators);
  machine->effects_.clear();
  return machine;
}

std::vector<Effect> Machine::replay(const WalEntry& entry, Timestamp now) {
  CHECK(is_replaying_, "the log is replayed before consensus begins");
  if (const auto* timeout = std::get_if<TimeoutFired>(&entry)) return handle(*timeout, now);
  if (const auto* message = std::get_if<MessageArrived>(&entry)) {
    return handle(MessagesArrived{{*message}}, now);
  }
  return {};
}

std::vector<Effect> Machine::begin(Timestamp now, bool is_log_found) {
  CHECK(is_replaying_ && !is_waiting(), "consensus begins once, with nothing left to answer");
  now_ = now;
  is_replaying_ = false;
  if (!is_log_found) write(HeightEnded{chain_.last_height}, true);
  if (is_timer_due_) emit(StartTimeout{timer_});
  // Unless a block was decided in the replay, the clock was not known when the height started.
  if (!state_.commit_time) state_.start_time = plus_nanos(now, options_.commit_ns);
  schedule_first_round();
  announce_step();
  for (OwnMessage& message : own_) {
    if (message.needs_answer) ask_application(message);
  }
  sign_next();
  return take_effects();
}

std::vector<Effect> Machine::handle(Event event, Timestamp now) {
  now_ = now;
  const bool is_answer = is_applying_ ? std::holds_alternative<BlockApplied>(event)
                                      : std::holds_alternative<VoteJudged>(event);
  if (is_halted_) return {};
  if (is_blocked() && !is_answer) {
    keep_for_later(std::move(event));
  } else {
    dispatch(std::move(event));
    settle();
  }
  return take_effects();
}

/// While a block is executed nothing else happens; a replay also waits for the application's word
/// on each vote, so that it follows the log's order.
bool Machine::is_blocked() const { return is_applying_ || (is_replaying_ && !pending_.empty()); }

void Machine::keep_for_later(Event event) {
  const std::size_t bytes = weight(event);
  if (bytes > 0 && inbox_bytes_ + bytes > kMaxInboxBytes && !is_replaying_) {
    note(Note::kMessagesDropped);
    return;
  }
  inbox_bytes_ += bytes;
  inbox_.push_back(std::move(event));
}

void Machine::settle() {
  while (!is_blocked() && !inbox_.empty() && !is_halted_) {
    Event event = std::move(inbox_.front());
    inbox_.pop_front();
    inbox_bytes_ -= weight(event);
    dispatch(std::move(event));
  }
}

void Machine::dispatch(Event event) {
  if (auto* arrived = std::get_if<MessagesArrived>(&event)) {
    receive(std::move(*arrived));
  } else if (const auto* timeout = std::get_if<TimeoutFired>(&event)) {
    fire(*timeout);
  } else if (const auto* made = std::get_if<ProposalMade>(&event)) {
    answer(*made);
  } else if (const auto* judged = std::get_if<BlockJudged>(&event)) {
    answer(*judged);
  } else if (const auto* extended = std::get_if<VoteExtended>(&event)) {
    answer(*extended);
  } else if (const auto* vote = std::get_if<VoteJudged>(&event)) {
    answer(*vote);
  } else if (const auto* answered = std::get_if<SignerAnswered>(&event)) {
    answer(*answered);
  } else if (const auto* applied = std::get_if<BlockApplied>(&event)) {
    answer(*applied);
  } else {
    advance(std::get<ChainAdvanced>(event));
  }
}

std::vector<Effect> Machine::take_effects() { return std::exchange(effects_, {}); }

/// Peers hear nothing of a replay.
void Machine::emit(Effect effect) {
  const bool is_message =
      std::holds_alternative<Announce>(effect) || std::holds_alternative<Answer>(effect);
  const bool is_unheard = is_replaying_ && is_message;
  if (!is_halted_ && !is_unheard) effects_.push_back(std::move(effect));
}

/// A replay writes nothing that stands in the log already.
void Machine::write(WalEntry entry, bool is_synced) {
  if (is_replaying_ && !std::holds_alternative<HeightEnded>(entry)) return;
  emit(WriteWal{std::move(entry), is_synced});
}

void Machine::note(Note note, std::string text) {
  emit(Noted{note, state_.height, state_.round, state_.step, std::move(text), std::nullopt});
}

void Machine::halt(std::string reason) {
  emit(Halted{std::move(reason)});
  is_halted_ = true;
}

void Machine::peer_erred(const std::string& peer_id, std::string reason, bool is_fatal) {
  if (!peer_id.empty()) emit(PeerErred{peer_id, std::move(reason), is_fatal});
}

void Machine::new_step(std::int32_t round, Step step) {
  state_.round = round;
  state_.step = step;
  write(StepEntered{state_.height, round, std::string(step_name(step))}, false);
  announce_step();
}

NewRoundStep Machine::where() const {
  const std::int64_t since_start = nanos_between(state_.start_time, now_) / kNanosPerSecond;
  return {state_.height, state_.round, state_.step, since_start,
          state_.last_commit ? state_.last_commit->place().round : -1};
}

void Machine::announce_step() { emit(Announce{where()}); }

void Machine::schedule(std::int64_t duration_ns, std::int32_t round, Step step) {
  const TimeoutFired timer{duration_ns, state_.height, round, step};
  if (!is_later(timer, timer_)) return;
  timer_ = timer;
  is_timer_due_ = is_replaying_;
  if (!is_replaying_) emit(StartTimeout{timer});
}

void Machine::schedule_first_round() {
  schedule(nanos_between(now_, state_.start_time), 0, Step::kNewHeight);
}

void Machine::fire(const TimeoutFired& timeout) {
  const bool is_past = std::tie(timeout.round, timeout.step) < std::tie(state_.round, state_.step);
  // A timer of its own is never ahead of it, but a log that was cut may lack what led to the round.
  if (timeout.height != state_.height || timeout.round > state_.round || is_past) return;
  write(timeout, false);
  switch (timeout.step) {
    case Step::kNewHeight:
      return enter_new_round(0);
    case Step::kNewRound:
      return enter_propose(timeout.round);
    case Step::kPropose:
      note(Note::kTimeoutPropose);
      return enter_prevote(timeout.round);
    case Step::kPrevoteWait:
      note(Note::kTimeoutWait);
      return enter_precommit(timeout.round);
    case Step::kPrecommitWait:
      note(Note::kTimeoutWait);
      enter_precommit(timeout.round);
      return enter_new_round(timeout.round + 1);
    case Step::kPrevote:
    case Step::kPrecommit:
    case Step::kCommit:
      return;  // no timer is ever set for these
  }
}

}  // namespace buri::consensus::engine
