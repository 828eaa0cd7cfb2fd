#include "node/execution/transaction/decode.hpp"

#include "base/hex.hpp"

namespace buri::execution::transaction {
namespace {

template <class T>
using Decoded = Result<T, DecodeError>;

/// Gives an error of the RLP the name of the field it was met in.
template <class T>
Decoded<T> in(std::string_view field, Result<T, RlpError> result) {
  if (result.ok()) return std::move(result).value();
  return Failure{DecodeError{DecodeError::Rule::kMalformed, field, result.error()}};
}
Failure<DecodeError> malformed(std::string_view field, RlpError error) {
  return Failure{DecodeError{DecodeError::Rule::kMalformed, field, error}};
}

/// Calls `read_one` for each item of the next list.
template <class ReadOne>
Status<DecodeError> each(std::string_view field, RlpReader& fields, const ReadOne& read_one) {
  ASSIGN_OR_RETURN(RlpReader items, in(field, fields.next_list()));
  while (!items.at_end()) RETURN_IF_ERROR(read_one(items));
  return Unit{};
}

Decoded<Bytes> data_in(std::string_view field, RlpReader& fields) {
  ASSIGN_OR_RETURN(const ByteView bytes, in(field, fields.next_bytes()));
  return Bytes(bytes.begin(), bytes.end());
}

Decoded<std::optional<Address>> read_target(RlpReader& fields) {
  ASSIGN_OR_RETURN(const ByteView bytes, in("to", fields.next_bytes()));
  if (bytes.empty()) return std::optional<Address>();
  if (bytes.size() != Address::kSize) return malformed("to", RlpError::kWrongLength);
  return std::optional(Address::from(bytes));
}

/// Of types that cannot create contracts.
Decoded<std::optional<Address>> read_required_target(RlpReader& fields) {
  ASSIGN_OR_RETURN(const Address address, in("to", fields.next_fixed<Address::kSize>()));
  return std::optional(address);
}

Status<DecodeError> read_access_entry(RlpReader& items, std::vector<evm::AccessEntry>& entries) {
  ASSIGN_OR_RETURN(RlpReader entry, in("access list", items.next_list()));
  evm::AccessEntry access;
  ASSIGN_OR_RETURN(access.address, in("access list", entry.next_fixed<Address::kSize>()));
  RETURN_IF_ERROR(each("access list", entry, [&](RlpReader& keys) -> Status<DecodeError> {
    ASSIGN_OR_RETURN(const Hash256 key, in("access list", keys.next_fixed<Hash256::kSize>()));
    access.keys.push_back(*U256::from_big_endian(key));
    return Unit{};
  }));
  RETURN_IF_ERROR(in("access list", entry.expect_end()));
  entries.push_back(std::move(access));
  return Unit{};
}

Status<DecodeError> read_authorization(RlpReader& items, std::vector<SignedAuthorization>& list) {
  constexpr std::string_view kField = "authorization list";
  constexpr std::uint64_t kMaxParity = 0xff;
  ASSIGN_OR_RETURN(RlpReader entry, in(kField, items.next_list()));
  SignedAuthorization authorization;
  ASSIGN_OR_RETURN(authorization.chain_id, in(kField, entry.next_u256()));
  ASSIGN_OR_RETURN(authorization.target, in(kField, entry.next_fixed<Address::kSize>()));
  ASSIGN_OR_RETURN(authorization.nonce, in(kField, entry.next_uint64()));
  ASSIGN_OR_RETURN(const std::uint64_t parity, in(kField, entry.next_uint64()));
  if (parity > kMaxParity) return malformed(kField, RlpError::kIntegerTooLarge);
  authorization.y_parity = static_cast<std::uint8_t>(parity);
  ASSIGN_OR_RETURN(authorization.r, in(kField, entry.next_u256()));
  ASSIGN_OR_RETURN(authorization.s, in(kField, entry.next_u256()));
  RETURN_IF_ERROR(in(kField, entry.expect_end()));
  list.push_back(authorization);
  return Unit{};
}

Status<DecodeError> read_signature(RlpReader& fields, SignedTransaction& result) {
  ASSIGN_OR_RETURN(result.v, in("v", fields.next_u256()));
  ASSIGN_OR_RETURN(result.r, in("r", fields.next_u256()));
  ASSIGN_OR_RETURN(result.s, in("s", fields.next_u256()));
  return in("transaction", fields.expect_end());
}

Status<DecodeError> read_price(RlpReader& fields, SignedTransaction& result) {
  ASSIGN_OR_RETURN(result.max_fee, in("gas price", fields.next_u256()));
  result.max_tip = result.max_fee;
  return Unit{};
}

Status<DecodeError> read_fees(RlpReader& fields, SignedTransaction& result) {
  ASSIGN_OR_RETURN(result.max_tip, in("max priority fee", fields.next_u256()));
  ASSIGN_OR_RETURN(result.max_fee, in("max fee", fields.next_u256()));
  return Unit{};
}

Status<DecodeError> read_value_and_data(RlpReader& fields, SignedTransaction& result) {
  ASSIGN_OR_RETURN(result.value, in("value", fields.next_u256()));
  ASSIGN_OR_RETURN(result.data, data_in("data", fields));
  return Unit{};
}

Decoded<SignedTransaction> read_legacy(RlpReader fields) {
  SignedTransaction result;
  ASSIGN_OR_RETURN(result.nonce, in("nonce", fields.next_uint64()));
  RETURN_IF_ERROR(read_price(fields, result));
  ASSIGN_OR_RETURN(result.gas_limit, in("gas limit", fields.next_uint64()));
  ASSIGN_OR_RETURN(result.to, read_target(fields));
  RETURN_IF_ERROR(read_value_and_data(fields, result));
  RETURN_IF_ERROR(read_signature(fields, result));
  return result;
}

/// What stands between the access list and the signature.
Status<DecodeError> read_type_specific(RlpReader& fields, SignedTransaction& result) {
  if (result.type == EnvelopeType::kBlob) {
    ASSIGN_OR_RETURN(result.max_blob_fee, in("max blob fee", fields.next_u256()));
    return each("blob hashes", fields, [&](RlpReader& items) -> Status<DecodeError> {
      ASSIGN_OR_RETURN(const Hash256 hash, in("blob hashes", items.next_fixed<Hash256::kSize>()));
      result.blob_hashes.push_back(hash);
      return Unit{};
    });
  }
  if (result.type == EnvelopeType::kSetCode) {
    return each("authorization list", fields,
                [&](RlpReader& items) { return read_authorization(items, result.authorizations); });
  }
  return Unit{};
}

Decoded<SignedTransaction> read_typed(EnvelopeType type, RlpReader fields) {
  SignedTransaction result;
  result.type = type;
  const bool needs_target = type == EnvelopeType::kBlob || type == EnvelopeType::kSetCode;
  ASSIGN_OR_RETURN(result.chain_id, in("chain id", fields.next_u256()));
  ASSIGN_OR_RETURN(result.nonce, in("nonce", fields.next_uint64()));
  RETURN_IF_ERROR(type == EnvelopeType::kAccessList ? read_price(fields, result)
                                                    : read_fees(fields, result));
  ASSIGN_OR_RETURN(result.gas_limit, in("gas limit", fields.next_uint64()));
  ASSIGN_OR_RETURN(result.to, needs_target ? read_required_target(fields) : read_target(fields));
  RETURN_IF_ERROR(read_value_and_data(fields, result));
  RETURN_IF_ERROR(each("access list", fields, [&](RlpReader& items) {
    return read_access_entry(items, result.access_list);
  }));
  RETURN_IF_ERROR(read_type_specific(fields, result));
  RETURN_IF_ERROR(read_signature(fields, result));
  return result;
}

Status<DecodeError> read_event(RlpReader& items, std::vector<StateSyncEvent>& events) {
  ASSIGN_OR_RETURN(RlpReader fields, in("state-sync record", items.next_list()));
  StateSyncEvent event;
  ASSIGN_OR_RETURN(event.id, in("state-sync id", fields.next_uint64()));
  ASSIGN_OR_RETURN(event.contract, in("state-sync contract", fields.next_fixed<Address::kSize>()));
  ASSIGN_OR_RETURN(event.data, data_in("state-sync data", fields));
  ASSIGN_OR_RETURN(event.root_chain_transaction,
                   in("state-sync transaction hash", fields.next_fixed<Hash256::kSize>()));
  RETURN_IF_ERROR(in("state-sync record", fields.expect_end()));
  events.push_back(std::move(event));
  return Unit{};
}

Decoded<SignedTransaction> read_state_sync(RlpReader items) {
  SignedTransaction result;
  result.type = EnvelopeType::kStateSync;
  while (!items.at_end()) RETURN_IF_ERROR(read_event(items, result.events));
  return result;
}

Decoded<SignedTransaction> decode_typed(ByteView envelope) {
  const auto type = static_cast<EnvelopeType>(envelope[0]);
  switch (type) {
    case EnvelopeType::kAccessList:
    case EnvelopeType::kDynamicFee:
    case EnvelopeType::kBlob:
    case EnvelopeType::kSetCode:
    case EnvelopeType::kStateSync: {
      ASSIGN_OR_RETURN(const RlpReader list,
                       in("transaction", decode_rlp_list(envelope.subspan(1))));
      return type == EnvelopeType::kStateSync ? read_state_sync(list) : read_typed(type, list);
    }
    case EnvelopeType::kLegacy:  // no envelope has this byte
      break;
  }
  return Failure{DecodeError{
      .rule = DecodeError::Rule::kUnknownType, .field = "transaction", .type = envelope[0]}};
}

Failure<DecodeError> empty() {
  return Failure{DecodeError{.rule = DecodeError::Rule::kEmpty, .field = "transaction"}};
}

}  // namespace

std::string_view describe(EnvelopeType type) {
  switch (type) {
    case EnvelopeType::kLegacy:
      return "legacy";
    case EnvelopeType::kAccessList:
      return "access list";
    case EnvelopeType::kDynamicFee:
      return "dynamic fee";
    case EnvelopeType::kBlob:
      return "blob";
    case EnvelopeType::kSetCode:
      return "set code";
    case EnvelopeType::kStateSync:
      return "state sync";
  }
  return "unknown";
}

std::string describe(const DecodeError& error) {
  switch (error.rule) {
    case DecodeError::Rule::kMalformed:
      return std::string(error.field) + ": " + std::string(describe(error.rlp));
    case DecodeError::Rule::kEmpty:
      return "a transaction has no bytes";
    case DecodeError::Rule::kUnknownType:
      return "transaction type 0x" + to_hex({&error.type, 1}) + " is not known";
  }
  return "unknown";
}

Result<SignedTransaction, DecodeError> decode(ByteView envelope) {
  constexpr std::uint8_t kListBase = 0xc0;
  if (envelope.empty()) return empty();
  if (envelope[0] < kListBase) return decode_typed(envelope);
  ASSIGN_OR_RETURN(const RlpReader list, in("transaction", decode_rlp_list(envelope)));
  return read_legacy(list);
}

Result<SignedTransaction, DecodeError> read(RlpReader& body) {
  ASSIGN_OR_RETURN(const RlpItem item, in("transaction", body.next()));
  if (item.is_list) return read_legacy(RlpReader(item.payload));
  if (item.payload.empty()) return empty();
  return decode_typed(item.payload);
}

}  // namespace buri::execution::transaction
