#include "node/consensus/modules/milestone/keeper.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/typed_store.hpp"
#include "node/protocol/bor_chain.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Key;
using runtime::Outcome;
using runtime::plain_error;

constexpr std::uint8_t kMilestonePrefix = 0x81;
constexpr std::uint32_t kNoMilestone = 3;

Key params_key() { return Key(0x80); }
Key milestone_key(std::uint64_t number) { return Key(kMilestonePrefix).number(number); }
Key count_key() { return Key(0x83); }
Key last_height_key() { return Key(0x84); }
Key pending_block_key() { return Key(0x85); }
Key pending_hash_key() { return Key(0x86); }
Key pending_height_key() { return Key(0x87); }

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kMilestone);
}

Error not_found() { return plain_error("collections: not found"); }

/// Asks whether the value is there, then reads it; nothing if it is not.
Outcome<std::optional<Bytes>> checked_get(const Context& context, const Key& key) {
  ASSIGN_OR_RETURN(const bool is_set, store_of(context).has(key));
  if (!is_set) return std::optional<Bytes>{};
  return store_of(context).get(key);
}

Outcome<std::uint64_t> checked_counter(const Context& context, const Key& key) {
  ASSIGN_OR_RETURN(const auto value, checked_get(context, key));
  if (!value) return std::uint64_t{0};
  return runtime::read_number(*value);
}

/// The milestone that mainnet added in error.
constexpr std::uint64_t kFaultyNumber = 1'941'439;
constexpr std::uint64_t kFaultyBlock = 76'273'070;
constexpr std::string_view kFaultyHash =
    "7910a20918558674edb87759a2bb08b31af0de0e4eef0d8909be75af3591748f";

bool is_faulty(const Milestone& milestone) {
  return to_hex(milestone.hash) == kFaultyHash &&
         milestone.milestone_id ==
             "809387e7dae84cce485d95f1fce3f2ac1d2b9979d1c0989df2d4309b30ef6aa6" &&
         milestone.bor_chain_id == "137" && milestone.start_block == kFaultyBlock &&
         milestone.end_block == kFaultyBlock;
}

runtime::Event event_of(const Milestone& milestone, std::uint64_t number) {
  return {"milestone",
          {{"proposer", milestone.proposer},
           {"hash", to_hex(milestone.hash)},
           {"start_block", std::to_string(milestone.start_block)},
           {"end_block", std::to_string(milestone.end_block)},
           {"bor_chain_id", milestone.bor_chain_id},
           {"milestone_id", milestone.milestone_id},
           {"timestamp", std::to_string(milestone.timestamp)},
           {"number", std::to_string(number)},
           {"total_difficulty", std::to_string(milestone.total_difficulty)}}};
}

}  // namespace

Outcome<Params> Keeper::params(const Context& context) const {
  ASSIGN_OR_RETURN(auto params, runtime::read_message<Params>(store_of(context), params_key()));
  if (!params) return Failure{not_found()};
  return *params;
}

Status<Error> Keeper::set_params(const Context& context, const Params& params) const {
  RETURN_IF_ERROR(validate(params));
  return runtime::write_message(store_of(context), params_key(), params);
}

Outcome<std::uint64_t> Keeper::count(const Context& context) const {
  return checked_counter(context, count_key());
}

Outcome<std::optional<Milestone>> Keeper::by_number(const Context& context,
                                                    std::uint64_t number) const {
  return runtime::read_message<Milestone>(store_of(context), milestone_key(number));
}

Outcome<Milestone> Keeper::last(const Context& context) const {
  ASSIGN_OR_RETURN(const std::uint64_t number, count(context));
  if (number == 0) {
    return Failure{runtime::make_error(kCodespace, kNoMilestone, "milestone not found")};
  }
  ASSIGN_OR_RETURN(auto milestone, by_number(context, number));
  if (!milestone) return Failure{not_found()};
  return *std::move(milestone);
}

Outcome<std::optional<Milestone>> Keeper::last_if_any(const Context& context) const {
  ASSIGN_OR_RETURN(const std::uint64_t number, count(context));
  if (number == 0) return std::optional<Milestone>{};
  ASSIGN_OR_RETURN(Milestone milestone, last(context));
  return std::optional<Milestone>(std::move(milestone));
}

