#include "node/execution/chain/heimdall_file.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "node/execution/chain/config.hpp"

namespace buri::execution::chain {
namespace {

using protocol::FactError;
using protocol::Span;
using protocol::SpanValidator;
using protocol::StateSyncRecord;

constexpr std::size_t kMaxEntries = 10'000'000;

Result<std::uint64_t, JsonError> member_number(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  return read_uint64(value);
}

Result<Hash256, JsonError> hash_of_hex(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  ASSIGN_OR_RETURN(const Bytes bytes, read_data(value));
  if (bytes.size() != Hash256::size()) return Failure{value.error("32 bytes in hex with 0x")};
  return Hash256::from(bytes);
}

Result<std::vector<SpanValidator>, JsonError> read_validators(const JsonCursor& list) {
  ASSIGN_OR_RETURN(const auto entries, list.elements(kMaxEntries));
  std::vector<SpanValidator> validators;
  for (const JsonCursor& entry : entries) {
    SpanValidator validator;
    ASSIGN_OR_RETURN(validator.id, member_number(entry, "val_id"));
    ASSIGN_OR_RETURN(const JsonCursor power, entry.member("voting_power"));
    ASSIGN_OR_RETURN(validator.power, power.int64_string(INT64_MIN, INT64_MAX));
    ASSIGN_OR_RETURN(const JsonCursor signer, entry.member("signer"));
    ASSIGN_OR_RETURN(validator.signer, read_address(signer));
    validators.push_back(validator);
  }
  return validators;
}

Result<Span, JsonError> read_span(const JsonCursor& entry) {
  Span span;
  ASSIGN_OR_RETURN(span.id, member_number(entry, "id"));
  ASSIGN_OR_RETURN(span.start_block, member_number(entry, "start_block"));
  ASSIGN_OR_RETURN(span.end_block, member_number(entry, "end_block"));
  ASSIGN_OR_RETURN(const JsonCursor set, entry.member("validator_set"));
  ASSIGN_OR_RETURN(const JsonCursor validators, set.member("validators"));
  ASSIGN_OR_RETURN(span.validators, read_validators(validators));
  ASSIGN_OR_RETURN(const JsonCursor producers, entry.member("selected_producers"));
  ASSIGN_OR_RETURN(span.producers, read_validators(producers));
  if (span.producers.empty()) return Failure{producers.error("at least one producer")};
  ASSIGN_OR_RETURN(const JsonCursor chain_id, entry.member("bor_chain_id"));
  ASSIGN_OR_RETURN(span.chain_id, chain_id.string());
  return span;
}

Result<StateSyncRecord, JsonError> read_record(const JsonCursor& entry) {
  StateSyncRecord record;
  ASSIGN_OR_RETURN(record.id, member_number(entry, "id"));
  ASSIGN_OR_RETURN(const JsonCursor contract, entry.member("contract"));
  ASSIGN_OR_RETURN(record.contract, read_address(contract));
  ASSIGN_OR_RETURN(const JsonCursor data, entry.member("data"));
  ASSIGN_OR_RETURN(record.data, data.base64());
  ASSIGN_OR_RETURN(record.transaction_hash, hash_of_hex(entry, "tx_hash"));
  ASSIGN_OR_RETURN(record.log_index, member_number(entry, "log_index"));
  ASSIGN_OR_RETURN(const JsonCursor chain_id, entry.member("bor_chain_id"));
  ASSIGN_OR_RETURN(record.chain_id, chain_id.string());
  ASSIGN_OR_RETURN(const JsonCursor time, entry.member("record_time"));
  const auto seconds = parse_rfc3339_utc(time.value().text);
  if (!seconds) return Failure{time.error("a time such as 2026-11-25T16:49:51.068Z")};
  record.time_s = *seconds;
  return record;
}

Result<Milestone, JsonError> read_milestone(const JsonCursor& entry) {
  Milestone milestone;
  ASSIGN_OR_RETURN(milestone.start_block, member_number(entry, "start_block"));
  ASSIGN_OR_RETURN(milestone.end_block, member_number(entry, "end_block"));
  ASSIGN_OR_RETURN(const JsonCursor hash, entry.member("hash"));
  ASSIGN_OR_RETURN(const Bytes bytes, hash.base64());
  if (bytes.size() != Hash256::size()) return Failure{hash.error("32 bytes in base64")};
  milestone.hash = Hash256::from(bytes);
  return milestone;
}

/// The array under `key`, each entry by `read`; nothing if it is absent.
template <class T, class Read>
Result<std::vector<T>, JsonError> read_list(const JsonCursor& document, std::string_view key,
                                            Read read) {
  std::vector<T> values;
  if (!document.has(key)) return values;
  ASSIGN_OR_RETURN(const JsonCursor list, document.member(key));
  if (list.is_null()) return values;
  ASSIGN_OR_RETURN(const auto entries, list.elements(kMaxEntries));
  for (const JsonCursor& entry : entries) {
    ASSIGN_OR_RETURN(T value, read(entry));
    values.push_back(std::move(value));
  }
  return values;
}

template <class T>
bool has_id_twice(const std::vector<T>& sorted) {
  return std::ranges::adjacent_find(sorted, {}, &T::id) != sorted.end();
}

}  // namespace

std::optional<std::uint64_t> parse_rfc3339_utc(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() <= kShape.size() || !text.ends_with('Z')) return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !is_digit(text[i]) : text[i] != kShape[i]) return std::nullopt;
  }
  const std::string_view rest = text.substr(kShape.size(), text.size() - kShape.size() - 1);
  const bool has_fraction =
      rest.size() > 1 && rest[0] == '.' && std::ranges::all_of(rest.substr(1), is_digit);
  if (!rest.empty() && !has_fraction) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + length, value);
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
  const std::int64_t seconds =
      ((days * 24 + number(11, 2)) * 60 + number(14, 2)) * 60 + number(17, 2);
  if (seconds < 0) return std::nullopt;
  return static_cast<std::uint64_t>(seconds);
}

