#include "node/consensus/modules/clerk/module.hpp"

#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::clerk {
namespace {

using runtime::Context;
using runtime::Error;

/// Reads each element of an array as a T.
template <class T>
Status<Error> for_each_value(const runtime::GenesisSection& section, std::string_view array,
                             const std::function<Status<Error>(T)>& visit) {
  return section.for_each(array, [&visit](const JsonCursor& element) -> Status<Error> {
    auto value = codec::read_json<T>(element);
    if (!value.ok()) return Failure{runtime::genesis_error(kCodespace, value.error())};
    return visit(std::move(value).value());
  });
}

Status<Error> append_record(std::string& json, ByteView /*key*/, ByteView value) {
  const auto record = codec::decode<EventRecord>(value);
  if (!record.ok()) return Failure{runtime::fatal("a stored event record does not decode")};
  codec::append_json(json, *record);
  return Unit{};
}

Status<Error> append_sequence(std::string& json, ByteView key, ByteView /*value*/) {
  codec::append_json_string(json, as_text(key));
  return Unit{};
}

Status<Error> append_id(std::string& json, ByteView key, ByteView /*value*/) {
  ASSIGN_OR_RETURN(const std::uint64_t id, runtime::read_number(key));
  json += '"' + std::to_string(id) + '"';
  return Unit{};
}

Status<Error> append_visibility(std::string& json, ByteView key, ByteView value) {
  Uint64Pair entry;
  ASSIGN_OR_RETURN(entry.key, runtime::read_number(key));
  ASSIGN_OR_RETURN(entry.value, runtime::read_number(value));
  codec::append_json(json, entry);
  return Unit{};
}

Status<Error> append_block_time(std::string& json, ByteView key, ByteView value) {
  BlockTimeEntry entry;
  ASSIGN_OR_RETURN(entry.block_time, runtime::read_number(key.first(8)));
  ASSIGN_OR_RETURN(entry.height, runtime::read_number(value));
  codec::append_json(json, entry);
  return Unit{};
}

}  // namespace

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  RETURN_IF_ERROR(for_each_value<EventRecord>(section, "event_records",
                                              [&](const EventRecord& record) -> Status<Error> {
                                                auto added = keeper_.add_record(context, record);
                                                if (!added.ok() && added.error().is_panic())
                                                  return added;
                                                return Unit{};
                                              }));
  RETURN_IF_ERROR(for_each_value<std::string>(
      section, "record_sequences", [&](const std::string& sequence) -> Status<Error> {
        if (sequence.empty()) return Failure{runtime::plain_error("invalid sequence")};
        return keeper_.add_sequence(context, sequence);
      }));
  RETURN_IF_ERROR(for_each_value<std::uint64_t>(
      section, "pending_visibility_event_ids",
      [&](std::uint64_t id) { return keeper_.add_pending(context, id); }));
  RETURN_IF_ERROR(
      for_each_value<Uint64Pair>(section, "visibility_heights_by_id", [&](const Uint64Pair& entry) {
        return keeper_.set_visibility_height(context, entry.key, entry.value);
      }));
  return for_each_value<BlockTimeEntry>(
      section, "block_time_entries",
      [&](const BlockTimeEntry& entry) { return keeper_.add_block_time(context, entry); });
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  using enum Keeper::Kind;
  using Append = Status<Error> (*)(std::string&, ByteView, ByteView);
  const auto append_all = [&](std::string_view name, Keeper::Kind kind,
                              Append append) -> Status<Error> {
    sink.begin_array(name);
    RETURN_IF_ERROR(
        keeper_.for_each(context, kind, [&](ByteView key, ByteView value) -> Status<Error> {
          RETURN_IF_ERROR(sink.next_element());
          return append(sink.text(), key, value);
        }));
    sink.end_array();
    return Unit{};
  };
  sink.text() += '{';
  RETURN_IF_ERROR(append_all("event_records", kRecord, &append_record));
  sink.text() += ',';
  RETURN_IF_ERROR(append_all("record_sequences", kSequence, &append_sequence));
  sink.text() += R"(,"visibility_time_upgrade_id":"0",)";
  RETURN_IF_ERROR(append_all("pending_visibility_event_ids", kPending, &append_id));
  sink.text() += ',';
  RETURN_IF_ERROR(append_all("visibility_heights_by_id", kVisibility, &append_visibility));
  sink.text() += ',';
  RETURN_IF_ERROR(append_all("block_time_entries", kBlockTime, &append_block_time));
  sink.text() += '}';
  return Unit{};
}

}  // namespace buri::consensus::modules::clerk
