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

  static constexpr std::string_view kName = "heimdallv2.checkpoint.GenesisState";
  static constexpr auto fields() {
    using G = GenesisHead;
    return fields_of(Field{1, "params", &G::params},
                     Field{2, "buffered_checkpoint", &G::buffered_checkpoint},
                     Field{3, "last_no_ack", &G::last_no_ack}, Field{4, "ack_count", &G::ack_count},
                     Field{6, "checkpoint_signatures", &G::checkpoint_signatures},
                     Field{7, "checkpoint_signatures_txhash", &G::checkpoint_signatures_txhash});
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

using Visitor = std::function<Status<Error>(Checkpoint)>;

Status<Error> for_each_checkpoint(const runtime::GenesisSection& section, const Visitor& visit) {
  return section.for_each("checkpoints", [&visit](const JsonCursor& element) -> Status<Error> {
    auto checkpoint = codec::from_json<Checkpoint>(element);
    if (!checkpoint.ok()) return Failure{runtime::genesis_error(kCodespace, checkpoint.error())};
    return visit(std::move(checkpoint).value());
  });
}

/// Of a list of checkpoints that is too long to be held.
struct Listed {
  std::uint64_t count = 0;
  bool is_by_time = true;  ///< so that numbers stay as they are
  std::uint64_t newest = 0;

  void add(const Checkpoint& checkpoint) {
    ++count;
    is_by_time = is_by_time && newest <= checkpoint.timestamp;
    newest = checkpoint.timestamp;
  }
};

Outcome<Listed> check_checkpoints(const runtime::GenesisSection& section) {
  Listed listed;
  RETURN_IF_ERROR(for_each_checkpoint(section, [&](const Checkpoint& checkpoint) -> Status<Error> {
    listed.add(checkpoint);
    if (checkpoint.id != listed.count) return Failure{plain_error("checkpoint id mismatch")};
    return validate(MsgCheckpoint{.proposer = checkpoint.proposer,
                                  .start_block = checkpoint.start_block,
                                  .end_block = checkpoint.end_block,
                                  .root_hash = checkpoint.root_hash,
                                  .bor_chain_id = checkpoint.bor_chain_id});
  }));
  return listed;
}

/// Those of one second stay in the order of their numbers.
void sort_by_time(std::vector<Checkpoint>& checkpoints) {
  std::ranges::sort(checkpoints, {}, [](const Checkpoint& checkpoint) {
    return std::pair{checkpoint.timestamp, checkpoint.id};
  });
}

/// Calls `visit` in the order of time, with a walk that knows only its own order.
Status<Error> visit_by_time(const std::function<Status<Error>(const Visitor&)>& walk,
                            bool is_by_time, const Visitor& visit) {
  if (is_by_time) return walk(visit);
  std::vector<Checkpoint> all;
  RETURN_IF_ERROR(walk([&all](Checkpoint checkpoint) -> Status<Error> {
    all.push_back(std::move(checkpoint));
    return Unit{};
  }));
  sort_by_time(all);
  for (Checkpoint& checkpoint : all) RETURN_IF_ERROR(visit(std::move(checkpoint)));
  return Unit{};
}

}  // namespace

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  auto state = codec::from_json<GenesisHead>(section.rest());
  if (!state.ok()) return Failure{runtime::genesis_error(kCodespace, state.error())};
  RETURN_IF_ERROR(validate(state->params));
  RETURN_IF_ERROR(check_signatures(*state));
  ASSIGN_OR_RETURN(const Listed listed, check_checkpoints(section));
  if (listed.count > 0 && state->ack_count != listed.count) {
    return Failure{plain_error("incorrect state in state-dump , please Check")};
  }
  RETURN_IF_ERROR(keeper_.set_params(context, state->params));
  if (state->last_no_ack > 0) RETURN_IF_ERROR(keeper_.set_last_no_ack(context, state->last_no_ack));
  std::uint64_t number = 0;
  RETURN_IF_ERROR(visit_by_time(
      [&section](const Visitor& visit) { return for_each_checkpoint(section, visit); },
      listed.is_by_time,
      [&](Checkpoint checkpoint) {
        checkpoint.id = ++number;
        return keeper_.add(context, std::move(checkpoint));
      }));
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
  GenesisHead head;
  ASSIGN_OR_RETURN(head.params, keeper_.params(context));
  ASSIGN_OR_RETURN(head.buffered_checkpoint, keeper_.buffer(context));
  ASSIGN_OR_RETURN(head.last_no_ack, keeper_.last_no_ack(context));
  ASSIGN_OR_RETURN(head.ack_count, ack_count(context));
  ASSIGN_OR_RETURN(head.checkpoint_signatures, keeper_.signatures(context));
  // The hash stays empty: with one the stock daemon exports what neither it nor we start from.
  codec::append_json(sink.text(), head);
  sink.text().back() = ',';  // the object goes on
  const auto walk = [&](const Visitor& visit) { return keeper_.for_each(context, visit); };
  Listed listed;
  RETURN_IF_ERROR(walk([&listed](const Checkpoint& checkpoint) -> Status<Error> {
    listed.add(checkpoint);
    return Unit{};
  }));
  sink.begin_array("checkpoints");
  RETURN_IF_ERROR(visit_by_time(walk, listed.is_by_time, runtime::message_elements(sink)));
  sink.end_array();
  sink.text() += '}';
  return Unit{};
}

}  // namespace buri::consensus::modules::checkpoint
