#include "node/consensus/api/event_publisher.hpp"

#include <algorithm>

#include "node/consensus/api/event_json.hpp"
#include "node/consensus/api/round_state_json.hpp"

namespace buri::consensus::api {
namespace {

using engine::Note;

/// The events of a block, in stock's order.
void publish_block(EventBus& bus, accel::Engine& crypto, const host::AppliedBlock& applied) {
  const engine::Block& block = applied.block->block;
  const std::int64_t height = block.header.height;
  const AbciBlockResults results = block_results_of(*applied.result);
  bus.publish(attributes_of("NewBlock", results.events),
              [&] { return new_block_json(block, applied.block_id, results); });
  bus.publish(attributes_of("NewBlockHeader"), [&] { return new_block_header_json(block.header); });
  bus.publish(attributes_of("NewBlockEvents", results.events),
              [&] { return new_block_events_json(block, results); });
  for (const engine::EvidencePiece& piece : block.evidence) {
    bus.publish(attributes_of("NewEvidence"), [&] { return new_evidence_json(height, piece); });
  }
  std::vector<ByteView> txs(block.txs.begin(), block.txs.end());
  std::vector<Hash256> hashes(txs.size());
  crypto.sha256(txs, hashes, accel::Assurance::kExact);
  const std::size_t executed = std::min(txs.size(), results.tx_results.size());
  for (std::size_t i = 0; i < executed; ++i) {
    const AbciTxResult& result = results.tx_results[i];
    bus.publish(attributes_of_tx(hashes[i], height, result),
                [&] { return tx_json(height, static_cast<std::uint32_t>(i), txs[i], result); });
  }
  if (applied.changes.empty()) return;
  bus.publish(attributes_of("ValidatorSetUpdates"),
              [&] { return validator_set_updates_json(applied.changes); });
}

/// Whether stock's nodes publish it under that name.
bool is_stock_event(Note note) {
  switch (note) {
    case Note::kNewRound:
    case Note::kCompleteProposal:
    case Note::kPolka:
    case Note::kLock:
    case Note::kRelock:
    case Note::kUnlock:
    case Note::kValidBlock:
    case Note::kTimeoutPropose:
    case Note::kTimeoutWait:
    case Note::kVoteAdded:
      return true;
    default:
      return false;
  }
}

}  // namespace

void EventPublisher::post(std::function<void()> work) {
  if (waiting_->fetch_add(1) >= kMaxWaiting) {
    waiting_->fetch_sub(1);
    bus_->cancel_all("the node makes events faster than it can deliver them");
    return;
  }
  executor_->post([work = std::move(work), waiting = waiting_] {
    work();
    waiting->fetch_sub(1);
  });
}

void EventPublisher::post_event(std::string_view name, std::function<std::string()> data) {
  post([bus = bus_, name, data = std::move(data)] { bus->publish(attributes_of(name), data); });
}

void EventPublisher::block_applied(const host::AppliedBlock& applied) {
  if (!bus_->is_heard()) return;
  post([bus = bus_, crypto = crypto_, applied] { publish_block(*bus, *crypto, applied); });
}

void EventPublisher::step_entered(const engine::StepEntered& /*step*/,
                                  const engine::RoundState& state) {
  if (!bus_->is_heard()) return;
  const RoundPlace place{state.height, state.round, state.step};
  post_event("NewRoundStep", [place] { return round_state_json(place); });
}

void EventPublisher::noted(const engine::Noted& note, const engine::RoundState& state) {
  if (!is_stock_event(note.note) || !bus_->is_heard()) return;
  const RoundPlace place{note.height, note.round, note.step};
  const std::string_view name = engine::note_name(note.note);
  if (note.note == Note::kVoteAdded) {
    if (note.vote) post_event(name, [vote = *note.vote] { return vote_json(vote); });
  } else if (note.note == Note::kNewRound) {
    JsonWriter proposer;
    write_proposer(proposer, state);
    post_event(name,
               [place, proposer = proposer.take()] { return new_round_json(place, proposer); });
  } else if (note.note == Note::kCompleteProposal) {
    engine::BlockId block_id;
    if (state.proposal) block_id = state.proposal->block_id;
    post_event(name, [place, block_id] { return complete_proposal_json(place, block_id); });
  } else {
    post_event(name, [place] { return round_state_json(place); });
  }
}

}  // namespace buri::consensus::api
