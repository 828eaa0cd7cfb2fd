#include "node/execution/transaction/encode.hpp"

#include "node/execution/evm/keccak.hpp"
#include "node/execution/transaction/signing.hpp"

namespace buri::execution::transaction {
namespace {

void write_access_list(const SignedTransaction& transaction, RlpWriter& fields) {
  RlpWriter list;
  for (const evm::AccessEntry& entry : transaction.access_list) {
    RlpWriter keys;
    for (const U256& key : entry.keys) keys.bytes(key.to_word());
    list.list(RlpWriter().bytes(entry.address).list(keys));
  }
  fields.list(list);
}

void write_authorizations(const SignedTransaction& transaction, RlpWriter& fields) {
  RlpWriter list;
  for (const SignedAuthorization& entry : transaction.authorizations) {
    RlpWriter item;
    item.integer(entry.chain_id).bytes(entry.target).integer(entry.nonce);
    item.integer(std::uint64_t{entry.y_parity}).integer(entry.r).integer(entry.s);
    list.list(item);
  }
  fields.list(list);
}

void write_target(const SignedTransaction& transaction, RlpWriter& fields) {
  fields.bytes(transaction.to ? ByteView(*transaction.to) : ByteView());
}

/// Everything before the signature.
RlpWriter unsigned_fields(const SignedTransaction& transaction) {
  RlpWriter fields;
  const EnvelopeType type = transaction.type;
  const bool is_legacy = type == EnvelopeType::kLegacy;
  if (!is_legacy) fields.integer(transaction.chain_id);
  fields.integer(transaction.nonce);
  if (!is_legacy && type != EnvelopeType::kAccessList) fields.integer(transaction.max_tip);
  fields.integer(transaction.max_fee).integer(transaction.gas_limit);
  write_target(transaction, fields);
  fields.integer(transaction.value).bytes(transaction.data);
  if (is_legacy) return fields;
  write_access_list(transaction, fields);
  if (type == EnvelopeType::kBlob) {
    RlpWriter hashes;
    for (const Hash256& hash : transaction.blob_hashes) hashes.bytes(hash);
    fields.integer(transaction.max_blob_fee).list(hashes);
  }
  if (type == EnvelopeType::kSetCode) write_authorizations(transaction, fields);
  return fields;
}

RlpWriter events_of(const SignedTransaction& transaction) {
  RlpWriter list;
  for (const StateSyncEvent& event : transaction.events) {
    RlpWriter item;
    item.integer(event.id).bytes(event.contract).bytes(event.data);
    list.list(item.bytes(event.root_chain_transaction));
  }
  return list;
}

/// The list of fields after its type byte; a legacy transaction has none.
Bytes in_envelope(EnvelopeType type, const RlpWriter& fields) {
  Bytes result;
  if (type != EnvelopeType::kLegacy) result.push_back(static_cast<std::uint8_t>(type));
  append(result, fields.as_list());
  return result;
}

}  // namespace

Bytes encode(const SignedTransaction& transaction) {
  if (transaction.type == EnvelopeType::kStateSync) {
    return in_envelope(transaction.type, events_of(transaction));
  }
  RlpWriter fields = unsigned_fields(transaction);
  fields.integer(transaction.v).integer(transaction.r).integer(transaction.s);
  return in_envelope(transaction.type, fields);
}

void write(const SignedTransaction& transaction, RlpWriter& body) {
  const Bytes envelope = encode(transaction);
  if (transaction.type == EnvelopeType::kLegacy) {
    body.encoded(envelope);
  } else {
    body.bytes(envelope);
  }
}

Hash256 hash(const SignedTransaction& transaction) { return evm::keccak256(encode(transaction)); }

std::optional<Bytes> signed_part(const SignedTransaction& transaction) {
  if (transaction.type == EnvelopeType::kStateSync) return std::nullopt;
  RlpWriter fields = unsigned_fields(transaction);
  if (transaction.type == EnvelopeType::kLegacy) {
    const auto v = legacy_v(transaction.v);
    if (!v) return std::nullopt;
    if (v->chain_id)
      fields.integer(*v->chain_id).integer(std::uint64_t{0}).integer(std::uint64_t{0});
  }
  return in_envelope(transaction.type, fields);
}

Bytes signed_part(const SignedAuthorization& authorization) {
  constexpr std::uint8_t kMagic = 0x05;
  RlpWriter fields;
  fields.integer(authorization.chain_id).bytes(authorization.target).integer(authorization.nonce);
  Bytes message{kMagic};
  append(message, fields.as_list());
  return message;
}

}  // namespace buri::execution::transaction
