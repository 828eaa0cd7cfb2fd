#include "hsm/rules/interchange.hpp"

#include <limits>

#include "accel/hasher.hpp"
#include "base/codec/base64.hpp"
#include "base/codec/protobuf_reader.hpp"
#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "hsm/wire/message_fields.hpp"

namespace buri::hsm::rules {
namespace {

constexpr std::string_view kFormat = "buri-sign-state";
constexpr std::uint64_t kFormatVersion = 1;
constexpr std::int64_t kMaxHeight = std::numeric_limits<std::int64_t>::max() - 1;
constexpr std::int64_t kMaxRound = std::numeric_limits<std::int32_t>::max();
/// A record in hex and what stands around it, for every ledger.
constexpr JsonLimits kLimits{.max_bytes = kLedgerCount * (2 * kMaxRecordBytes + 4096),
                             .max_depth = 8,
                             .max_values = 100,
                             .max_members = 10};

/// What canonical votes and proposals say of their place.
struct SignedPlace {
  std::int64_t height = 0;
  std::int32_t round = 0;
  Step step{};
  wire::Timestamp timestamp;
  std::string chain_id;

  friend bool operator==(const SignedPlace&, const SignedPlace&) = default;
};

std::optional<Step> step_of_type(std::uint64_t signed_message_type) {
  switch (signed_message_type) {
    case 1:
      return Step::kPrevote;
    case 2:
      return Step::kPrecommit;
    case 32:
      return Step::kProposal;
    default:
      return std::nullopt;
  }
}

/// Reads type, height, round, timestamp and chain id of a CanonicalVote or CanonicalProposal behind
/// its length. In a proposal the last two have numbers higher by one.
Result<SignedPlace, ProtobufError> read_place(ByteView sign_bytes) {
  ASSIGN_OR_RETURN(const std::uint64_t length, take_varint(sign_bytes));
  if (length != sign_bytes.size()) return Failure{ProtobufError::kTruncated};
  SignedPlace place;
  std::uint32_t timestamp_field = 0;
  for (ProtobufReader reader(sign_bytes); !reader.at_end();) {
    ASSIGN_OR_RETURN(const ProtobufField field, reader.next());
    if (field.number == 1) {
      const auto step = step_of_type(field.integer);
      if (!step) return Failure{ProtobufError::kValueRange};
      place.step = *step;
      timestamp_field = *step == Step::kProposal ? 6 : 5;
    } else if (field.number == 2) {
      place.height = static_cast<std::int64_t>(field.integer);
    } else if (field.number == 3) {
      if (field.integer > static_cast<std::uint64_t>(kMaxRound)) {
        return Failure{ProtobufError::kValueRange};
      }
      place.round = static_cast<std::int32_t>(field.integer);
    } else if (field.number == timestamp_field) {
      auto time = wire::decode_fields<wire::Timestamp>(field.bytes, wire::Rule::kEncoding);
      if (!time.ok()) return Failure{ProtobufError::kValueRange};
      place.timestamp = time.value();
    } else if (field.number == timestamp_field + 1) {
      place.chain_id = as_text(field.bytes);
    }
  }
  return place;
}

/// "160/0/3", to show which places disagree.
std::string place_text(const ConsensusRecord& record) {
  return std::to_string(record.height) + "/" + std::to_string(record.round) + "/" +
         std::to_string(static_cast<unsigned>(record.step));
}

/// Sign bytes and signature of a FilePV file, checked against the rest of it.
Status<JsonError> read_signed(const JsonCursor& root, std::string_view chain_id,
                              ConsensusRecord& record) {
  ASSIGN_OR_RETURN(const JsonCursor sign_bytes, root.member("signbytes"));
  ASSIGN_OR_RETURN(record.sign_bytes, sign_bytes.hex(HexStyle::kUpper));
  ASSIGN_OR_RETURN(const JsonCursor signature, root.member("signature"));
  ASSIGN_OR_RETURN(const Bytes raw, signature.base64());
  if (raw.size() != wire::Signature::size()) {
    return Failure{signature.error("a signature of 65 bytes")};
  }
  record.signature = wire::Signature::from(raw);
  const auto place = read_place(record.sign_bytes);
  const bool agrees = place.ok() && record.sign_bytes.size() <= kMaxSignBytes &&
                      *place == SignedPlace{record.height, record.round, record.step,
                                            place->timestamp, std::string(chain_id)};
  if (!agrees) {
    return Failure{
        sign_bytes.error("sign bytes of " + place_text(record) + " on " + std::string(chain_id))};
  }
  record.timestamp = place->timestamp;
  return Unit{};
}

Hash256 checksum(const SignState& state) {
  Bytes bytes;
  append(bytes, state.key);
  for (const Record& record : state.records) {
    append(bytes, as_bytes(ledger_name(ledger_of(record))));
    const Bytes payload = encode_record(record);
    append(bytes, U256::from_uint64(payload.size()).to_word());
    append(bytes, payload);
  }
  const ByteView view(bytes);
  Hash256 hash;
  accel::scalar_hasher().sha256_batch({&view, 1}, {&hash, 1});
  return hash;
}

std::optional<Ledger> ledger_from_name(std::string_view name) {
  for (std::size_t i = 1; i <= kLedgerCount; ++i) {
    const auto ledger = static_cast<Ledger>(i);
    if (ledger_name(ledger) == name) return ledger;
  }
  return std::nullopt;
}

Result<Record, JsonError> read_record(const JsonCursor& entry) {
  RETURN_IF_ERROR(entry.allow_only({"ledger", "record"}));
  ASSIGN_OR_RETURN(const JsonCursor name, entry.member("ledger"));
  ASSIGN_OR_RETURN(const std::string_view text, name.string());
  const auto ledger = ledger_from_name(text);
  if (!ledger) return Failure{name.error("the name of a ledger")};
  ASSIGN_OR_RETURN(const JsonCursor payload, entry.member("record"));
  ASSIGN_OR_RETURN(const Bytes bytes, payload.hex(HexStyle::kPrefixedLower));
  auto record = decode_record(*ledger, bytes);
  if (!record.ok()) {
    return Failure{payload.error("a record (" + wire::describe(record.error()) + ")")};
  }
  return std::move(record).value();
}

}  // namespace

Result<ConsensusRecord, JsonError> import_file_pv(std::string_view json,
                                                  std::string_view chain_id) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(json, kLimits));
  const JsonCursor root(document);
  RETURN_IF_ERROR(root.allow_only({"height", "round", "step", "signature", "signbytes"}));
  ConsensusRecord record;
  ASSIGN_OR_RETURN(const JsonCursor height, root.member("height"));
  ASSIGN_OR_RETURN(record.height, height.int64_string(1, kMaxHeight));
  ASSIGN_OR_RETURN(const JsonCursor round, root.member("round"));
  ASSIGN_OR_RETURN(const std::uint64_t number, round.unsigned_number(kMaxRound));
  record.round = static_cast<std::int32_t>(number);
  ASSIGN_OR_RETURN(const JsonCursor step, root.member("step"));
  ASSIGN_OR_RETURN(const std::uint64_t step_number, step.unsigned_number(3));
  record.step = static_cast<Step>(step_number);
  if (root.has("signbytes") || root.has("signature")) {
    RETURN_IF_ERROR(read_signed(root, chain_id, record));
  }
  return record;
}