HeimdallFile::HeimdallFile(std::vector<Span> spans, std::vector<StateSyncRecord> records,
                           std::vector<Milestone> milestones)
    : spans_(std::move(spans)), records_(std::move(records)), milestones_(std::move(milestones)) {
  std::ranges::sort(spans_, {}, &Span::id);
  std::ranges::sort(records_, {}, &StateSyncRecord::id);
  std::ranges::sort(milestones_, {}, &Milestone::end_block);
}

Result<HeimdallFile, JsonError> HeimdallFile::read(const JsonValue& document) {
  const JsonCursor top(document);
  ASSIGN_OR_RETURN(auto spans, read_list<Span>(top, "spans", read_span));
  ASSIGN_OR_RETURN(auto records, read_list<StateSyncRecord>(top, "events", read_record));
  ASSIGN_OR_RETURN(auto milestones, read_list<Milestone>(top, "milestones", read_milestone));
  HeimdallFile file(std::move(spans), std::move(records), std::move(milestones));
  if (has_id_twice(file.spans_) || has_id_twice(file.records_)) {
    return Failure{JsonError{"document", "each span and event once", "an id twice"}};
  }
  return file;
}

Result<HeimdallFile, JsonError> HeimdallFile::parse(std::string_view text) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(text, {.max_bytes = std::size_t{1} << 30,
                                                               .max_depth = 32,
                                                               .max_values = 100'000'000,
                                                               .max_members = 1000}));
  return read(document);
}

Result<Span, FactError> HeimdallFile::span(std::uint64_t id) {
  const auto found = std::ranges::lower_bound(spans_, id, {}, &Span::id);
  if (found == spans_.end() || found->id != id) return Failure{FactError::kMissing};
  return *found;
}

Result<Span, FactError> HeimdallFile::span_of_block(std::uint64_t block_number) {
  const auto found = std::find_if(spans_.rbegin(), spans_.rend(),
                                  [&](const Span& span) { return span.has(block_number); });
  if (found == spans_.rend()) return Failure{FactError::kMissing};
  return *found;
}

Result<std::vector<StateSyncRecord>, FactError> HeimdallFile::records(std::uint64_t from_id,
                                                                      std::uint64_t before_s) {
  std::vector<StateSyncRecord> result;
  auto record = std::ranges::lower_bound(records_, from_id, {}, &StateSyncRecord::id);
  for (; record != records_.end(); ++record) {
    if (record->time_s < before_s) result.push_back(*record);
  }
  return result;
}

}  // namespace buri::execution::chain
