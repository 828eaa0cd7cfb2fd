#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "node/consensus/records/lines.hpp"

/// A recorded chain: the files of one folder, line by line. The form of each file is described in
/// the README beside the recordings; the names below are theirs.

namespace buri::consensus::records {

using EventRecord = std::pair<std::string, std::vector<std::pair<std::string, std::string>>>;

/// A transaction's result in results.jsonl.
struct TxResultRecord {
  Hash256 hash;
  std::uint32_t code = 0;
  std::string codespace;
  Bytes data;
  std::uint64_t gas_wanted = 0;
  std::uint64_t gas_used = 0;
  std::vector<EventRecord> events;
  std::string log;
};

/// A line of results.jsonl.
struct ResultsRecord {
  std::int64_t height = 0;
  std::string time;  ///< RFC 3339
  std::vector<TxResultRecord> txs;
  std::vector<EventRecord> events;
  std::vector<std::pair<Bytes, std::int64_t>> validator_updates;  ///< PublicKey protobuf, power
  Bytes consensus_param_updates;                                  ///< ConsensusParams protobuf
  Hash256 last_results_hash;
  Hash256 app_hash;
};

/// A line of blocks.jsonl.
struct BlockRecord {
  std::int64_t height = 0;
  Bytes block;
  Hash256 block_hash;
  std::uint32_t part_count = 0;  ///< of the part set header
  Hash256 parts_hash;
  Hash256 app_hash;
  std::vector<std::pair<std::string, Hash256>> store_roots;
  Bytes finalize_block_response;
  Bytes extended_commit;  ///< empty if the node kept none
  Bytes seen_commit;      ///< the same
  Bytes validators;       ///< ValidatorSet protobuf
};

/// A line of writes.jsonl: what one height wrote into one store.
struct WritesRecord {
  std::int64_t height = 0;
  std::string store;
  std::vector<std::pair<Bytes, Bytes>> sets;
  std::vector<Bytes> deletes;
};

/// A line of kv-<height>.jsonl.
struct EntryRecord {
  std::string store;
  Bytes key;
  Bytes value;
  std::int64_t version = 0;
};

/// One metered access in gas-trace.jsonl.
struct GasOperationRecord {
  std::string store;
  std::string operation;  ///< get, set, has, delete, iter, next
  Bytes key;
  std::uint64_t value_bytes = 0;
  std::uint64_t gas_after = 0;

  friend bool operator==(const GasOperationRecord&, const GasOperationRecord&) = default;
};

/// A line of gas-trace.jsonl.
struct GasTraceRecord {
  std::int64_t height = 0;
  std::size_t tx_index = 0;
  std::uint32_t code = 0;
  std::uint64_t gas_used = 0;
  std::vector<GasOperationRecord> operations;
};

/// A line of txs.jsonl: a transaction that was sent or probed, and the answer of CheckTx.
struct SentTxRecord {
  std::int64_t submitted_at_height = 0;
  std::string label;
  Hash256 hash;
  Bytes raw;
  bool is_forced = false;
  std::uint32_t check_code = 0;
  std::string check_codespace;
  std::string check_log;
};

/// Each reads one file line by line and stops at the visitor's first error. A line that lacks a
/// member, or has one of another form, is an error that names it. Visitors may keep the record.
template <class Record>
using RecordVisitor = std::function<Status<RecordError>(Record&&)>;
Status<RecordError> for_each_result(const std::string& path,
                                    const RecordVisitor<ResultsRecord>& visit);
Status<RecordError> for_each_block(const std::string& path,
                                   const RecordVisitor<BlockRecord>& visit);
Status<RecordError> for_each_writes(const std::string& path,
                                    const RecordVisitor<WritesRecord>& visit);
Status<RecordError> for_each_entry(const std::string& path,
                                   const RecordVisitor<EntryRecord>& visit);
Status<RecordError> for_each_gas_trace(const std::string& path,
                                       const RecordVisitor<GasTraceRecord>& visit);
Status<RecordError> for_each_sent_tx(const std::string& path,
                                     const RecordVisitor<SentTxRecord>& visit);

/// The transactions of a Block protobuf, in order.
std::optional<std::vector<Bytes>> block_transactions(ByteView block);

}  // namespace buri::consensus::records
