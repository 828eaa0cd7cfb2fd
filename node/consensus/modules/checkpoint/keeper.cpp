#include "node/consensus/modules/checkpoint/keeper.hpp"

#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::checkpoint {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Key;
using runtime::Outcome;
using runtime::plain_error;

constexpr std::uint8_t kCheckpointPrefix = 0x81;

Key params_key() { return Key(0x80); }
Key checkpoint_key(std::uint64_t number) { return Key(kCheckpointPrefix).number(number); }
Key buffer_key() { return Key(0x82); }
Key ack_count_key() { return Key(0x83); }
Key last_no_ack_key() { return Key(0x84); }
Key signatures_key() { return Key(0x85); }
Key signatures_tx_hash_key() { return Key(0x86); }

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kCheckpoint);
}

Outcome<Checkpoint> decoded(ByteView value) {
  auto checkpoint = codec::decode<Checkpoint>(value);
  if (!checkpoint.ok()) return Failure{runtime::fatal("a stored checkpoint does not decode")};
  return std::move(checkpoint).value();
}

Error not_found() { return plain_error("collections: not found"); }

}  // namespace

Outcome<Params> Keeper::params(const Context& context) const {
  ASSIGN_OR_RETURN(auto params, runtime::read_message<Params>(store_of(context), params_key()));
  if (!params) return Failure{not_found()};
  return *std::move(params);
}

Status<Error> Keeper::set_params(const Context& context, const Params& params) const {
  return runtime::write_message(store_of(context), params_key(), params);
}

Outcome<std::optional<Checkpoint>> Keeper::by_number(const Context& context,
                                                     std::uint64_t number) const {
  return runtime::read_message<Checkpoint>(store_of(context), checkpoint_key(number));
}

Outcome<LastCheckpoint> Keeper::last(const Context& context) const {
  LastCheckpoint last;
  ASSIGN_OR_RETURN(last.ack_count, ack_count(context));
  if (last.is_none()) return last;
  ASSIGN_OR_RETURN(last.checkpoint, by_number(context, last.ack_count));
  return last;
}

Status<Error> Keeper::for_each(const Context& context,
                               const std::function<Status<Error>(Checkpoint)>& visit) const {
  return runtime::for_each_message<Checkpoint>(
      store_of(context), store::prefix_range(Key(kCheckpointPrefix)), "checkpoint", visit);
}

Outcome<runtime::PageResponse> Keeper::page(const Context& context,
                                            const runtime::PageRequest& request,
                                            std::vector<Checkpoint>& checkpoints) const {
  return runtime::paginate(store_of(context), Key(kCheckpointPrefix), request,
                           [&checkpoints](ByteView, ByteView value) -> Status<Error> {
                             ASSIGN_OR_RETURN(auto checkpoint, decoded(value));
                             checkpoints.push_back(std::move(checkpoint));
                             return Unit{};
                           });
}

Status<Error> Keeper::add(const Context& context, Checkpoint checkpoint) const {
  const auto store = store_of(context);
  const Key key = checkpoint_key(checkpoint.id);
  ASSIGN_OR_RETURN(const bool exists, store.has(key));
  if (exists) return fail(Code::kAlreadyExists);
  checkpoint.proposer = runtime::format_address(checkpoint.proposer);
  return runtime::write_message(store, key, checkpoint);
}

Outcome<bool> Keeper::has_buffer(const Context& context) const {
  return store_of(context).has(buffer_key());
}

Outcome<Checkpoint> Keeper::buffer(const Context& context) const {
  ASSIGN_OR_RETURN(const bool exists, has_buffer(context));
  if (!exists) return Checkpoint{};
  ASSIGN_OR_RETURN(auto checkpoint,
                   runtime::read_message<Checkpoint>(store_of(context), buffer_key()));
  return std::move(checkpoint).value_or(Checkpoint{});
}

Status<Error> Keeper::set_buffer(const Context& context, Checkpoint checkpoint) const {
  checkpoint.proposer = runtime::format_address(checkpoint.proposer);
  if (checkpoint.id == 0) {
    ASSIGN_OR_RETURN(const LastCheckpoint last_one, last(context));
    if (!last_one.checkpoint) return Failure{not_found()};
    checkpoint.id = last_one.checkpoint->id + 1;
  }
  return runtime::write_message(store_of(context), buffer_key(), checkpoint);
}

