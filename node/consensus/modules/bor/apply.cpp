#include <algorithm>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/consensus/modules/bor/backfill.hpp"
#include "node/consensus/modules/bor/messages.hpp"
#include "node/consensus/modules/bor/producers.hpp"
#include "node/consensus/modules/bor/selection.hpp"
#include "node/consensus/modules/milestone/keeper.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/go_text.hpp"

/// What approved messages of module bor do.

namespace buri::consensus::modules::bor {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Event;
using runtime::Outcome;
using runtime::plain_error;

Failure<Error> refuse(std::string_view text) { return Failure{plain_error(text)}; }

/// The front of an event of an approved message. It names the hash of the transaction's hash.
Event approval(const Context& context, std::string_view action) {
  const ByteView tx_hash = context.tx_hash();
  Hash256 name;
  accel::scalar_hasher().sha256_batch({&tx_hash, 1}, {&name, 1});
  return {"propose-span",
          {{"action", std::string(action)},
           {"module", "bor"},
           {"txhash", "0x" + to_hex(name)},
           {"side-tx-result", "VOTE_YES"}}};
}

/// The last twenty bytes of a hex text, as the stock daemon turns any text into an address.
Address lenient_address(std::string_view text) {
  const Bytes bytes = runtime::lenient_hex(text);
  Address address{};
  const std::size_t count = std::min(bytes.size(), Address::kSize);
  std::copy(bytes.end() - static_cast<std::ptrdiff_t>(count), bytes.end(),
            address.bytes.end() - static_cast<std::ptrdiff_t>(count));
  return address;
}

/// Whether each of the other producers is going to be down in the range.
Outcome<bool> are_all_others_down(const Context& context, const BlockRange& range,
                                  const std::vector<std::uint64_t>& producers,
                                  std::uint64_t producer) {
  for (const std::uint64_t other : producers) {
    if (other == producer) continue;
    ASSIGN_OR_RETURN(const bool is_down, Keeper().is_down(context, other, range));
    if (!is_down) return false;
  }
  return true;
}

Status<Error> check_producers(const Context& context, const BlockRange& range,
                              std::uint64_t producer) {
  ASSIGN_OR_RETURN(const auto producers, elected_producers(context));
  if (std::ranges::find(producers, producer) == producers.end()) {
    return refuse("producer with id " + std::to_string(producer) + " is not a registered producer");
  }
  if (producers.size() == 1) {
    return refuse("only one registered producer, cannot set planned downtime");
  }
  ASSIGN_OR_RETURN(const bool are_all_down,
                   are_all_others_down(context, range, producers, producer));
  if (!are_all_down) return Unit{};
  return refuse("producer with id " + std::to_string(producer) +
                " has overlapping planned downtime with all other producers");
}

/// Whether a span, back from the last to the first that ends before the range, overlaps it.
Outcome<bool> is_any_span_hit(const Context& context, Span span, const BlockRange& range) {
  const Keeper keeper;
  while (true) {
    if (range.overlaps({span.start_block, span.end_block})) return true;
    if (span.id == 0 || span.end_block < range.start_block) return false;
    auto before = keeper.span(context, span.id - 1);
    if (!before.ok()) {
      if (before.error().is_panic()) return Failure{std::move(before).error()};
      return false;
    }
    span = std::move(before).value();
  }
}

Outcome<SpanPlan> downtime_plan(const Context& context, const MsgSetProducerDowntime& message,
                                std::uint64_t producer, const Span& last) {
  const Keeper keeper;
  SpanPlan plan{.current_producer = producer,
                .blocks = {},
                .bor_chain_id = last.bor_chain_id,
                .active = {},
                .target_producer = message.target_producer_id};
  ASSIGN_OR_RETURN(const Params params, keeper.params(context));
  ASSIGN_OR_RETURN(plan.active, keeper.active(context));
  ASSIGN_OR_RETURN(const Producers failed, keeper.failed(context));
  for (const std::uint64_t id : failed) plan.active.erase(id);
  plan.active.erase(producer);
  const bool is_usual = context.forks().is_downtime_target_open(context.height());
  const std::uint64_t start = message.downtime_range.start_block;
  plan.blocks = {start, start + params.span_duration - (is_usual ? 1 : 0)};
  return plan;
}

}  // namespace

