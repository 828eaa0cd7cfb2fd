#include "node/consensus/modules/checkpoint/module.hpp"

#include <algorithm>

namespace buri::consensus::modules::checkpoint {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;

/// The genesis without its checkpoints, which may be many.
struct GenesisHead {
  Params params{};
  std::optional<Checkpoint> buffered_checkpoint{};
  std::uint64_t last_no_ack = 0;
  std::uint64_t ack_count = 0;
  CheckpointSignatures checkpoint_signatures{};
  std::string checkpoint_signatures_txhash{};

  static constexpr std::string_view kName = GenesisState::kName;
  static constexpr auto fields() {
    using G = GenesisHead;
    return std::tuple{Field{1, "params", &G::params},
                      Field{2, "buffered_checkpoint", &G::buffered_checkpoint},
                      Field{3, "last_no_ack", &G::last_no_ack},
                      Field{4, "ack_count", &G::ack_count},
                      Field{6, "checkpoint_signatures", &G::checkpoint_signatures},
                      Field{7, "checkpoint_signatures_txhash", &G::checkpoint_signatures_txhash}};
  }
};

Status<Error> check_signatures(const GenesisHead& state) {
  for (const CheckpointSignature& one : state.checkpoint_signatures.signatures) {
    if (one.validator_address.size() != Address::kSize) {
      return Failure{plain_error("genesis of checkpoint: a signature's validator is no address")};
    }
    if (one.signature.empty()) {
      return Failure{plain_error("genesis of checkpoint: checkpoint signature is empty")};
    }
  }
  if (state.checkpoint_signatures_txhash.empty()) return Unit{};
  return Failure{plain_error("checkpoint signatures tx hash is not valid")};
}

Outcome<std::vector<Checkpoint>> read_checkpoints(const runtime::GenesisSection& section) {
  std::vector<Checkpoint> checkpoints;
  RETURN_IF_ERROR(section.for_each("checkpoints", [&](const JsonCursor& element) -> Status<Error> {
    auto checkpoint = codec::from_json<Checkpoint>(element);
    if (!checkpoint.ok()) return Failure{runtime::genesis_error(kCodespace, checkpoint.error())};
    if (checkpoint->id != checkpoints.size() + 1) {
      return Failure{plain_error("checkpoint id mismatch")};
    }
    RETURN_IF_ERROR(validate(MsgCheckpoint{.proposer = checkpoint->proposer,
                                           .start_block = checkpoint->start_block,
                                           .end_block = checkpoint->end_block,
                                           .root_hash = checkpoint->root_hash,
                                           .bor_chain_id = checkpoint->bor_chain_id}));
    checkpoints.push_back(std::move(checkpoint).value());
    return Unit{};
  }));
  return checkpoints;
}

/// Those of one second stay in the order of their numbers.
void sort_by_time(std::vector<Checkpoint>& checkpoints) {
  std::ranges::sort(checkpoints, {}, [](const Checkpoint& checkpoint) {
    return std::pair{checkpoint.timestamp, checkpoint.id};
  });
}

}  // namespace

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  auto state = codec::from_json<GenesisHead>(section.rest());
  if (!state.ok()) return Failure{runtime::genesis_error(kCodespace, state.error())};
  RETURN_IF_ERROR(validate(state->params));
  RETURN_IF_ERROR(check_signatures(*state));
  ASSIGN_OR_RETURN(std::vector<Checkpoint> checkpoints, read_checkpoints(section));
  if (!checkpoints.empty() && state->ack_count != checkpoints.size()) {
    return Failure{plain_error("incorrect state in state-dump , please Check")};
  }
  RETURN_IF_ERROR(keeper_.set_params(context, state->params));
  if (state->last_no_ack > 0) RETURN_IF_ERROR(keeper_.set_last_no_ack(context, state->last_no_ack));
  sort_by_time(checkpoints);
  std::uint64_t number = 0;
  for (Checkpoint& checkpoint : checkpoints) {
    checkpoint.id = ++number;
    RETURN_IF_ERROR(keeper_.add(context, std::move(checkpoint)));
  }
  // A buffered checkpoint without id is what an empty buffer is exported as. The count from which
  // it would get one is not there yet, so that the stock daemon drops it.
  if (state->buffered_checkpoint && state->buffered_checkpoint->id != 0) {
    RETURN_IF_ERROR(keeper_.set_buffer(context, *state->buffered_checkpoint));
  }
  RETURN_IF_ERROR(keeper_.set_ack_count(context, state->ack_count));
  RETURN_IF_ERROR(keeper_.set_signatures(context, state->checkpoint_signatures));
  return keeper_.set_signatures_tx_hash(context, state->checkpoint_signatures_txhash);
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  GenesisState state;
  ASSIGN_OR_RETURN(state.params, keeper_.params(context));
  ASSIGN_OR_RETURN(state.checkpoints, keeper_.all(context));
  sort_by_time(state.checkpoints);
  ASSIGN_OR_RETURN(state.buffered_checkpoint, keeper_.buffer(context));
  ASSIGN_OR_RETURN(state.last_no_ack, keeper_.last_no_ack(context));
  ASSIGN_OR_RETURN(state.ack_count, ack_count(context));
  ASSIGN_OR_RETURN(state.checkpoint_signatures, keeper_.signatures(context));
  ASSIGN_OR_RETURN(state.checkpoint_signatures_txhash, keeper_.signatures_tx_hash(context));
  codec::append_json(sink.text(), state);
  return Unit{};
}

}  // namespace buri::consensus::modules::checkpoint
