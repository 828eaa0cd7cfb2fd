#include "node/consensus/migration/part_writer.hpp"

#include <map>

#include "base/json_text.hpp"

namespace buri::consensus::migration {

using runtime::Error;

Result<bool, JsonError> unchanged(JsonValue& /*value*/) { return true; }

Failure<Error> PartWriter::failed(const JsonError& error) const {
  return Failure{runtime::genesis_error(module_, error)};
}

void PartWriter::separate() {
  sink_->text() += is_first_ ? '{' : ',';
  is_first_ = false;
}

void PartWriter::begin_member(std::string_view new_name) {
  separate();
  sink_->text() += '"';
  sink_->text() += new_name;
  sink_->text() += "\":";
}

Status<Error> PartWriter::value(std::string_view name, std::string_view new_name,
                                const Change& change, bool may_be_absent) {
  done_.emplace(name);
  const auto found = old_->rest().member(name);
  if (!found.ok()) return may_be_absent ? Status<Error>(Unit{}) : failed(found.error());
  JsonValue value = found->value();
  const auto kept = change(value);
  if (!kept.ok()) return failed(kept.error());
  if (!*kept) return Unit{};
  rename_coin(value);
  begin_member(new_name);
  sink_->text() += to_json(value);
  return Unit{};
}

Status<Error> PartWriter::text(std::string_view new_name, std::string_view json) {
  begin_member(new_name);
  sink_->text() += json;
  return Unit{};
}

Status<Error> PartWriter::write_element(JsonValue element, const Change& change) {
  const auto kept = change(element);
  if (!kept.ok()) return failed(kept.error());
  if (!*kept) return Unit{};
  rename_coin(element);
  RETURN_IF_ERROR(sink_->next_element());
  sink_->text() += to_json(element);
  return Unit{};
}

Status<Error> PartWriter::array_of(const app::GenesisFileSection& other, std::string_view name,
                                   std::string_view new_name, const Change& change) {
  separate();
  sink_->begin_array(new_name);
  RETURN_IF_ERROR(other.for_each(
      name, [&](const JsonCursor& element) { return write_element(element.value(), change); }));
  sink_->end_array();
  return Unit{};
}

Status<Error> PartWriter::array(std::string_view name, std::string_view new_name,
                                const Change& change) {
  done_.emplace(name);
  return array_of(*old_, name, new_name, change);
}

Result<bool, Error> PartWriter::is_by_time(std::string_view name) const {
  bool is_in_order = true;
  std::uint64_t newest = 0;
  RETURN_IF_ERROR(old_->for_each(name, [&](const JsonCursor& element) -> Status<Error> {
    JsonValue value = element.value();
    const auto time = number_of(value, "timestamp");
    if (!time.ok()) return failed(time.error());
    is_in_order = is_in_order && newest <= *time;
    newest = *time;
    return Unit{};
  }));
  return is_in_order;
}

Status<Error> PartWriter::array_by_time(std::string_view name, std::string_view new_name,
                                        const Change& change) {
  ASSIGN_OR_RETURN(const bool is_in_order, is_by_time(name));
  if (is_in_order) return array(name, new_name, change);
  done_.emplace(name);
  std::multimap<std::uint64_t, JsonValue> by_time;  // those of one time stay in their order
  RETURN_IF_ERROR(old_->for_each(name, [&](const JsonCursor& element) -> Status<Error> {
    JsonValue value = element.value();
    const auto time = number_of(value, "timestamp");
    if (!time.ok()) return failed(time.error());
    by_time.emplace(*time, std::move(value));
    return Unit{};
  }));
  separate();
  sink_->begin_array(new_name);
  for (auto& [time, element] : by_time) RETURN_IF_ERROR(write_element(std::move(element), change));
  sink_->end_array();
  return Unit{};
}

Status<Error> PartWriter::finish() {
  for (const std::string& name : old_->names()) {
    if (done_.contains(name)) continue;
    const bool is_walked = !old_->rest().has(name);
    RETURN_IF_ERROR(is_walked ? array(name, name, &unchanged) : value(name, name, &unchanged));
  }
  if (is_first_) sink_->text() += '{';
  sink_->text() += '}';
  return Unit{};
}

}  // namespace buri::consensus::migration