Status<Error> Keeper::flush_buffer(const Context& context) const {
  return store_of(context).remove(buffer_key());
}

Status<Error> Keeper::set_ack_count(const Context& context, std::uint64_t count) const {
  return runtime::write_counter(store_of(context), ack_count_key(), count);
}

Status<Error> Keeper::increment_ack_count(const Context& context) const {
  ASSIGN_OR_RETURN(const std::uint64_t count, ack_count(context));
  return set_ack_count(context, count + 1);
}

Outcome<std::uint64_t> Keeper::last_no_ack(const Context& context) const {
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const bool exists, store.has(last_no_ack_key()));
  if (!exists) return std::uint64_t{0};
  ASSIGN_OR_RETURN(const auto timestamp, runtime::read_counter(store, last_no_ack_key()));
  return timestamp.value_or(0);
}

Status<Error> Keeper::set_last_no_ack(const Context& context, std::uint64_t timestamp) const {
  return runtime::write_counter(store_of(context), last_no_ack_key(), timestamp);
}

Outcome<CheckpointSignatures> Keeper::signatures(const Context& context) const {
  ASSIGN_OR_RETURN(auto signatures, runtime::read_message<CheckpointSignatures>(store_of(context),
                                                                                signatures_key()));
  if (!signatures) return Failure{not_found()};
  return *std::move(signatures);
}

Status<Error> Keeper::set_signatures(const Context& context,
                                     const CheckpointSignatures& signatures) const {
  return runtime::write_message(store_of(context), signatures_key(), signatures);
}

Outcome<std::string> Keeper::signatures_tx_hash(const Context& context) const {
  ASSIGN_OR_RETURN(const auto bytes, store_of(context).get(signatures_tx_hash_key()));
  if (!bytes) return Failure{not_found()};
  return std::string(as_text(*bytes));
}

Status<Error> Keeper::set_signatures_tx_hash(const Context& context,
                                             std::string_view tx_hash) const {
  return store_of(context).set(signatures_tx_hash_key(), as_bytes(tx_hash));
}

Status<Error> Keeper::check_window(const Context& context, std::int64_t tx_height,
                                   std::uint64_t start, std::uint64_t end) const {
  if (!context.forks().is_lugano(tx_height)) return Unit{};
  const auto stored = params(context);
  if (stored.ok()) return check_length(*stored, start, end);
  if (stored.error().is_panic()) return Failure{stored.error()};
  return fail(Code::kParams);
}

Status<Error> check_continuity(const LastCheckpoint& last, std::uint64_t start) {
  if (last.checkpoint && last.checkpoint->end_block + 1 != start) return fail(Code::kDiscontinuous);
  if (!last.is_none() || start == 0) return Unit{};
  return fail(Code::kBadBlockDetails, "first checkpoint to start from block 0");
}

Status<Error> check_length(const Params& params, std::uint64_t start, std::uint64_t end) {
  if (end < start) return fail(Code::kInvalidLength, "end block precedes start block");
  const std::uint64_t span = end - start;
  if (span >= params.max_checkpoint_length) {
    return fail(Code::kInvalidLength, "window is longer than the maximum");
  }
  if (params.avg_checkpoint_length == 0) return fail(Code::kInvalidLength, "avg length is zero");
  const std::uint64_t length = span + 1;
  if (length == params.max_checkpoint_length || length % params.avg_checkpoint_length == 0) {
    return Unit{};
  }
  return fail(Code::kInvalidLength, "window is not a multiple of the avg length");
}

Status<Error> validate(const Params& params) {
  if (params.max_checkpoint_length == 0) {
    return Failure{plain_error("max checkpoint length should be non-zero")};
  }
  if (params.avg_checkpoint_length == 0) {
    return Failure{plain_error("value of avg checkpoint length should be non-zero")};
  }
  if (params.max_checkpoint_length < params.avg_checkpoint_length) {
    return Failure{
        plain_error("avg checkpoint length should not be greater than max checkpoint length")};
  }
  if (params.child_chain_block_interval == 0) {
    return Failure{plain_error("child chain block interval should be greater than zero")};
  }
  return Unit{};
}

}  // namespace buri::consensus::modules::checkpoint
