#include "hsm/signer/clef/transaction_call.hpp"

#include "base/codec/rlp.hpp"
#include "base/hex.hpp"
#include "hsm/rules/digest.hpp"
#include "hsm/wire/plain_extension.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::signer::clef {
namespace {

constexpr FixedBytes<4> kSubmitCheckpoint{{0x4e, 0x43, 0xe4, 0x95}};
constexpr std::uint8_t kDynamicFeeType = 2;
constexpr std::size_t kWordBytes = 32;
constexpr std::size_t kCheckpointAt = 3 * kWordBytes;   // offsets of data and sigs, length of data
constexpr std::size_t kSignaturesAt = 10 * kWordBytes;  // behind the six words and the count

/// An Ethereum QUANTITY of up to 256 bits: no leading zeros.
Result<U256, JsonError> read_quantity(const JsonCursor& value) {
  ASSIGN_OR_RETURN(const std::string_view text, value.string());
  const JsonError error = value.error("0x and a hex integer of at most 256 bits");
  const bool is_prefixed = text.size() > 2 && text.starts_with("0x");
  if (!is_prefixed || (text[2] == '0' && text.size() > 3)) return Failure{error};
  const std::string digits(text.substr(2));
  const auto bytes = from_hex(digits.size() % 2 == 1 ? "0" + digits : digits);
  const auto number = bytes ? U256::from_big_endian(*bytes) : std::nullopt;
  if (!number) return Failure{error};
  return *number;
}

bool is_absent(const JsonCursor& object, std::string_view key) {
  return !object.has(key) || object.member(key).value().is_null();
}

Result<std::uint64_t, JsonError> read_number(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  return value.quantity();
}

/// "data" or "input", or both alike.
Result<Bytes, JsonError> read_calldata(const JsonCursor& object) {
  const bool has_input = !is_absent(object, "input");
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(has_input ? "input" : "data"));
  ASSIGN_OR_RETURN(Bytes bytes, value.hex(HexStyle::kPrefixedLower));
  if (has_input && !is_absent(object, "data")) {
    ASSIGN_OR_RETURN(const JsonCursor data, object.member("data"));
    ASSIGN_OR_RETURN(const Bytes other, data.hex(HexStyle::kPrefixedLower));
    if (other != bytes) return Failure{data.error("the same as input")};
  }
  return bytes;
}

/// The fields of submitCheckpoint's arguments; the caller encodes them again and compares.
std::optional<wire::SubmitCheckpoint> read_checkpoint_call(ByteView words) {
  if (words.size() < kSignaturesAt) return std::nullopt;
  Bytes extension{1};
  append(extension, words.subspan(kCheckpointAt, 6 * kWordBytes));
  const auto checkpoint = wire::parse_plain_checkpoint(extension);
  if (!checkpoint) return std::nullopt;
  wire::SubmitCheckpoint call{*checkpoint, {}};
  for (ByteView rest = words.subspan(kSignaturesAt); rest.size() >= 3 * kWordBytes;
       rest = rest.subspan(3 * kWordBytes)) {
    call.signatures.push_back({Hash256::from(rest.first(kWordBytes)),
                               Hash256::from(rest.subspan(kWordBytes, kWordBytes)),
                               rest[3 * kWordBytes - 1]});
  }
  return call;
}

Status<JsonError> read_call(const JsonCursor& object, wire::RootChainTransaction& transaction) {
  ASSIGN_OR_RETURN(const Bytes calldata, read_calldata(object));
  const ByteView bytes = calldata;
  const JsonCursor& where = object;
  if (bytes.size() < kSubmitCheckpoint.size()) {
    return Failure{where.error("calldata of at least a selector")};
  }
  const auto selector = FixedBytes<4>::from(bytes.first(4));
  if (selector == kSubmitCheckpoint) {
    const auto call = read_checkpoint_call(bytes.subspan(4));
    if (call) transaction.call = *call;
    if (!call || wire::root_chain_calldata(transaction) != calldata) {
      return Failure{where.error("the ABI encoding of submitCheckpoint")};
    }
  } else {
    transaction.call = wire::ContractCall{selector, {bytes.begin() + 4, bytes.end()}};
  }
  return Unit{};
}

Status<JsonError> refuse_other_types(const JsonCursor& object) {
  RETURN_IF_ERROR(
      object.allow_only({"from", "to", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas",
                         "value", "nonce", "data", "input", "accessList", "chainId"}));
  if (!is_absent(object, "gasPrice")) {
    return Failure{object.member("gasPrice").value().error("nothing: EIP-1559 fees only")};
  }
  if (!is_absent(object, "accessList")) {
    ASSIGN_OR_RETURN(const JsonCursor list, object.member("accessList"));
    ASSIGN_OR_RETURN(const auto entries, list.elements(1));
    if (!entries.empty()) return Failure{list.error("an empty list")};
  }
  return Unit{};
}