std::string export_file_pv(const ConsensusRecord& record) {
  std::string json = "{\n  \"height\": \"" + std::to_string(record.height) +
                     "\",\n  \"round\": " + std::to_string(record.round) +
                     ",\n  \"step\": " + std::to_string(static_cast<unsigned>(record.step));
  if (!record.sign_bytes.empty() && record.signature) {
    json += ",\n  \"signature\": \"" + to_base64(*record.signature) + "\",\n  \"signbytes\": \"" +
            to_upper_hex(record.sign_bytes) + "\"";
  }
  return json + "\n}";
}

Result<ConsensusRecord, JsonError> import_tmkms(std::string_view json) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(json, kLimits));
  const JsonCursor root(document);
  RETURN_IF_ERROR(root.allow_only({"height", "round", "step", "block_id"}));
  ASSIGN_OR_RETURN(const JsonCursor height, root.member("height"));
  ASSIGN_OR_RETURN(const std::int64_t last, height.int64_string(1, kMaxHeight));
  ASSIGN_OR_RETURN(const JsonCursor round, root.member("round"));
  RETURN_IF_ERROR(round.int64_string(0, kMaxRound));
  ASSIGN_OR_RETURN(const JsonCursor step, root.member("step"));
  RETURN_IF_ERROR(step.unsigned_number(6));
  return start_consensus(last + 1);
}

std::string export_sign_state(const SignState& state) {
  std::string json = "{\n  \"format\": \"" + std::string(kFormat) +
                     "\",\n  \"version\": " + std::to_string(kFormatVersion) +
                     ",\n  \"key\": \"0x" + to_hex(state.key) + "\",\n  \"records\": [";
  std::string_view separator = "\n";
  for (const Record& record : state.records) {
    json += std::string(separator) + "    {\"ledger\": \"" +
            std::string(ledger_name(ledger_of(record))) + "\", \"record\": \"0x" +
            to_hex(encode_record(record)) + "\"}";
    separator = ",\n";
  }
  return json + "\n  ],\n  \"sha256\": \"0x" + to_hex(checksum(state)) + "\"\n}\n";
}

Result<SignState, JsonError> import_sign_state(std::string_view json) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(json, kLimits));
  const JsonCursor root(document);
  RETURN_IF_ERROR(root.allow_only({"format", "version", "key", "records", "sha256"}));
  ASSIGN_OR_RETURN(const JsonCursor format, root.member("format"));
  ASSIGN_OR_RETURN(const std::string_view format_name, format.string());
  if (format_name != kFormat) return Failure{format.error("\"" + std::string(kFormat) + "\"")};
  ASSIGN_OR_RETURN(const JsonCursor version, root.member("version"));
  ASSIGN_OR_RETURN(const std::uint64_t number, version.unsigned_number(kFormatVersion));
  if (number != kFormatVersion) return Failure{version.error("1")};
  SignState state;
  ASSIGN_OR_RETURN(const JsonCursor key, root.member("key"));
  ASSIGN_OR_RETURN(state.key, key.fixed_hex<20>(HexStyle::kPrefixedLower));
  ASSIGN_OR_RETURN(const JsonCursor records, root.member("records"));
  ASSIGN_OR_RETURN(const auto entries, records.elements(kLedgerCount));
  for (const JsonCursor& entry : entries) {
    ASSIGN_OR_RETURN(Record record, read_record(entry));
    if (!state.records.empty() && record.index() <= state.records.back().index()) {
      return Failure{entry.error("ledgers in ascending order, each once")};
    }
    state.records.push_back(std::move(record));
  }
  ASSIGN_OR_RETURN(const JsonCursor sum, root.member("sha256"));
  ASSIGN_OR_RETURN(const Hash256 expected, sum.fixed_hex<32>(HexStyle::kPrefixedLower));
  if (expected != checksum(state)) return Failure{sum.error("0x" + to_hex(checksum(state)))};
  return state;
}

}  // namespace buri::hsm::rules
