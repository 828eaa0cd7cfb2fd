#include "node/consensus/tx/decode.hpp"

#include <algorithm>
#include <span>

#include "accel/hasher.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::tx {
namespace {

using codec::DecodeError;

std::size_t varint_bytes(std::uint64_t value) {
  std::size_t bytes = 1;
  while ((value >>= 7) != 0) ++bytes;
  return bytes;
}

/// ADR-027 as far as it concerns TxRaw: bytes fields, ascending, lengths as short as possible.
Status<DecodeError> check_raw_form(ByteView raw) {
  std::uint64_t last_number = 0;
  while (!raw.empty()) {
    ASSIGN_OR_RETURN(const std::uint64_t tag, codec::take_varint(raw));
    if ((tag >> 3) == 0 || (tag >> 3) > 0x1FFFFFFF) return Failure{DecodeError::kBadTag};
    if ((tag & 7) != static_cast<std::uint8_t>(codec::Wire::kBytes)) {
      return Failure{DecodeError::kWireType};
    }
    if (tag >> 3 < last_number) return Failure{DecodeError::kFieldOrder};
    last_number = tag >> 3;
    const std::size_t before = raw.size();
    ASSIGN_OR_RETURN(const std::uint64_t length, codec::take_varint(raw));
    if (before - raw.size() != varint_bytes(length)) return Failure{DecodeError::kPaddedVarint};
    if (length > raw.size()) return Failure{DecodeError::kTruncated};
    raw = raw.subspan(length);
  }
  return Unit{};
}

Status<DecodeError> check_public_key(const std::optional<Any>& key,
                                     const runtime::MessageRegistry& registry) {
  if (!key) return Unit{};
  if (!registry.implements(key->type_url, kPublicKeyInterface)) {
    return Failure{DecodeError::kUnresolvableType};
  }
  if (key->type_url != codec::type_url<MultisigPublicKey>()) {
    // All single keys are one bytes field.
    RETURN_IF_ERROR(codec::decode<Secp256k1PublicKey>(key->value));
    return Unit{};
  }
  ASSIGN_OR_RETURN(const auto multisig, codec::decode<MultisigPublicKey>(key->value));
  for (const Any& inner : multisig.public_keys) RETURN_IF_ERROR(check_public_key(inner, registry));
  return Unit{};
}

runtime::Outcome<std::vector<Address>> find_signers(const Transaction& transaction) {
  std::vector<Address> signers;
  const auto insert = [&signers](std::string_view text) -> Status<runtime::Error> {
    ASSIGN_OR_RETURN(const Address address, runtime::parse_address(text));
    if (std::ranges::find(signers, address) == signers.end()) signers.push_back(address);
    return Unit{};
  };
  for (const auto& message : transaction.messages) {
    for (const std::string& text : message->type().signers(*message)) {
      RETURN_IF_ERROR(insert(text));
    }
  }
  const auto& fee = transaction.auth_info.fee;
  if (fee && !fee->payer.empty()) RETURN_IF_ERROR(insert(fee->payer));
  return signers;
}

}  // namespace

std::size_t Transaction::side_message_count() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      messages, [](const auto& message) { return message->type().is_side_message(); }));
}

void register_tx_types(runtime::MessageRegistry& registry) {
  registry.add_type<Secp256k1PublicKey>(kPublicKeyInterface);
  registry.add_type<Ed25519PublicKey>(kPublicKeyInterface);
  registry.add_type<Secp256r1PublicKey>(kPublicKeyInterface);
  registry.add_type<MultisigPublicKey>(kPublicKeyInterface);
  registry.add_type<Tx>("cosmos.tx.v1beta1.Tx");
}

Result<Transaction, DecodeError> decode_transaction(ByteView raw,
                                                    const runtime::MessageRegistry& registry) {
  const auto walk = [&registry](ByteView bytes, const codec::Descriptor& type, bool lenient) {
    return codec::find_unknown_fields(bytes, type, registry.resolver(),
                                      {.allow_non_critical = lenient});
  };
  RETURN_IF_ERROR(check_raw_form(raw));
  RETURN_IF_ERROR(walk(raw, codec::descriptor<TxRaw>(), false));
  Transaction transaction{.raw_bytes = raw.size()};
  ASSIGN_OR_RETURN(transaction.parts, codec::decode<TxRaw>(raw));
  RETURN_IF_ERROR(walk(transaction.parts.body_bytes, codec::descriptor<TxBody>(), true));
  ASSIGN_OR_RETURN(transaction.body, codec::decode<TxBody>(transaction.parts.body_bytes));
  for (const Any& message : transaction.body.messages) {
    ASSIGN_OR_RETURN(auto decoded, registry.decode(message));
    transaction.messages.push_back(std::move(decoded));
  }
  // No type implements the extension interface, so that no option can unpack.
  if (!transaction.body.extension_options.empty() ||
      !transaction.body.non_critical_extension_options.empty()) {
    return Failure{DecodeError::kUnresolvableType};
  }
  RETURN_IF_ERROR(walk(transaction.parts.auth_info_bytes, codec::descriptor<AuthInfo>(), false));
  ASSIGN_OR_RETURN(transaction.auth_info,
                   codec::decode<AuthInfo>(transaction.parts.auth_info_bytes));
  for (const SignerInfo& signer : transaction.auth_info.signer_infos) {
    RETURN_IF_ERROR(check_public_key(signer.public_key, registry));
  }
  transaction.signers = find_signers(transaction);
  // Last, because a block's votes come here too, are long, and are no transaction.
  transaction.hash = transaction_hash(raw);
  return transaction;
}

Hash256 transaction_hash(ByteView raw) {
  Hash256 hash;
  accel::best_hasher().sha256_batch(std::span(&raw, 1), std::span(&hash, 1));
  return hash;
}

}  // namespace buri::consensus::tx
