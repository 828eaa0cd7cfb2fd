#include "node/consensus/modules/bor/keeper.hpp"

#include <algorithm>
#include <array>

#include "node/consensus/runtime/decode_memo.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::bor {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Key;
using runtime::Outcome;
using runtime::plain_error;

constexpr std::uint8_t kSpanPrefix = 0x36;
constexpr std::uint8_t kVotesPrefix = 0x39;
constexpr std::uint8_t kScorePrefix = 0x3A;
constexpr std::uint8_t kActivePrefix = 0x3B;
constexpr std::uint8_t kFailedPrefix = 0x3C;

Key last_span_key() { return Key(0x35); }
Key span_key(std::uint64_t id) { return Key(kSpanPrefix).number(id); }
Key seed_author_key(std::uint64_t id) { return Key(0x37).number(id); }
Key params_key() { return Key(0x38); }
Key votes_key(std::uint64_t id) { return Key(kVotesPrefix).number(id); }
Key score_key(std::uint64_t id) { return Key(kScorePrefix).number(id); }
Key last_span_height_key() { return Key(0x3D); }
Key downtime_key(std::uint64_t id) { return Key(0x3E).number(id); }

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kBor);
}

/// Asks whether the value is there, then reads it; nothing if it is not.
Outcome<std::optional<Bytes>> checked_get(const Context& context, const Key& key) {
  ASSIGN_OR_RETURN(const bool is_set, store_of(context).has(key));
  if (!is_set) return std::optional<Bytes>{};
  return store_of(context).get(key);
}

template <codec::Message T>
Outcome<std::optional<T>> checked_read(const Context& context, const Key& key) {
  ASSIGN_OR_RETURN(const bool is_set, store_of(context).has(key));
  if (!is_set) return std::optional<T>{};
  return runtime::read_message<T>(store_of(context), key);
}

Error no_span(std::uint64_t id) {
  return plain_error("span not found for id: " + std::to_string(id));
}

/// The id behind a one-byte prefix.
Outcome<std::uint64_t> id_of(ByteView key) { return runtime::read_number(key.subspan(1)); }

Outcome<Producers> read_ids(const Context& context, std::uint8_t prefix) {
  Producers ids;
  ASSIGN_OR_RETURN(auto entries, store_of(context).iterate(store::prefix_range(Key(prefix))));
  while (entries.valid()) {
    ASSIGN_OR_RETURN(const std::uint64_t id, id_of(entries.key()));
    ids.insert(id);
    RETURN_IF_ERROR(entries.next());
  }
  return ids;
}

Status<Error> clear_ids(const Context& context, std::uint8_t prefix) {
  ASSIGN_OR_RETURN(const Producers ids, read_ids(context, prefix));
  for (const std::uint64_t id : ids) {
    RETURN_IF_ERROR(store_of(context).remove(Key(prefix).number(id)));
  }
  return Unit{};
}

}  // namespace

Outcome<Params> Keeper::params(const Context& context) const {
  ASSIGN_OR_RETURN(auto params, runtime::read_message<Params>(store_of(context), params_key()));
  if (!params) return Failure{plain_error("collections: not found")};
  return *params;
}

Status<Error> Keeper::set_params(const Context& context, const Params& params) const {
  return runtime::write_message(store_of(context), params_key(), params);
}

Outcome<bool> Keeper::has_span(const Context& context, std::uint64_t id) const {
  return store_of(context).has(span_key(id));
}

Outcome<Span> Keeper::span(const Context& context, std::uint64_t id) const {
  ASSIGN_OR_RETURN(auto span, checked_read<Span>(context, span_key(id)));
  if (!span) return Failure{no_span(id)};
  return *std::move(span);
}