std::string hex_bytes(ByteView bytes) { return "0x" + to_hex(bytes); }

std::string hex_number(const U256& value) {
  const std::string digits = to_hex(value.to_minimal_big_endian());
  if (digits.empty()) return "0x0";
  return "0x" + (digits[0] == '0' ? digits.substr(1) : digits);
}
std::string hex_number(std::uint64_t value) { return hex_number(U256::from_uint64(value)); }

/// R and S as numbers.
U256 half(const wire::Signature& signature, std::size_t at) {
  return *U256::from_big_endian(ByteView(signature).subspan(at, kWordBytes));
}

}  // namespace

Result<Address, JsonError> read_address(const JsonCursor& value) {
  ASSIGN_OR_RETURN(const std::string_view text, value.string());
  const auto address = fixed_from_hex<Address::kSize>(text);
  if (!address || !text.starts_with("0x")) return Failure{value.error("0x and 40 hex digits")};
  return *address;
}

Result<wire::RootChainTransaction, JsonError> read_transaction(const JsonCursor& arguments) {
  RETURN_IF_ERROR(refuse_other_types(arguments));
  wire::RootChainTransaction transaction;
  ASSIGN_OR_RETURN(const JsonCursor to, arguments.member("to"));
  ASSIGN_OR_RETURN(transaction.to, read_address(to));
  ASSIGN_OR_RETURN(transaction.chain_id, read_number(arguments, "chainId"));
  ASSIGN_OR_RETURN(transaction.nonce, read_number(arguments, "nonce"));
  ASSIGN_OR_RETURN(transaction.gas_limit, read_number(arguments, "gas"));
  ASSIGN_OR_RETURN(transaction.max_fee_per_gas_wei, read_number(arguments, "maxFeePerGas"));
  ASSIGN_OR_RETURN(transaction.max_priority_fee_per_gas_wei,
                   read_number(arguments, "maxPriorityFeePerGas"));
  ASSIGN_OR_RETURN(const JsonCursor value, arguments.member("value"));
  ASSIGN_OR_RETURN(transaction.value_wei, read_quantity(value));
  RETURN_IF_ERROR(read_call(arguments, transaction));
  return transaction;
}

Bytes signed_transaction(const wire::RootChainTransaction& transaction,
                         const wire::Signature& signature) {
  RlpWriter fields;
  const Bytes unsigned_bytes = wire::root_chain_sign_bytes(transaction);
  RlpReader items = decode_rlp_list(ByteView(unsigned_bytes).subspan(1)).value();
  while (!items.at_end()) fields.encoded(items.next().value().encoded);
  fields.integer(signature.bytes[64]).integer(half(signature, 0)).integer(half(signature, 32));
  Bytes bytes{kDynamicFeeType};
  append(bytes, fields.as_list());
  return bytes;
}

std::string signed_transaction_json(const wire::RootChainTransaction& transaction,
                                    const wire::Signature& signature) {
  const Bytes raw = signed_transaction(transaction, signature);
  const std::string parity = hex_number(signature.bytes[64]);
  std::string text = R"({"raw":")" + hex_bytes(raw) + R"(","tx":{"type":"0x2")";
  const auto add = [&text](std::string_view name, const std::string& value) {
    text.append(",\"").append(name).append("\":\"").append(value).append("\"");
  };
  add("chainId", hex_number(transaction.chain_id));
  add("nonce", hex_number(transaction.nonce));
  add("to", hex_bytes(transaction.to));
  add("gas", hex_number(transaction.gas_limit));
  text += R"(,"gasPrice":null)";
  add("maxPriorityFeePerGas", hex_number(transaction.max_priority_fee_per_gas_wei));
  add("maxFeePerGas", hex_number(transaction.max_fee_per_gas_wei));
  add("value", hex_number(transaction.value_wei));
  add("input", hex_bytes(wire::root_chain_calldata(transaction)));
  text += R"(,"accessList":[])";
  add("v", parity);
  add("r", hex_number(half(signature, 0)));
  add("s", hex_number(half(signature, 32)));
  add("yParity", parity);
  add("hash", hex_bytes(rules::keccak256(raw)));
  return text + "}}";
}

}  // namespace buri::hsm::signer::clef
