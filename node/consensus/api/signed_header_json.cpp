#include <chrono>

#include "node/consensus/api/rpc_json.hpp"

/// Headers and commits.

namespace buri::consensus::api {
namespace {

constexpr std::uint64_t kMaxBlockParts = 1601;  // 100 MiB in parts of 64 KiB, and one

/// A member of type OptionalHash: 64 upper-case hex digits, or the empty string for none.
Result<OptionalHash, JsonError> optional_hash(const JsonCursor& parent, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor cursor, parent.member(key));
  ASSIGN_OR_RETURN(const std::string_view text, cursor.string());
  if (text.empty()) return OptionalHash{};
  ASSIGN_OR_RETURN(const Hash256 hash, cursor.fixed_hex<32>(HexStyle::kUpper));
  return OptionalHash(hash);
}

Result<PartSetHeader, JsonError> decode_parts(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"total", "hash"}));
  PartSetHeader parts;
  ASSIGN_OR_RETURN(const JsonCursor total, cursor.member("total"));
  ASSIGN_OR_RETURN(const std::uint64_t count, total.unsigned_number(kMaxBlockParts));
  parts.total = static_cast<std::uint32_t>(count);
  ASSIGN_OR_RETURN(parts.hash, optional_hash(cursor, "hash"));
  return parts;
}

Result<BlockId, JsonError> decode_block_id(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"hash", "parts"}));
  BlockId block_id;
  ASSIGN_OR_RETURN(block_id.hash, optional_hash(cursor, "hash"));
  ASSIGN_OR_RETURN(const JsonCursor parts, cursor.member("parts"));
  ASSIGN_OR_RETURN(block_id.parts, decode_parts(parts));
  return block_id;
}

Status<JsonError> decode_version(const JsonCursor& cursor, Header& header) {
  RETURN_IF_ERROR(cursor.allow_only({"block", "app"}));
  ASSIGN_OR_RETURN(const JsonCursor block, cursor.member("block"));
  ASSIGN_OR_RETURN(header.block_version, block.int64_string(0, INT64_MAX));
  if (!cursor.has("app")) return Unit{};
  ASSIGN_OR_RETURN(const JsonCursor app, cursor.member("app"));
  ASSIGN_OR_RETURN(header.app_version, app.int64_string(1, INT64_MAX));
  return Unit{};
}

Status<JsonError> decode_header_hashes(const JsonCursor& cursor, Header& header) {
  ASSIGN_OR_RETURN(header.last_commit_hash, optional_hash(cursor, "last_commit_hash"));
  ASSIGN_OR_RETURN(header.data_hash, optional_hash(cursor, "data_hash"));
  ASSIGN_OR_RETURN(header.validators_hash, optional_hash(cursor, "validators_hash"));
  ASSIGN_OR_RETURN(header.next_validators_hash, optional_hash(cursor, "next_validators_hash"));
  ASSIGN_OR_RETURN(header.consensus_hash, optional_hash(cursor, "consensus_hash"));
  ASSIGN_OR_RETURN(const JsonCursor app_hash, cursor.member("app_hash"));
  ASSIGN_OR_RETURN(header.app_hash, app_hash.hex(HexStyle::kUpper));
  ASSIGN_OR_RETURN(header.last_results_hash, optional_hash(cursor, "last_results_hash"));
  ASSIGN_OR_RETURN(header.evidence_hash, optional_hash(cursor, "evidence_hash"));
  return Unit{};
}

Result<Header, JsonError> decode_header(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"version", "chain_id", "height", "time", "last_block_id",
                                     "last_commit_hash", "data_hash", "validators_hash",
                                     "next_validators_hash", "consensus_hash", "app_hash",
                                     "last_results_hash", "evidence_hash", "proposer_address"}));
  Header header;
  ASSIGN_OR_RETURN(const JsonCursor version, cursor.member("version"));
  RETURN_IF_ERROR(decode_version(version, header));
  ASSIGN_OR_RETURN(const JsonCursor chain_id, cursor.member("chain_id"));
  ASSIGN_OR_RETURN(header.chain_id, chain_id.string());
  ASSIGN_OR_RETURN(const JsonCursor height, cursor.member("height"));
  ASSIGN_OR_RETURN(header.height, height.int64_string(1, INT64_MAX));
  ASSIGN_OR_RETURN(const JsonCursor time, cursor.member("time"));
  ASSIGN_OR_RETURN(header.time, decode_timestamp(time));
  ASSIGN_OR_RETURN(const JsonCursor last_block_id, cursor.member("last_block_id"));
  ASSIGN_OR_RETURN(header.last_block_id, decode_block_id(last_block_id));
  RETURN_IF_ERROR(decode_header_hashes(cursor, header));
  ASSIGN_OR_RETURN(const JsonCursor proposer, cursor.member("proposer_address"));
  ASSIGN_OR_RETURN(header.proposer_address, proposer.fixed_hex<20>(HexStyle::kUpper));
  return header;
}

