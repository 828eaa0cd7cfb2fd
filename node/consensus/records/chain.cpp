#include "node/consensus/records/chain.hpp"

#include <limits>

#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "node/consensus/codec/message.hpp"

namespace buri::consensus::records {
namespace {

constexpr std::size_t kMaxElements = 10'000'000;
constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::int64_t>::max();

template <class T>
using Read = Result<T, JsonError>;

Read<JsonCursor> element(const JsonCursor& array, std::size_t index) {
  ASSIGN_OR_RETURN(const auto elements, array.elements(kMaxElements));
  if (index >= elements.size()) return Failure{array.error("one element more")};
  return elements[index];
}

Read<std::uint64_t> number(const JsonCursor& value) { return value.unsigned_number(kMaxNumber); }
Read<std::uint64_t> number(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  return number(value);
}
Read<std::int64_t> height(const JsonCursor& object, std::string_view key = "height") {
  ASSIGN_OR_RETURN(const std::uint64_t value, number(object, key));
  return static_cast<std::int64_t>(value);
}
Read<std::string> text(const JsonCursor& value) {
  ASSIGN_OR_RETURN(const std::string_view read, value.string());
  return std::string(read);
}
Read<std::string> text(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  return text(value);
}
Read<Bytes> hex(const JsonCursor& value) {
  ASSIGN_OR_RETURN(const std::string_view read, value.string());
  auto bytes = from_hex(read);
  if (!bytes) return Failure{value.error("hex")};
  return *std::move(bytes);
}
Read<Bytes> hex(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  return hex(value);
}
/// Empty where a node kept none: null or absent.
Read<Bytes> hex_or_empty(const JsonCursor& object, std::string_view key) {
  if (!object.has(key) || object.member(key)->is_null()) return Bytes{};
  return hex(object, key);
}
Read<Hash256> hash(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  ASSIGN_OR_RETURN(const Bytes bytes, hex(value));
  if (bytes.size() != Hash256::kSize) return Failure{value.error("32 bytes of hex")};
  return Hash256::from(bytes);
}

/// Reads every element of the array under `key`; null and absent count as empty.
template <class T, class Reader>
Read<std::vector<T>> list(const JsonCursor& object, std::string_view key, Reader read) {
  std::vector<T> all;
  if (!object.has(key)) return all;
  ASSIGN_OR_RETURN(const JsonCursor array, object.member(key));
  if (array.is_null()) return all;
  ASSIGN_OR_RETURN(const auto elements, array.elements(kMaxElements));
  for (const JsonCursor& one : elements) {
    ASSIGN_OR_RETURN(T value, read(one));
    all.push_back(std::move(value));
  }
  return all;
}

template <class T, class Reader>
Read<std::pair<T, T>> pair(const JsonCursor& array, Reader read) {
  ASSIGN_OR_RETURN(const JsonCursor first_place, element(array, 0));
  ASSIGN_OR_RETURN(const JsonCursor second_place, element(array, 1));
  ASSIGN_OR_RETURN(T first, read(first_place));
  ASSIGN_OR_RETURN(T second, read(second_place));
  return std::pair<T, T>(std::move(first), std::move(second));
}

Read<std::string> read_text_value(const JsonCursor& value) { return text(value); }
Read<Bytes> read_hex_value(const JsonCursor& value) { return hex(value); }

Read<EventRecord> event(const JsonCursor& object) {
  EventRecord record;
  ASSIGN_OR_RETURN(record.first, text(object, "type"));
  using Attribute = std::pair<std::string, std::string>;
  ASSIGN_OR_RETURN(record.second,
                   list<Attribute>(object, "attributes", [](const JsonCursor& attribute) {
                     return pair<std::string>(attribute, read_text_value);
                   }));
  return record;
}

Read<TxResultRecord> tx_result(const JsonCursor& object) {
  TxResultRecord record;
  ASSIGN_OR_RETURN(record.hash, hash(object, "hash"));
  ASSIGN_OR_RETURN(const std::uint64_t code, number(object, "code"));
  record.code = static_cast<std::uint32_t>(code);
  ASSIGN_OR_RETURN(record.codespace, text(object, "codespace"));
  ASSIGN_OR_RETURN(record.data, hex(object, "data"));
  ASSIGN_OR_RETURN(record.gas_wanted, number(object, "gas_wanted"));
  ASSIGN_OR_RETURN(record.gas_used, number(object, "gas_used"));
  ASSIGN_OR_RETURN(record.events, list<EventRecord>(object, "events", event));
  ASSIGN_OR_RETURN(record.log, text(object, "log"));
  return record;
}

Read<std::pair<Bytes, std::int64_t>> validator_update(const JsonCursor& object) {
  ASSIGN_OR_RETURN(Bytes key, hex(object, "pub_key"));
  ASSIGN_OR_RETURN(const std::int64_t power, height(object, "power"));
  return std::pair<Bytes, std::int64_t>(std::move(key), power);
}

Read<ResultsRecord> results(const JsonCursor& object) {
  ResultsRecord record;
  ASSIGN_OR_RETURN(record.height, height(object));
  ASSIGN_OR_RETURN(record.time, text(object, "time"));
  ASSIGN_OR_RETURN(record.txs, list<TxResultRecord>(object, "txs", tx_result));
  ASSIGN_OR_RETURN(record.events, list<EventRecord>(object, "events", event));
  using Update = std::pair<Bytes, std::int64_t>;
  ASSIGN_OR_RETURN(record.validator_updates,
                   list<Update>(object, "validator_updates", validator_update));
  ASSIGN_OR_RETURN(record.consensus_param_updates, hex(object, "consensus_param_updates"));
  ASSIGN_OR_RETURN(record.last_results_hash, hash(object, "last_results_hash"));
  ASSIGN_OR_RETURN(record.app_hash, hash(object, "app_hash"));
  return record;
}

Read<BlockRecord> block(const JsonCursor& object) {
  BlockRecord record;
  ASSIGN_OR_RETURN(record.height, height(object));
  ASSIGN_OR_RETURN(record.block, hex(object, "block"));
  ASSIGN_OR_RETURN(record.block_hash, hash(object, "block_hash"));
  ASSIGN_OR_RETURN(const JsonCursor parts, object.member("part_set_header"));
  ASSIGN_OR_RETURN(const std::uint64_t part_count, number(parts, "total"));
  record.part_count = static_cast<std::uint32_t>(part_count);
  ASSIGN_OR_RETURN(record.parts_hash, hash(parts, "hash"));
  ASSIGN_OR_RETURN(record.app_hash, hash(object, "app_hash"));
  ASSIGN_OR_RETURN(record.finalize_block_response, hex(object, "finalize_block_response"));
  ASSIGN_OR_RETURN(record.extended_commit, hex_or_empty(object, "extended_commit"));
  ASSIGN_OR_RETURN(record.seen_commit, hex_or_empty(object, "seen_commit"));
  ASSIGN_OR_RETURN(record.validators, hex(object, "validators"));
  ASSIGN_OR_RETURN(const JsonCursor roots, object.member("store_roots"));
  for (const JsonValue& child : roots.value().children) {
    ASSIGN_OR_RETURN(const Hash256 root, hash(roots, child.key));
    record.store_roots.emplace_back(child.key, root);
  }
  return record;
}

Read<WritesRecord> writes(const JsonCursor& object) {
  WritesRecord record;
  ASSIGN_OR_RETURN(record.height, height(object));
  ASSIGN_OR_RETURN(record.store, text(object, "store"));
  using Entry = std::pair<Bytes, Bytes>;
  ASSIGN_OR_RETURN(record.sets, list<Entry>(object, "set", [](const JsonCursor& entry) {
                     return pair<Bytes>(entry, read_hex_value);
                   }));
  ASSIGN_OR_RETURN(record.deletes, list<Bytes>(object, "delete", read_hex_value));
  return record;
}

Read<EntryRecord> entry(const JsonCursor& array) {
  EntryRecord record;
  ASSIGN_OR_RETURN(const auto parts, array.elements(4));
  if (parts.size() != 4) return Failure{array.error("four elements")};
  ASSIGN_OR_RETURN(record.store, text(parts[0]));
  ASSIGN_OR_RETURN(record.key, hex(parts[1]));
  ASSIGN_OR_RETURN(record.value, hex(parts[2]));
  ASSIGN_OR_RETURN(const std::uint64_t version, number(parts[3]));
  record.version = static_cast<std::int64_t>(version);
  return record;
}

Read<GasOperationRecord> gas_operation(const JsonCursor& array) {
  GasOperationRecord record;
  ASSIGN_OR_RETURN(const auto parts, array.elements(5));
  if (parts.size() != 5) return Failure{array.error("five elements")};
  ASSIGN_OR_RETURN(record.store, text(parts[0]));
  ASSIGN_OR_RETURN(record.operation, text(parts[1]));
  ASSIGN_OR_RETURN(record.key, hex(parts[2]));
  ASSIGN_OR_RETURN(record.value_bytes, number(parts[3]));
  ASSIGN_OR_RETURN(record.gas_after, number(parts[4]));
  return record;
}

Read<GasTraceRecord> gas_trace(const JsonCursor& object) {
  GasTraceRecord record;
  ASSIGN_OR_RETURN(record.height, height(object));
  ASSIGN_OR_RETURN(const std::uint64_t index, number(object, "tx"));
  record.tx_index = index;
  ASSIGN_OR_RETURN(const std::uint64_t code, number(object, "code"));
  record.code = static_cast<std::uint32_t>(code);
  ASSIGN_OR_RETURN(record.gas_used, number(object, "gas_used"));
  ASSIGN_OR_RETURN(record.operations, list<GasOperationRecord>(object, "ops", gas_operation));
  return record;
}

Read<SentTxRecord> sent_tx(const JsonCursor& object) {
  SentTxRecord record;
  ASSIGN_OR_RETURN(record.submitted_at_height, height(object, "submitted_at_height"));
  ASSIGN_OR_RETURN(record.label, text(object, "label"));
  ASSIGN_OR_RETURN(record.hash, hash(object, "hash"));
  ASSIGN_OR_RETURN(record.raw, hex(object, "tx"));
  if (object.has("forced")) {
    ASSIGN_OR_RETURN(const JsonCursor forced, object.member("forced"));
    ASSIGN_OR_RETURN(record.is_forced, forced.boolean());
  }
  ASSIGN_OR_RETURN(const JsonCursor answer, object.member("check_tx"));
  ASSIGN_OR_RETURN(const std::uint64_t code, number(answer, "code"));
  record.check_code = static_cast<std::uint32_t>(code);
  ASSIGN_OR_RETURN(record.check_codespace, text(answer, "codespace"));
  ASSIGN_OR_RETURN(record.check_log, text(answer, "log"));
  return record;
}

template <class Record, class Reader>
Status<RecordError> for_each(const std::string& path, Reader read,
                             const RecordVisitor<Record>& visit) {
  return for_each_line(
      path, [&](std::uint64_t line, const JsonValue& value) -> Status<RecordError> {
        auto record = read(JsonCursor(value));
        if (!record.ok()) {
          const JsonError& error = record.error();
          return Failure{RecordError{path, line, error.path + ": " + error.expected, error.found}};
        }
        return visit(std::move(*record));
      });
}

/// The outer two levels of a Block: header, then data.
struct BlockData {
  std::vector<Bytes> txs;
  static constexpr std::string_view kName = "tendermint.types.Data";
  static constexpr auto fields() { return fields_of(codec::Field{1, "txs", &BlockData::txs}); }
};
struct BlockShell {
  BlockData data;
  static constexpr std::string_view kName = "tendermint.types.Block";
  static constexpr auto fields() { return fields_of(codec::Field{2, "data", &BlockShell::data}); }
};

}  // namespace

Status<RecordError> for_each_result(const std::string& path,
                                    const RecordVisitor<ResultsRecord>& visit) {
  return for_each<ResultsRecord>(path, results, visit);
}
Status<RecordError> for_each_block(const std::string& path,
                                   const RecordVisitor<BlockRecord>& visit) {
  return for_each<BlockRecord>(path, block, visit);
}
Status<RecordError> for_each_writes(const std::string& path,
                                    const RecordVisitor<WritesRecord>& visit) {
  return for_each<WritesRecord>(path, writes, visit);
}
Status<RecordError> for_each_entry(const std::string& path,
                                   const RecordVisitor<EntryRecord>& visit) {
  return for_each<EntryRecord>(path, entry, visit);
}
Status<RecordError> for_each_gas_trace(const std::string& path,
                                       const RecordVisitor<GasTraceRecord>& visit) {
  return for_each<GasTraceRecord>(path, gas_trace, visit);
}
Status<RecordError> for_each_sent_tx(const std::string& path,
                                     const RecordVisitor<SentTxRecord>& visit) {
  return for_each<SentTxRecord>(path, sent_tx, visit);
}

std::optional<std::vector<Bytes>> block_transactions(ByteView block) {
  auto shell = codec::decode<BlockShell>(block);
  if (!shell.ok()) return std::nullopt;
  return std::move(shell->data.txs);
}

}  // namespace buri::consensus::records