Outcome<std::uint64_t> current_id_of(const Context& context, std::string_view signer) {
  ASSIGN_OR_RETURN(const auto is_current, stake::Keeper().is_current_validator(context, signer));
  if (!is_current) return refuse("collections: not found");
  if (!*is_current) return refuse("address not found in current validator set");
  ASSIGN_OR_RETURN(const auto record, stake::Keeper().by_signer(context, signer));
  return record->val_id;
}

Status<Error> apply(const Context& context, const MsgProposeSpan& message) {
  if (context.forks().is_rio(message.start_block)) return Unit{};
  const Keeper keeper;
  ASSIGN_OR_RETURN(const bool is_known, keeper.has_span(context, message.span_id));
  if (is_known) return refuse("span already processed");
  RETURN_IF_ERROR(
      keeper.set_seed_author(context, message.span_id, lenient_address(message.seed_author)));
  const std::uint64_t id = message.span_id;
  ASSIGN_OR_RETURN(const Span earlier, keeper.span(context, id < 2 ? id - 1 : id - 2));
  if (message.seed.size() != Hash256::kSize) return refuse("invalid seed length");
  ASSIGN_OR_RETURN(auto producers, draw_producers(context, Hash256::from(message.seed),
                                                  earlier.validator_set.validators));
  ASSIGN_OR_RETURN(auto set, stake::Keeper().set(context, stake::SetKind::kCurrent));
  RETURN_IF_ERROR(keeper.add_span(context, {.id = id,
                                            .start_block = message.start_block,
                                            .end_block = message.end_block,
                                            .validator_set = std::move(set),
                                            .selected_producers = std::move(producers),
                                            .bor_chain_id = message.chain_id}));
  Event event = approval(context, "propose-span");
  event.attributes.emplace_back("span-id", std::to_string(id));
  event.attributes.emplace_back("start-block", std::to_string(message.start_block));
  event.attributes.emplace_back("end-block", std::to_string(message.end_block));
  context.emit(std::move(event));
  return Unit{};
}

Status<Error> apply(const Context& context, const MsgBackfillSpans& message) {
  // The stock daemon compares the span's id with a block number; no id is that high.
  if (context.forks().is_rio(message.latest_span_id)) return Unit{};
  const Keeper keeper;
  ASSIGN_OR_RETURN(const auto milestone, milestone::Keeper().last(context));
  ASSIGN_OR_RETURN(const Span last, keeper.span(context, message.latest_span_id));
  if (last.end_block <= last.start_block) return Failure{runtime::panic("integer divide by zero")};
  const std::vector<Span> spans = counted_spans(milestone.end_block, last);
  std::size_t known = 0;
  for (const Span& span : spans) {
    ASSIGN_OR_RETURN(const bool is_known, keeper.has_span(context, span.id));
    if (is_known && ++known > 1) {
      return refuse("more than one span overlap detected for span id: " + std::to_string(span.id));
    }
    RETURN_IF_ERROR(keeper.add_span(context, span));
  }
  if (spans.empty()) return Failure{runtime::panic("index out of range [0] with length 0")};
  Event event = approval(context, "backfill-spans");
  event.attributes.emplace_back("latest-span-id", std::to_string(message.latest_span_id));
  event.attributes.emplace_back("latest-bor-span-id", std::to_string(spans.front().id));
  context.emit(std::move(event));
  return Unit{};
}

Status<Error> apply(const Context& context, const MsgSetProducerDowntime& message) {
  const Keeper keeper;
  const BlockRange& range = message.downtime_range;
  ASSIGN_OR_RETURN(const std::uint64_t producer, current_id_of(context, message.producer));
  if (context.forks().ignores_repeated_downtime(context.height())) {
    ASSIGN_OR_RETURN(const auto known, keeper.downtime_of(context, producer));
    if (known == range) return Unit{};
  }
  RETURN_IF_ERROR(check_producers(context, range, producer));
  RETURN_IF_ERROR(keeper.set_downtime(context, producer, range));
  ASSIGN_OR_RETURN(const Span last, keeper.last_span(context));
  ASSIGN_OR_RETURN(const SpanPlan plan, downtime_plan(context, message, producer, last));
  ASSIGN_OR_RETURN(const bool is_hit, is_any_span_hit(context, last, range));
  return is_hit ? add_producer_span(context, plan) : Status<Error>(Unit{});
}

}  // namespace buri::consensus::modules::bor
