#include "node/consensus/modules/clerk/keeper.hpp"

#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::clerk {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Key;
using runtime::Outcome;
using runtime::plain_error;

Key prefix_of(Keeper::Kind kind) { return Key(static_cast<std::uint8_t>(kind)); }
Key record_key(std::uint64_t id) { return prefix_of(Keeper::Kind::kRecord).number(id); }
Key time_key(const EventRecord& record) {
  return Key(0x01).time(record.record_time).number(record.id);
}
Key sequence_key(std::string_view sequence) {
  return prefix_of(Keeper::Kind::kSequence).text(sequence);
}
Key pending_key(std::uint64_t id) { return prefix_of(Keeper::Kind::kPending).number(id); }
Key visibility_key(std::uint64_t id) { return prefix_of(Keeper::Kind::kVisibility).number(id); }
Key block_time_key(const BlockTimeEntry& entry) {
  return prefix_of(Keeper::Kind::kBlockTime).number(entry.block_time).number(entry.height);
}

/// What marks a sequence or a pending record.
const Bytes& mark() {
  static const Bytes bytes{1};
  return bytes;
}

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kClerk);
}

}  // namespace

Outcome<bool> Keeper::has_record(const Context& context, std::uint64_t id) const {
  return store_of(context).has(record_key(id));
}

Outcome<std::optional<EventRecord>> Keeper::record(const Context& context, std::uint64_t id) const {
  return runtime::read_message<EventRecord>(store_of(context), record_key(id));
}

Status<Error> Keeper::add_record(const Context& context, const EventRecord& record) const {
  const auto store = store_of(context);
  const std::string id = std::to_string(record.id);
  ASSIGN_OR_RETURN(const bool is_known, has_record(context, record.id));
  if (is_known) return Failure{plain_error("record with id " + id + " already exists")};
  RETURN_IF_ERROR(runtime::write_message(store, record_key(record.id), record));
  ASSIGN_OR_RETURN(const bool is_indexed, store.has(time_key(record)));
  if (is_indexed) return Failure{plain_error("record with this time and id " + id + " exists")};
  return runtime::write_counter(store, time_key(record), record.id);
}

Outcome<bool> Keeper::has_sequence(const Context& context, std::string_view sequence) const {
  return store_of(context).has(sequence_key(sequence));
}

Status<Error> Keeper::add_sequence(const Context& context, std::string_view sequence) const {
  return store_of(context).set(sequence_key(sequence), mark());
}

Status<Error> Keeper::add_pending(const Context& context, std::uint64_t id) const {
  return store_of(context).set(pending_key(id), mark());
}

Outcome<bool> Keeper::is_pending(const Context& context, std::uint64_t id) const {
  return store_of(context).has(pending_key(id));
}

Outcome<std::optional<std::uint64_t>> Keeper::visibility_height(const Context& context,
                                                                std::uint64_t id) const {
  return runtime::read_counter(store_of(context), visibility_key(id));
}

Status<Error> Keeper::set_visibility_height(const Context& context, std::uint64_t id,
                                            std::uint64_t height) const {
  return runtime::write_counter(store_of(context), visibility_key(id), height);
}

Status<Error> Keeper::add_block_time(const Context& context, const BlockTimeEntry& entry) const {
  return runtime::write_counter(store_of(context), block_time_key(entry), entry.height);
}

Outcome<std::optional<BlockTimeEntry>> Keeper::newest_block_time(
    const Context& context, std::optional<std::uint64_t> time) const {
  store::KeyRange range = store::prefix_range(prefix_of(Kind::kBlockTime));
  if (time && *time != UINT64_MAX) range.end = block_time_key({*time + 1, 0}).bytes();
  ASSIGN_OR_RETURN(const auto entries,
                   store_of(context).iterate(range, store::Direction::kDescending));
  if (!entries.valid()) return std::optional<BlockTimeEntry>{};
  BlockTimeEntry entry;
  ASSIGN_OR_RETURN(entry.block_time, runtime::read_number(entries.key().subspan(1, 8)));
  ASSIGN_OR_RETURN(entry.height, runtime::read_number(entries.value()));
  return std::optional(entry);
}

Status<Error> Keeper::advance_visibility(const Context& context) const {
  if (!context.forks().is_zurich(context.height())) return Unit{};
  const auto height = static_cast<std::uint64_t>(context.height());
  std::vector<std::uint64_t> ids;
  RETURN_IF_ERROR(
      for_each(context, Kind::kPending, [&ids](ByteView key, ByteView) -> Status<Error> {
        ASSIGN_OR_RETURN(const std::uint64_t id, runtime::read_number(key));
        ids.push_back(id);
        return Unit{};
      }));
  for (const std::uint64_t id : ids) {
    RETURN_IF_ERROR(set_visibility_height(context, id, height));
    RETURN_IF_ERROR(store_of(context).remove(pending_key(id)));
  }
  return add_block_time(context,
                        {static_cast<std::uint64_t>(context.block().time.seconds), height});
}

Status<Error> Keeper::for_each(const Context& context, Kind kind, const Visitor& visit) const {
  ASSIGN_OR_RETURN(auto entries, store_of(context).iterate(store::prefix_range(prefix_of(kind))));
  while (entries.valid()) {
    RETURN_IF_ERROR(visit(entries.key().subspan(1), entries.value()));
    RETURN_IF_ERROR(entries.next());
  }
  return Unit{};
}

}  // namespace buri::consensus::modules::clerk
