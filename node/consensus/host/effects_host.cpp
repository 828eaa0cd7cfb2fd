#include <fmt/format.h>

#include "node/consensus/host/abci_values.hpp"
#include "node/consensus/host/consensus_host.hpp"

/// The state machine's effects, each as it is done.

namespace buri::consensus::host {

using namespace engine;

namespace {

OwnMessageKind kind_of(const Sign& effect) {
  const auto* vote = std::get_if<hsm::wire::SignVote>(&effect.request);
  if (vote == nullptr) return OwnMessageKind::kProposal;
  return vote->type == VoteType::kPrevote ? OwnMessageKind::kPrevote : OwnMessageKind::kPrecommit;
}

}  // namespace

Status<WalFileError> ConsensusHost::write(const WriteWal& effect) {
  const WalRecord record{now(), effect.entry};
  return effect.is_synced ? log_->write_sync(record) : log_->write(record);
}

void ConsensusHost::perform(const WriteWal& effect) {
  const auto written = write(effect);
  const auto* message = std::get_if<MessageArrived>(&effect.entry);
  if (!written.ok()) {
    // What a peer sent may be longer than a record; then the log itself is sound.
    const bool is_peers = message != nullptr && !message->peer_id.empty();
    if (!is_peers || !log_->flush().ok()) {
      return fail("the consensus log cannot be written: " + describe(written.error()));
    }
  }
  if (message != nullptr) {
    services_.observer->message_counted(*message);
    if (peers_ != nullptr) peers_->counted(*message);
  } else if (const auto* step = std::get_if<StepEntered>(&effect.entry)) {
    services_.observer->step_entered(*step, machine_->state());
  }
}

void ConsensusHost::perform(const SyncWal& /*effect*/) {
  const auto synced = log_->sync();
  if (!synced.ok()) fail("the consensus log cannot be made durable: " + describe(synced.error()));
}

void ConsensusHost::perform(const StartTimeout& effect) {
  ++timer_;
  const std::chrono::nanoseconds delay(std::max<std::int64_t>(effect.timeout.duration_ns, 0));
  services_.loop->after(delay, [this, life = life_, timer = timer_, timeout = effect.timeout] {
    if (life == life_ && timer == timer_) handle(timeout);
  });
}

void ConsensusHost::perform(const Sign& effect) {
  const auto request =
      std::visit([](const auto& one) { return SigningRequest(one); }, effect.request);
  const MonotonicTime asked = services_.clock->monotonic();
  const OwnMessageKind kind = kind_of(effect);
  services_.signer->sign(request, [this, life = life_, id = effect.id, kind,
                                   asked](SigningResult made) {
    const auto took = services_.clock->monotonic() - asked;
    services_.loop->post([this, life, id, kind, took, made = std::move(made)] {
      if (life != life_) return;
      services_.observer->signed_own({kind, made.ok(), made.ok() ? "" : made.error().reason, took});
      SignerAnswered answered{id, std::nullopt};
      if (made.ok()) {
        answered.answer = *made;
      } else {
        logger_.warning("not signed", {{"reason", made.error().reason}});
        answered.is_final = made.error().is_final;
      }
      handle(std::move(answered));
    });
  });
}

void ConsensusHost::perform(const AskProposal& effect) {
  const ChainState& chain = machine_->chain();
  app::PrepareRequest request{
      .height = chain.next_height(),
      .time = app_time(effect.time),
      .proposer = *options_.machine.validator,
      .max_tx_bytes = effect.max_tx_bytes,
      .last_commit = extended_commit_info(effect.last_commit, chain.last_validators),
      .txs = {}};
  const ProposalLimits limits{chain.params.max_evidence_bytes, chain.params.max_block_gas};
  ask([this, id = effect.id, request = std::move(request), limits]() -> Event {
    return questions_.make_proposal(id, request, limits);
  });
}

void ConsensusHost::perform(const AskVerdict& effect) {
  const Block& block = effect.block->block;
  app::ProposedBlock proposed{
      .height = block.header.height,
      .time = app_time(block.header.time),
      .proposer = block.header.proposer_address,
      .last_commit = last_commit_info(block.last_commit, machine_->chain().last_validators),
      .txs = block.txs};
  ask([this, id = effect.id, kept = effect.block, proposed = std::move(proposed)]() -> Event {
    return questions_.judge(id, proposed, kept->block.evidence);
  });
}

void ConsensusHost::perform(const AskExtensions& effect) {
  ask([this, id = effect.id, block = effect.block]() -> Event {
    return questions_.extend(
        id, {.height = block->block.header.height,
             .block_hash = Bytes(block->hash.bytes.begin(), block->hash.bytes.end()),
             .txs = block->block.txs});
  });
}

void ConsensusHost::perform(const AskVoteVerdict& effect) {
  ask([this, id = effect.id, vote = effect.vote]() -> Event {
    const Hash256 hash = vote.block_id.hash.value_or(Hash256{});
    return questions_.judge_vote(
        id, {.height = vote.height,
             .block_hash = Bytes(hash.bytes.begin(), hash.bytes.end()),
             .validator_address =
                 Bytes(vote.validator_address.bytes.begin(), vote.validator_address.bytes.end()),
             .extensions = {vote.extension, vote.non_rp_extension}});
  });
}

void ConsensusHost::perform(const SaveBlock& effect) {
  const Block& block = effect.block->block;
  const bool has_extensions = machine_->chain().has_extensions(block.header.height);
  const auto saved = services_.blocks->save(block, *effect.parts, effect.commit, has_extensions);
  if (!saved.ok()) {
    fail(fmt::format("block {} cannot be stored: {}", block.header.height, saved.error().detail));
  }
}

void ConsensusHost::perform(const ApplyBlock& effect) {
  auto execute = [this, life = life_, teach = teaching(), chain = machine_->chain(),
                  block = effect.block, block_id = effect.block_id] {
    teach();
    auto outcome = std::make_shared<Result<ExecutedBlock, std::string>>(
        executor_.apply(chain, block, block_id));
    services_.loop->post([this, life, outcome] { finish_block(std::move(*outcome), life); });
  };
  services_.worker->post_first(std::move(execute));
}

void ConsensusHost::finish_block(Result<ExecutedBlock, std::string> outcome, std::uint64_t life) {
  if (!outcome.ok()) return fail(outcome.error());
  services_.observer->block_applied(outcome->applied);
  if (life == life_) handle(BlockApplied{std::move(outcome->outcome)});
}

void ConsensusHost::perform(const Announce& effect) {
  if (peers_ != nullptr) peers_->announce(effect.message);
}

void ConsensusHost::perform(const Answer& effect) {
  if (peers_ != nullptr) peers_->answer(effect.peer_id, effect.message);
}

void ConsensusHost::perform(const ReportEvidence& effect) {
  logger_.warning("a validator voted twice in one round; its evidence goes to the pool");
  if (evidence_ == nullptr) return;
  services_.worker->post_first([this, piece = effect.piece] { evidence_->report(piece); });
}

void ConsensusHost::perform(const PeerErred& effect) {
  if (peers_ != nullptr) peers_->erred(effect.peer_id, effect.reason, effect.is_fatal);
}

void ConsensusHost::perform(const Noted& effect) {
  const bool is_trouble = effect.note == Note::kBlockRefused || effect.note == Note::kClockBehind ||
                          effect.note == Note::kNotSigned || effect.note == Note::kOwnConflict ||
                          effect.note == Note::kProposalDropped ||
                          effect.note == Note::kMessagesDropped;
  if (is_trouble) {
    logger_.warning(note_name(effect.note),
                    {{"height", effect.height}, {"round", effect.round}, {"text", effect.text}});
  }
  services_.observer->noted(effect, machine_->state());
}

void ConsensusHost::perform(const Halted& effect) { fail(effect.reason); }

}  // namespace buri::consensus::host