Status<Error> Keeper::for_each(const Context& context,
                               const std::function<Status<Error>(const Milestone&)>& visit) const {
  return runtime::for_each_message<Milestone>(
      store_of(context), store::prefix_range(Key(kMilestonePrefix)), "milestone", visit);
}

Status<Error> Keeper::restart_numbers(const Context& context) const {
  return runtime::write_counter(store_of(context), count_key(), 0);
}

Status<Error> Keeper::add(const Context& context, Milestone milestone) const {
  ASSIGN_OR_RETURN(const std::uint64_t before, count(context));
  const std::uint64_t number = before + 1;
  milestone.proposer = runtime::format_address(milestone.proposer);
  RETURN_IF_ERROR(runtime::write_message(store_of(context), milestone_key(number), milestone));
  RETURN_IF_ERROR(runtime::write_counter(store_of(context), count_key(), number));
  context.emit(event_of(milestone, number));
  return Unit{};
}

Status<Error> Keeper::delete_faulty(const Context& context) const {
  if (!context.forks().deletes_faulty_milestone(context.height())) return Unit{};
  ASSIGN_OR_RETURN(const auto milestone, by_number(context, kFaultyNumber));
  if (!milestone || !is_faulty(*milestone)) return Unit{};
  const auto store = store_of(context);
  RETURN_IF_ERROR(store.remove(milestone_key(kFaultyNumber)));
  ASSIGN_OR_RETURN(const std::uint64_t number, count(context));
  if (number != kFaultyNumber) return Unit{};
  RETURN_IF_ERROR(runtime::write_counter(store, count_key(), number - 1));
  ASSIGN_OR_RETURN(const auto before, by_number(context, number - 1));
  return before ? set_last_height(context, before->end_block) : Status<Error>(Unit{});
}

Outcome<std::uint64_t> Keeper::last_height(const Context& context) const {
  return checked_counter(context, last_height_key());
}

Status<Error> Keeper::set_last_height(const Context& context, std::uint64_t height) const {
  return runtime::write_counter(store_of(context), last_height_key(), height);
}

Outcome<PendingHead> Keeper::pending_head(const Context& context) const {
  PendingHead head;
  ASSIGN_OR_RETURN(head.block_number, checked_counter(context, pending_block_key()));
  ASSIGN_OR_RETURN(auto hash, checked_get(context, pending_hash_key()));
  head.hash = std::move(hash).value_or(Bytes{});
  ASSIGN_OR_RETURN(head.since_height, checked_counter(context, pending_height_key()));
  return head;
}

Status<Error> Keeper::set_pending_head(const Context& context, const PendingHead& head) const {
  const auto store = store_of(context);
  RETURN_IF_ERROR(runtime::write_counter(store, pending_block_key(), head.block_number));
  RETURN_IF_ERROR(store.set(pending_hash_key(), head.hash));
  return runtime::write_counter(store, pending_height_key(), head.since_height);
}

Status<Error> validate(const Params& params) {
  const auto refuse = [](std::string_view text) { return Failure{plain_error(text)}; };
  const std::uint64_t interval = params.ff_milestone_block_interval;
  const std::uint64_t length = params.max_milestone_proposition_length;
  if (length == 0) return refuse("max milestone proposition length should not be zero");
  if (length > protocol::kMaxBorBatchBlocks) {
    return refuse("max milestone proposition length " + std::to_string(length) +
                  " exceeds bor batch size cap " + std::to_string(protocol::kMaxBorBatchBlocks));
  }
  if (params.ff_milestone_threshold == 0) {
    return refuse("ff milestone threshold should not be zero");
  }
  if (interval == 0) return refuse("ff milestone block interval should not be zero");
  if (interval >= params.ff_milestone_threshold) {
    return refuse("ff milestone block interval should be less than ff milestone threshold");
  }
  if (params.ff_milestone_threshold % interval != 0) {
    return refuse("ff milestone threshold should be divisible by ff milestone block interval");
  }
  return Unit{};
}

}  // namespace buri::consensus::modules::milestone