Outcome<Span> Keeper::last_span(const Context& context) const {
  ASSIGN_OR_RETURN(const auto value, checked_get(context, last_span_key()));
  if (!value) return Failure{plain_error("last span not found")};
  ASSIGN_OR_RETURN(const std::uint64_t id, runtime::read_number(*value));
  ASSIGN_OR_RETURN(const auto bytes, checked_get(context, span_key(id)));
  if (!bytes) return Failure{no_span(id)};
  // Every block asks for the last span, which stays the same for long.
  thread_local runtime::DecodeMemo memo;
  ASSIGN_OR_RETURN(const auto span, memo.get<Span>(*bytes, [](ByteView stored) -> Outcome<Span> {
    auto decoded = codec::decode<Span>(stored);
    if (!decoded.ok()) return Failure{runtime::fatal("a stored value does not decode")};
    return std::move(decoded).value();
  }));
  return *span;
}

Status<Error> Keeper::put_span(const Context& context, const Span& span) const {
  return runtime::write_message(store_of(context), span_key(span.id), span);
}

Status<Error> Keeper::set_last_span_id(const Context& context, std::uint64_t id) const {
  return runtime::write_counter(store_of(context), last_span_key(), id);
}

Status<Error> Keeper::add_span(const Context& context, const Span& span) const {
  RETURN_IF_ERROR(put_span(context, span));
  return set_last_span_id(context, span.id);
}

Status<Error> Keeper::for_each_span(const Context& context,
                                    const std::function<Status<Error>(const Span&)>& visit) const {
  return runtime::for_each_message<Span>(store_of(context), store::prefix_range(Key(kSpanPrefix)),
                                         "span", visit);
}

Outcome<Span> Keeper::span_of_block(const Context& context, std::uint64_t block_number) const {
  ASSIGN_OR_RETURN(const Span last, last_span(context));
  for (std::uint64_t id = last.id;; --id) {
    ASSIGN_OR_RETURN(Span candidate, span(context, id));
    if (candidate.contains(block_number)) return candidate;
    if (id == 0) break;
  }
  return Failure{plain_error("span not found for block " + std::to_string(block_number))};
}

Outcome<std::uint64_t> Keeper::producer_of_block(const Context& context,
                                                 std::uint64_t block_number) const {
  ASSIGN_OR_RETURN(const Span owner, span_of_block(context, block_number));
  if (owner.selected_producers.empty()) {
    return Failure{runtime::panic("runtime error: index out of range [0] with length 0")};
  }
  return owner.selected_producers.front().val_id;
}

Outcome<std::uint64_t> Keeper::last_span_height(const Context& context) const {
  ASSIGN_OR_RETURN(const auto value, checked_get(context, last_span_height_key()));
  if (!value) return std::uint64_t{0};
  return runtime::read_number(*value);
}

Status<Error> Keeper::set_last_span_height(const Context& context, std::uint64_t height) const {
  return runtime::write_counter(store_of(context), last_span_height_key(), height);
}

Outcome<std::optional<Address>> Keeper::seed_author(const Context& context,
                                                    std::uint64_t span_id) const {
  ASSIGN_OR_RETURN(const auto value, checked_get(context, seed_author_key(span_id)));
  if (!value) return std::optional<Address>{};
  if (value->size() != Address::kSize) {
    return Failure{runtime::fatal("a stored seed author is no address")};
  }
  return std::optional<Address>(Address::from(*value));
}

Status<Error> Keeper::set_seed_author(const Context& context, std::uint64_t span_id,
                                      const Address& author) const {
  ASSIGN_OR_RETURN(const bool is_set, store_of(context).has(seed_author_key(span_id)));
  if (is_set) return Failure{plain_error("seed producer already set")};
  return store_of(context).set(seed_author_key(span_id), author.bytes);
}

Status<Error> Keeper::check_producer_phase(const Context& context) const {
  auto last = last_span(context);
  if (!last.ok()) {
    return Failure{
        std::move(last).error().wrapped("failed to get latest span for VEBLOP validation")};
  }
  if (context.forks().is_rio(last->end_block + 1)) return Unit{};
  return Failure{
      plain_error("MsgVoteProducers not allowed: span is not in veBlop phase (span start block: " +
                  std::to_string(last->start_block) +
                  ", span end block: " + std::to_string(last->end_block) + ")")};
}

Outcome<ProducerVotes> Keeper::votes_of(const Context& context, std::uint64_t validator_id) const {
  ASSIGN_OR_RETURN(auto votes, checked_read<ProducerVotes>(context, votes_key(validator_id)));
  return std::move(votes).value_or(ProducerVotes{});
}

