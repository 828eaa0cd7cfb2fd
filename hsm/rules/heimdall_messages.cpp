#include "hsm/rules/heimdall_messages.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "base/hex.hpp"
#include "hsm/rules/limits.hpp"

namespace buri::hsm::rules {
namespace {

using wire::Rule;

/// What a field holds.
enum class Kind : std::uint8_t {
  kSigner,   ///< address text of the one who signs
  kAddress,  ///< "0x" and 40 hex digits
  kNumber,
  kDecimal,   ///< decimal digits, at most 78
  kText,      ///< printable ASCII, at most 256
  kHash,      ///< 32 bytes
  kHashText,  ///< 64 hex digits, "0x" before them or not
  kKey,       ///< uncompressed public key
  kData,      ///< bytes of an event
  kRange,     ///< message of two numbers
  kNumbers,   ///< message of one packed list
  kCoins,     ///< messages of denomination and amount, repeated
};

struct Field {
  std::uint32_t number = 0;
  std::string_view name;
  Kind kind{};
};

struct Schema {
  std::string_view type_url;
  std::span<const Field> fields;
};

constexpr std::size_t kMaxDataBytes = 32 * 1024;
constexpr std::size_t kMaxDecimalDigits = 78;
constexpr std::size_t kMaxTextBytes = 256;
constexpr std::size_t kMaxListedNumbers = 100;

constexpr Field kSend[] = {{1, "from_address", Kind::kSigner},
                           {2, "to_address", Kind::kAddress},
                           {3, "amount", Kind::kCoins}};
constexpr Field kGovCancel[] = {{1, "proposal_id", Kind::kNumber}, {2, "proposer", Kind::kSigner}};
constexpr Field kGovDeposit[] = {{1, "proposal_id", Kind::kNumber},
                                 {2, "depositor", Kind::kSigner},
                                 {3, "amount", Kind::kCoins}};
constexpr Field kGovVote[] = {{1, "proposal_id", Kind::kNumber},
                              {2, "voter", Kind::kSigner},
                              {3, "option", Kind::kNumber},
                              {4, "metadata", Kind::kText}};
constexpr Field kBackfillSpans[] = {{1, "proposer", Kind::kSigner},
                                    {2, "chain_id", Kind::kText},
                                    {3, "latest_span_id", Kind::kNumber},
                                    {4, "latest_bor_span_id", Kind::kNumber}};
constexpr Field kProposeSpan[] = {
    {1, "span_id", Kind::kNumber},     {2, "proposer", Kind::kSigner},
    {3, "start_block", Kind::kNumber}, {4, "end_block", Kind::kNumber},
    {5, "chain_id", Kind::kText},      {6, "seed", Kind::kHash},
    {7, "seed_author", Kind::kAddress}};
constexpr Field kProducerDowntime[] = {{1, "producer", Kind::kSigner},
                                       {2, "downtime_range", Kind::kRange},
                                       {3, "target_producer_id", Kind::kNumber}};
constexpr Field kVoteProducers[] = {
    {1, "voter", Kind::kSigner}, {2, "voter_id", Kind::kNumber}, {3, "votes", Kind::kNumbers}};
constexpr Field kCpAck[] = {{1, "from", Kind::kSigner},      {2, "number", Kind::kNumber},
                            {3, "proposer", Kind::kAddress}, {4, "start_block", Kind::kNumber},
                            {5, "end_block", Kind::kNumber}, {6, "root_hash", Kind::kHash}};
constexpr Field kCpNoAck[] = {{1, "from", Kind::kSigner}};
constexpr Field kCheckpoint[] = {
    {1, "proposer", Kind::kSigner},        {2, "start_block", Kind::kNumber},
    {3, "end_block", Kind::kNumber},       {4, "root_hash", Kind::kHash},
    {5, "account_root_hash", Kind::kHash}, {6, "bor_chain_id", Kind::kText}};
constexpr Field kEventRecord[] = {{1, "from", Kind::kSigner},
                                  {2, "tx_hash", Kind::kHashText},
                                  {3, "log_index", Kind::kNumber},
                                  {4, "block_number", Kind::kNumber},
                                  {5, "contract_address", Kind::kAddress},
                                  {6, "data", Kind::kData},
                                  {7, "id", Kind::kNumber},
                                  {8, "chain_id", Kind::kText}};
constexpr Field kSignerUpdate[] = {{1, "from", Kind::kSigner},
                                   {2, "val_id", Kind::kNumber},
                                   {3, "new_signer_pub_key", Kind::kKey},
                                   {4, "tx_hash", Kind::kHash},
                                   {5, "log_index", Kind::kNumber},
                                   {6, "block_number", Kind::kNumber},
                                   {7, "nonce", Kind::kNumber}};
constexpr Field kStakeUpdate[] = {
    {1, "from", Kind::kSigner},        {2, "val_id", Kind::kNumber},
    {3, "new_amount", Kind::kDecimal}, {4, "tx_hash", Kind::kHash},
    {5, "log_index", Kind::kNumber},   {6, "block_number", Kind::kNumber},
    {7, "nonce", Kind::kNumber}};
constexpr Field kValidatorExit[] = {{1, "from", Kind::kSigner},
                                    {2, "val_id", Kind::kNumber},
                                    {3, "deactivation_epoch", Kind::kNumber},
                                    {4, "tx_hash", Kind::kHash},
                                    {5, "log_index", Kind::kNumber},
                                    {6, "block_number", Kind::kNumber},
                                    {7, "nonce", Kind::kNumber}};
constexpr Field kValidatorJoin[] = {{1, "from", Kind::kSigner},
                                    {2, "val_id", Kind::kNumber},
                                    {3, "activation_epoch", Kind::kNumber},
                                    {4, "amount", Kind::kDecimal},
                                    {5, "signer_pub_key", Kind::kKey},
                                    {6, "tx_hash", Kind::kHash},
                                    {7, "log_index", Kind::kNumber},
                                    {8, "block_number", Kind::kNumber},
                                    {9, "nonce", Kind::kNumber}};
constexpr Field kTopup[] = {{1, "proposer", Kind::kSigner},  {2, "user", Kind::kAddress},
                            {3, "fee", Kind::kDecimal},      {4, "tx_hash", Kind::kHash},
                            {5, "log_index", Kind::kNumber}, {6, "block_number", Kind::kNumber}};
constexpr Field kWithdrawFee[] = {{1, "proposer", Kind::kSigner}, {2, "amount", Kind::kDecimal}};

/// Ascending by type URL.
constexpr std::array kSchemas{
    Schema{"/cosmos.bank.v1beta1.MsgSend", kSend},
    Schema{"/cosmos.gov.v1.MsgCancelProposal", kGovCancel},
    Schema{"/cosmos.gov.v1.MsgDeposit", kGovDeposit},
    Schema{"/cosmos.gov.v1.MsgVote", kGovVote},
    Schema{"/heimdallv2.bor.MsgBackfillSpans", kBackfillSpans},
    Schema{"/heimdallv2.bor.MsgProposeSpan", kProposeSpan},
    Schema{"/heimdallv2.bor.MsgSetProducerDowntime", kProducerDowntime},
    Schema{"/heimdallv2.bor.MsgVoteProducers", kVoteProducers},
    Schema{"/heimdallv2.checkpoint.MsgCheckpoint", kCheckpoint},
    Schema{"/heimdallv2.checkpoint.MsgCpAck", kCpAck},
    Schema{"/heimdallv2.checkpoint.MsgCpNoAck", kCpNoAck},
    Schema{"/heimdallv2.clerk.MsgEventRecord", kEventRecord},
    Schema{"/heimdallv2.stake.MsgSignerUpdate", kSignerUpdate},
    Schema{"/heimdallv2.stake.MsgStakeUpdate", kStakeUpdate},
    Schema{"/heimdallv2.stake.MsgValidatorExit", kValidatorExit},
    Schema{"/heimdallv2.stake.MsgValidatorJoin", kValidatorJoin},
    Schema{"/heimdallv2.topup.MsgTopupTx", kTopup},
    Schema{"/heimdallv2.topup.MsgWithdrawFeeTx", kWithdrawFee},
};

const Schema* find_schema(std::string_view type_url) {
  const auto* found = std::find_if(kSchemas.begin(), kSchemas.end(), [&](const Schema& schema) {
    return schema.type_url == type_url;
  });
  return found == kSchemas.end() ? nullptr : found;
}

bool all_bytes(ByteView bytes, bool (*accepts)(std::uint8_t)) {
  return std::all_of(bytes.begin(), bytes.end(), accepts);
}

bool is_decimal(ByteView text) {
  return !text.empty() && text.size() <= kMaxDecimalDigits &&
         all_bytes(text, [](std::uint8_t c) { return c >= '0' && c <= '9'; });
}

bool is_printable_text(ByteView text) {
  return text.size() <= kMaxTextBytes &&
         all_bytes(text, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
}

std::optional<Address> read_address(ByteView text) {
  const std::string_view characters = as_text(text);
  if (!characters.starts_with("0x") || characters.size() != 42) return std::nullopt;
  return fixed_from_hex<20>(characters);
}

/// A message of the numbers 1 and 2, zeros left out.
bool is_range(ByteView message) {
  std::uint32_t last = 0;
  for (ProtobufReader reader(message); !reader.at_end();) {
    const auto field = reader.next();
    if (!field.ok() || field->type != WireType::kVarint || field->integer == 0) return false;
    if (field->number <= last || field->number > 2) return false;
    last = field->number;
  }
  return true;
}

/// A message of one packed list of numbers.
bool is_number_list(ByteView message) {
  ProtobufReader reader(message);
  if (reader.at_end()) return true;
  const auto field = reader.next();
  if (!field.ok() || field->number != 1 || field->type != WireType::kBytes) return false;
  ByteView rest = field->bytes;
  std::size_t count = 0;
  while (!rest.empty()) {
    if (!take_varint(rest).ok() || ++count > kMaxListedNumbers) return false;
  }
  return count > 0 && reader.at_end();
}

/// A denomination and a decimal amount.
bool is_coin(ByteView message) {
  ProtobufReader reader(message);
  for (const std::uint32_t number : {1u, 2u}) {
    if (reader.at_end()) return false;
    const auto field = reader.next();
    if (!field.ok() || field->number != number || field->type != WireType::kBytes) return false;
    const bool fine = number == 1 ? !field->bytes.empty() && is_printable_text(field->bytes)
                                  : is_decimal(field->bytes);
    if (!fine) return false;
  }
  return reader.at_end();
}

/// Whether the bytes of a field are of its kind. Zero and the empty string are not written out.
bool has_kind(const ProtobufField& field, Kind kind) {
  if (kind == Kind::kNumber) return field.type == WireType::kVarint && field.integer != 0;
  if (field.type != WireType::kBytes) return false;
  switch (kind) {
    case Kind::kSigner:
    case Kind::kAddress:
      return read_address(field.bytes).has_value();
    case Kind::kDecimal:
      return is_decimal(field.bytes);
    case Kind::kText:
      return !field.bytes.empty() && is_printable_text(field.bytes);
    case Kind::kHash:
      return field.bytes.size() == Hash256::size();
    case Kind::kHashText:
      return fixed_from_hex<32>(as_text(field.bytes)).has_value();
    case Kind::kKey:
      return field.bytes.size() == 65 && field.bytes[0] == 4;
    case Kind::kData:
      return !field.bytes.empty() && field.bytes.size() <= kMaxDataBytes;
    case Kind::kRange:
      return is_range(field.bytes);
    case Kind::kNumbers:
      return is_number_list(field.bytes);
    case Kind::kCoins:
      return is_coin(field.bytes);
    case Kind::kNumber:
      break;
  }
  return false;
}

/// A field that gogoproto writes even if it is empty.
bool is_always_written(Kind kind) {
  return kind == Kind::kSigner || kind == Kind::kRange || kind == Kind::kNumbers;
}

Failure<wire::Refusal> refuse_field(std::string_view name, std::string_view expected) {
  return refuse(Rule::kMessageContent, "transaction.messages." + std::string(name),
                std::string(expected), "otherwise");
}

/// Reads one message by its schema, remembers which fields it has and that the signer is ours.
class MessageCheck {
 public:
  MessageCheck(const Schema& schema, const Address& signer) : schema_(schema), signer_(signer) {}

  Status<wire::Refusal> read(ByteView value) {
    for (ProtobufReader reader(value); !reader.at_end();) {
      const auto field = reader.next();
      if (!field.ok()) return refuse_field("value", buri::describe(field.error()));
      RETURN_IF_ERROR(read_field(*field));
    }
    for (const Field& field : schema_.fields) {
      if (is_always_written(field.kind) && !seen(field.number)) {
        return refuse_field(field.name, "a value");
      }
    }
    if (equal(encoded_.encoded(), value)) return Unit{};
    return refuse_field("value", "the one encoding of its content");
  }

 private:
  [[nodiscard]] bool seen(std::uint32_t number) const { return (seen_ >> number & 1) != 0; }

  Status<wire::Refusal> read_field(const ProtobufField& field) {
    const auto known = std::find_if(schema_.fields.begin(), schema_.fields.end(),
                                    [&](const Field& f) { return f.number == field.number; });
    if (known == schema_.fields.end()) return refuse_field("value", "known fields only");
    if (!has_kind(field, known->kind)) return refuse_field(known->name, "a value of its kind");
    if (seen(field.number) && known->kind != Kind::kCoins) {
      return refuse_field(known->name, "one value");
    }
    seen_ |= std::uint32_t{1} << field.number;
    if (known->kind == Kind::kSigner && read_address(field.bytes) != signer_) {
      return refuse(Rule::kIdentity, "transaction.messages." + std::string(known->name),
                    "the address of the signing key", std::string(as_text(field.bytes)));
    }
    if (field.type == WireType::kVarint) {
      encoded_.varint(field.number, field.integer);
    } else if (field.bytes.empty()) {
      encoded_.message(field.number, ProtobufWriter());
    } else {
      encoded_.bytes(field.number, field.bytes);
    }
    return Unit{};
  }

  const Schema& schema_;
  const Address& signer_;
  ProtobufWriter encoded_;
  std::uint32_t seen_ = 0;  // bit per field number
};

}  // namespace

bool is_known_message(std::string_view type_url) { return find_schema(type_url) != nullptr; }

std::vector<std::string_view> known_messages() {
  std::vector<std::string_view> urls;
  for (const Schema& schema : kSchemas) urls.push_back(schema.type_url);
  return urls;
}

Status<wire::Refusal> check_message(const wire::HeimdallMessage& message, const Address& signer) {
  const Schema* schema = find_schema(message.type_url);
  if (schema == nullptr) {
    return refuse(Rule::kMessageType, "transaction.messages.type_url", "a known message",
                  message.type_url);
  }
  return MessageCheck(*schema, signer).read(message.value);
}

}  // namespace buri::hsm::rules