Result<CommitSig, JsonError> decode_commit_sig(const JsonCursor& cursor) {
  RETURN_IF_ERROR(
      cursor.allow_only({"block_id_flag", "validator_address", "timestamp", "signature"}));
  CommitSig entry;
  ASSIGN_OR_RETURN(const JsonCursor flag, cursor.member("block_id_flag"));
  ASSIGN_OR_RETURN(const std::uint64_t flag_value, flag.unsigned_number(3));
  if (flag_value == 0) return Failure{flag.error("1 (absent), 2 (commit) or 3 (nil)")};
  entry.flag = static_cast<BlockIdFlag>(flag_value);
  ASSIGN_OR_RETURN(const JsonCursor address, cursor.member("validator_address"));
  if (address.value().kind != JsonValue::Kind::kString || !address.value().text.empty()) {
    ASSIGN_OR_RETURN(entry.validator_address, address.fixed_hex<20>(HexStyle::kUpper));
  }
  ASSIGN_OR_RETURN(const JsonCursor timestamp, cursor.member("timestamp"));
  ASSIGN_OR_RETURN(entry.timestamp, decode_timestamp(timestamp));
  ASSIGN_OR_RETURN(const JsonCursor signature, cursor.member("signature"));
  if (!signature.is_null()) {
    ASSIGN_OR_RETURN(entry.signature, signature.base64());
  }
  return entry;
}

Result<Commit, JsonError> decode_commit(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"height", "round", "block_id", "signatures"}));
  Commit commit;
  ASSIGN_OR_RETURN(const JsonCursor height, cursor.member("height"));
  ASSIGN_OR_RETURN(commit.height, height.int64_string(1, INT64_MAX));
  ASSIGN_OR_RETURN(const JsonCursor round, cursor.member("round"));
  ASSIGN_OR_RETURN(const std::uint64_t round_value, round.unsigned_number(INT32_MAX));
  commit.round = static_cast<std::int32_t>(round_value);
  ASSIGN_OR_RETURN(const JsonCursor block_id, cursor.member("block_id"));
  ASSIGN_OR_RETURN(commit.block_id, decode_block_id(block_id));
  ASSIGN_OR_RETURN(const JsonCursor signatures, cursor.member("signatures"));
  ASSIGN_OR_RETURN(const auto elements, signatures.elements(kMaxValidators));
  for (const JsonCursor& element : elements) {
    ASSIGN_OR_RETURN(commit.signatures.emplace_back(), decode_commit_sig(element));
  }
  return commit;
}

/// `count` digits at the front of `text` as a number, dropped from it; -1 if they are none.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take_character(std::string_view& text, char character) {
  if (!text.starts_with(character)) return false;
  text.remove_prefix(1);
  return true;
}

/// ".101774555" as nanoseconds, or nothing there as 0; -1 if malformed or with a trailing zero.
int take_fraction(std::string_view& text) {
  constexpr std::size_t kNanoDigits = 9;
  if (!take_character(text, '.')) return 0;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > kNanoDigits || text[digits - 1] == '0') return -1;
  int value = take_digits(text, digits);
  for (std::size_t i = digits; i < kNanoDigits; ++i) value *= 10;
  return value;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  const int year_value = take_digits(text, 4);
  const bool date_shape_1 = take_character(text, '-');
  const int month_value = take_digits(text, 2);
  const bool date_shape_2 = take_character(text, '-');
  const int day_value = take_digits(text, 2);
  if (year_value < 1 || !date_shape_1 || month_value < 0 || !date_shape_2 || day_value < 0) {
    return std::nullopt;
  }
  const year_month_day date(year(year_value), month(static_cast<unsigned>(month_value)),
                            day(static_cast<unsigned>(day_value)));
  if (!date.ok() || !take_character(text, 'T')) return std::nullopt;
  const int hours_value = take_digits(text, 2);
  const bool time_shape_1 = take_character(text, ':');
  const int minutes_value = take_digits(text, 2);
  const bool time_shape_2 = take_character(text, ':');
  const int seconds_value = take_digits(text, 2);
  const bool clock_ok = hours_value >= 0 && hours_value < 24 && minutes_value >= 0 &&
                        minutes_value < 60 && seconds_value >= 0 && seconds_value < 60;
  if (!clock_ok || !time_shape_1 || !time_shape_2) return std::nullopt;
  const int nanos = take_fraction(text);
  if (nanos < 0 || text != "Z") return std::nullopt;
  const auto since_epoch = sys_days(date).time_since_epoch() + hours(hours_value) +
                           minutes(minutes_value) + seconds(seconds_value);
  return Timestamp{duration_cast<seconds>(since_epoch).count(), nanos};
}

}  // namespace

Result<Timestamp, JsonError> decode_timestamp(const JsonCursor& cursor) {
  ASSIGN_OR_RETURN(const std::string_view text, cursor.string());
  const auto time = parse_timestamp(text);
  if (!time) return Failure{cursor.error("a time such as \"2026-10-01T02:56:31.101774555Z\"")};
  return *time;
}

Result<SignedHeader, JsonError> decode_signed_header(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"header", "commit"}));
  SignedHeader result;
  ASSIGN_OR_RETURN(const JsonCursor header, cursor.member("header"));
  ASSIGN_OR_RETURN(result.header, decode_header(header));
  ASSIGN_OR_RETURN(const JsonCursor commit, cursor.member("commit"));
  ASSIGN_OR_RETURN(result.commit, decode_commit(commit));
  return result;
}

}  // namespace buri::consensus::api