Status<Error> Keeper::set_votes(const Context& context, std::uint64_t validator_id,
                                const ProducerVotes& votes) const {
  return runtime::write_message(store_of(context), votes_key(validator_id), votes);
}

Outcome<std::map<std::uint64_t, std::uint64_t>> Keeper::scores(const Context& context) const {
  std::map<std::uint64_t, std::uint64_t> scores;
  ASSIGN_OR_RETURN(auto entries, store_of(context).iterate(store::prefix_range(Key(kScorePrefix))));
  while (entries.valid()) {
    ASSIGN_OR_RETURN(const std::uint64_t id, id_of(entries.key()));
    ASSIGN_OR_RETURN(scores[id], runtime::read_number(entries.value()));
    RETURN_IF_ERROR(entries.next());
  }
  return scores;
}

Status<Error> Keeper::add_scores(const Context& context,
                                 const std::vector<std::uint64_t>& supporters,
                                 std::uint64_t blocks) const {
  for (const std::uint64_t id : supporters) {
    ASSIGN_OR_RETURN(const auto value, checked_get(context, score_key(id)));
    std::uint64_t before = 0;
    if (value) {
      ASSIGN_OR_RETURN(before, runtime::read_number(*value));
    }
    RETURN_IF_ERROR(runtime::write_counter(store_of(context), score_key(id), before + blocks));
  }
  return Unit{};
}

Outcome<Producers> Keeper::active(const Context& context) const {
  return read_ids(context, kActivePrefix);
}

Outcome<Producers> Keeper::failed(const Context& context) const {
  return read_ids(context, kFailedPrefix);
}

Status<Error> Keeper::add_failed(const Context& context, std::uint64_t producer) const {
  return store_of(context).set(Key(kFailedPrefix).number(producer), {});
}

Status<Error> Keeper::reset_status(const Context& context,
                                   const std::vector<std::uint64_t>& supporters) const {
  RETURN_IF_ERROR(clear_ids(context, kActivePrefix));
  for (const std::uint64_t id : supporters) {
    RETURN_IF_ERROR(store_of(context).set(Key(kActivePrefix).number(id), {}));
  }
  return clear_ids(context, kFailedPrefix);
}

Outcome<std::optional<BlockRange>> Keeper::downtime_of(const Context& context,
                                                       std::uint64_t producer) const {
  return checked_read<BlockRange>(context, downtime_key(producer));
}

Status<Error> Keeper::set_downtime(const Context& context, std::uint64_t producer,
                                   const BlockRange& blocks) const {
  return runtime::write_message(store_of(context), downtime_key(producer), blocks);
}

Outcome<bool> Keeper::is_down(const Context& context, std::uint64_t producer,
                              const BlockRange& blocks) const {
  ASSIGN_OR_RETURN(const auto downtime, downtime_of(context, producer));
  return downtime && downtime->overlaps(blocks);
}

Status<Error> validate(const Params& params) {
  const std::array<std::pair<std::string_view, std::uint64_t>, 3> values{
      {{"sprint duration", params.sprint_duration},
       {"span duration", params.span_duration},
       {"producer count", params.producer_count}}};
  for (const auto& [name, value] : values) {
    if (value > 0) continue;
    return Failure{plain_error("invalid value provided 0 for bor param " + std::string(name))};
  }
  return Unit{};
}

Outcome<SpanPage> span_page(const Context& context, const runtime::PageRequest& request) {
  SpanPage page;
  ASSIGN_OR_RETURN(
      page.response,
      runtime::paginate(store_of(context), Key(kSpanPrefix), request,
                        [&](ByteView /*key*/, ByteView value) -> Status<Error> {
                          auto span = codec::decode<Span>(value);
                          if (!span.ok()) {
                            return Failure{runtime::fatal("a stored span does not decode")};
                          }
                          page.spans.push_back(std::move(span).value());
                          return Unit{};
                        }));
  return page;
}

store::KeyRange votes_range() { return store::prefix_range(Key(kVotesPrefix)); }

}  // namespace buri::consensus::modules::bor
