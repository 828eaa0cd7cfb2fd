#include "node/execution/chain/transaction.hpp"

namespace buri::execution::chain {
namespace {

constexpr std::uint8_t kAuthorizationMagic = 0x05;  // EIP-7702

bool has_fee_cap(TxType type) { return type != TxType::kLegacy && type != TxType::kAccessList; }
/// Types that cannot create contracts.
bool needs_target(TxType type) { return type == TxType::kBlob || type == TxType::kSetCode; }

Status<DecodeError> read_target(FieldReader& fields, Transaction& transaction) {
  ASSIGN_OR_RETURN(const ByteView to, fields.bytes("to"));
  if (to.size() == Address::size()) {
    transaction.to = Address::from(to);
    return Unit{};
  }
  if (to.empty() && !needs_target(transaction.type)) return Unit{};
  return Failure{fields.error("to",
                              needs_target(transaction.type) ? "20 bytes" : "20 bytes or none",
                              std::to_string(to.size()) + " bytes")};
}

Status<DecodeError> read_fees(FieldReader& fields, Transaction& transaction) {
  if (has_fee_cap(transaction.type)) {
    ASSIGN_OR_RETURN(transaction.max_tip, fields.u256("max_tip"));
    ASSIGN_OR_RETURN(transaction.max_fee, fields.u256("max_fee"));
    return Unit{};
  }
  ASSIGN_OR_RETURN(transaction.max_fee, fields.u256("gas_price"));
  transaction.max_tip = transaction.max_fee;
  return Unit{};
}

/// Nonce to data, which every type has.
Status<DecodeError> read_message(FieldReader& fields, Transaction& transaction) {
  ASSIGN_OR_RETURN(transaction.nonce, fields.uint64("nonce"));
  RETURN_IF_ERROR(read_fees(fields, transaction));
  ASSIGN_OR_RETURN(transaction.gas_limit, fields.uint64("gas_limit"));
  RETURN_IF_ERROR(read_target(fields, transaction));
  ASSIGN_OR_RETURN(transaction.value, fields.u256("value"));
  ASSIGN_OR_RETURN(const ByteView data, fields.bytes("data"));
  transaction.data.assign(data.begin(), data.end());
  return Unit{};
}

Status<DecodeError> read_access_list(FieldReader& fields, Transaction& transaction) {
  ASSIGN_OR_RETURN(FieldReader list, fields.list("access_list"));
  while (!list.at_end()) {
    ASSIGN_OR_RETURN(FieldReader entry, list.list("entry"));
    evm::AccessEntry access;
    ASSIGN_OR_RETURN(access.address, entry.fixed<20>("address"));
    ASSIGN_OR_RETURN(FieldReader keys, entry.list("keys"));
    while (!keys.at_end()) {
      ASSIGN_OR_RETURN(const Hash256 key, keys.fixed<32>("key"));
      access.keys.push_back(*U256::from_big_endian(key));
    }
    RETURN_IF_ERROR(entry.expect_end());
    transaction.access_list.push_back(std::move(access));
  }
  return Unit{};
}

Status<DecodeError> read_blobs(FieldReader& fields, Transaction& transaction) {
  ASSIGN_OR_RETURN(transaction.max_blob_fee, fields.u256("max_blob_fee"));
  ASSIGN_OR_RETURN(FieldReader hashes, fields.list("blob_hashes"));
  while (!hashes.at_end()) {
    ASSIGN_OR_RETURN(const Hash256 hash, hashes.fixed<32>("hash"));
    transaction.blob_hashes.push_back(hash);
  }
  return Unit{};
}

Status<DecodeError> read_authorizations(FieldReader& fields, Transaction& transaction) {
  ASSIGN_OR_RETURN(FieldReader list, fields.list("authorizations"));
  while (!list.at_end()) {
    ASSIGN_OR_RETURN(FieldReader entry, list.list("entry"));
    SignedAuthorization authorization;
    ASSIGN_OR_RETURN(authorization.chain_id, entry.u256("chain_id"));
    ASSIGN_OR_RETURN(authorization.target, entry.fixed<20>("target"));
    ASSIGN_OR_RETURN(authorization.nonce, entry.uint64("nonce"));
    ASSIGN_OR_RETURN(const std::uint64_t parity, entry.uint64("y_parity"));
    if (parity > 0xff) {
      return Failure{entry.error("y_parity", "one byte", std::to_string(parity))};
    }
    authorization.y_parity = static_cast<std::uint8_t>(parity);
    ASSIGN_OR_RETURN(authorization.r, entry.u256("r"));
    ASSIGN_OR_RETURN(authorization.s, entry.u256("s"));
    RETURN_IF_ERROR(entry.expect_end());
    transaction.authorizations.push_back(authorization);
  }
  return Unit{};
}

Status<DecodeError> read_signature(FieldReader& fields, Transaction& transaction) {
  ASSIGN_OR_RETURN(transaction.v, fields.u256("v"));
  ASSIGN_OR_RETURN(transaction.r, fields.u256("r"));
  ASSIGN_OR_RETURN(transaction.s, fields.u256("s"));
  return fields.expect_end();
}

Status<DecodeError> read_typed(FieldReader& fields, Transaction& transaction) {
  ASSIGN_OR_RETURN(transaction.chain_id, fields.u256("chain_id"));
  RETURN_IF_ERROR(read_message(fields, transaction));
  RETURN_IF_ERROR(read_access_list(fields, transaction));
  if (transaction.type == TxType::kBlob) RETURN_IF_ERROR(read_blobs(fields, transaction));
  if (transaction.type == TxType::kSetCode) {
    RETURN_IF_ERROR(read_authorizations(fields, transaction));
  }
  return read_signature(fields, transaction);
}

/// 0x7f: one list of records, without anything around it.
Status<DecodeError> read_records(FieldReader& fields, Transaction& transaction) {
  while (!fields.at_end()) {
    ASSIGN_OR_RETURN(FieldReader entry, fields.list("record"));
    StateSyncEntry record;
    ASSIGN_OR_RETURN(record.id, entry.uint64("id"));
    ASSIGN_OR_RETURN(record.contract, entry.fixed<20>("contract"));
    ASSIGN_OR_RETURN(const ByteView data, entry.bytes("data"));
    record.data.assign(data.begin(), data.end());
    ASSIGN_OR_RETURN(record.l1_transaction, entry.fixed<32>("l1_transaction"));
    RETURN_IF_ERROR(entry.expect_end());
    transaction.records.push_back(std::move(record));
  }
  return Unit{};
}

void write_target(RlpWriter& writer, const Transaction& transaction) {
  transaction.to ? writer.bytes(*transaction.to) : writer.bytes({});
}

void write_message(RlpWriter& writer, const Transaction& transaction) {
  writer.integer(transaction.nonce);
  if (has_fee_cap(transaction.type)) writer.integer(transaction.max_tip);
  writer.integer(transaction.max_fee).integer(transaction.gas_limit);
  write_target(writer, transaction);
  writer.integer(transaction.value).bytes(transaction.data);
}

void write_lists(RlpWriter& writer, const Transaction& transaction) {
  RlpWriter entries;
  for (const evm::AccessEntry& entry : transaction.access_list) {
    RlpWriter keys;
    for (const U256& key : entry.keys) keys.bytes(key.to_word());
    entries.list(RlpWriter().bytes(entry.address).list(keys));
  }
  writer.list(entries);
  if (transaction.type == TxType::kBlob) {
    RlpWriter hashes;
    for (const Hash256& hash : transaction.blob_hashes) hashes.bytes(hash);
    writer.integer(transaction.max_blob_fee).list(hashes);
  }
  if (transaction.type == TxType::kSetCode) {
    RlpWriter list;
    for (const SignedAuthorization& entry : transaction.authorizations) {
      list.list(RlpWriter()
                    .integer(entry.chain_id)
                    .bytes(entry.target)
                    .integer(entry.nonce)
                    .integer(std::uint64_t{entry.y_parity})
                    .integer(entry.r)
                    .integer(entry.s));
    }
    writer.list(list);
  }
}

/// All fields of a signed transaction but the signature.
RlpWriter unsigned_fields(const Transaction& transaction) {
  RlpWriter writer;
  if (transaction.type == TxType::kLegacy) {
    write_message(writer, transaction);
    return writer;
  }
  writer.integer(transaction.chain_id);
  write_message(writer, transaction);
  write_lists(writer, transaction);
  return writer;
}

RlpWriter record_fields(const Transaction& transaction) {
  RlpWriter writer;
  for (const StateSyncEntry& record : transaction.records) {
    writer.list(RlpWriter()
                    .integer(record.id)
                    .bytes(record.contract)
                    .bytes(record.data)
                    .bytes(record.l1_transaction));
  }
  return writer;
}

Bytes with_type(TxType type, const RlpWriter& fields) {
  Bytes encoded;
  if (type != TxType::kLegacy) encoded.push_back(static_cast<std::uint8_t>(type));
  append(encoded, fields.as_list());
  return encoded;
}

bool is_known(std::uint8_t type) {
  return (type >= 1 && type <= 4) || type == static_cast<std::uint8_t>(TxType::kStateSync);
}

}  // namespace

Result<Transaction, DecodeError> decode_transaction(ByteView bytes, std::string scope) {
  if (bytes.empty()) return Failure{DecodeError{std::move(scope), "a transaction", "no byte"}};
  Transaction transaction;
  constexpr std::uint8_t kFirstListByte = 0xc0;
  if (bytes[0] >= kFirstListByte) {
    ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(bytes, std::move(scope)));
    RETURN_IF_ERROR(read_message(fields, transaction));
    RETURN_IF_ERROR(read_signature(fields, transaction));
    return transaction;
  }
  if (!is_known(bytes[0])) {
    return Failure{DecodeError{std::move(scope), "a transaction of type 1 to 4 or 127",
                               "type " + std::to_string(bytes[0])}};
  }
  transaction.type = static_cast<TxType>(bytes[0]);
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(bytes.subspan(1), std::move(scope)));
  if (transaction.type == TxType::kStateSync) {
    RETURN_IF_ERROR(read_records(fields, transaction));
  } else {
    RETURN_IF_ERROR(read_typed(fields, transaction));
  }
  return transaction;
}

Bytes encode_transaction(const Transaction& transaction) {
  if (transaction.type == TxType::kStateSync) {
    return with_type(transaction.type, record_fields(transaction));
  }
  RlpWriter fields = unsigned_fields(transaction);
  fields.integer(transaction.v).integer(transaction.r).integer(transaction.s);
  return with_type(transaction.type, fields);
}

Bytes signing_message(const Transaction& transaction) {
  RlpWriter fields = unsigned_fields(transaction);
  constexpr std::uint64_t kFirstWithChain = 35;  // EIP-155
  if (transaction.type == TxType::kLegacy) {
    const auto v = transaction.v.to_uint64();
    if (v && *v >= kFirstWithChain) {
      fields.integer((*v - kFirstWithChain) / 2)
          .integer(std::uint64_t{0})
          .integer(std::uint64_t{0});
    }
  }
  return with_type(transaction.type, fields);
}

Bytes signing_message(const SignedAuthorization& authorization) {
  Bytes message{kAuthorizationMagic};
  append(message, RlpWriter()
                      .integer(authorization.chain_id)
                      .bytes(authorization.target)
                      .integer(authorization.nonce)
                      .as_list());
  return message;
}

}  // namespace buri::execution::chain
