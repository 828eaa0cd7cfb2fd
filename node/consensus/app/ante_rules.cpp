#include "node/consensus/app/ante_rules.hpp"

#include <algorithm>

#include "accel/hasher.hpp"
#include "base/codec/base64.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/app/multisig_address.hpp"
#include "node/consensus/modules/bank/messages.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::app {
namespace {

using codec::Any;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::panic;
using runtime::plain_error;
using runtime::sdk_error;
using runtime::SdkCode;
using tx::Transaction;

constexpr std::uint64_t kMaxGasWanted = std::uint64_t{1} << 63;
constexpr std::size_t kMaxTransfers = 16;
constexpr std::size_t kKeyBytes = 65;

/// A multisignature's parts.
struct MultiSignature {
  std::vector<Bytes> signatures;
  static constexpr std::string_view kName = "cosmos.crypto.multisig.v1beta1.MultiSignature";
  static constexpr auto fields() {
    return fields_of(codec::Field{1, "signatures", &MultiSignature::signatures});
  }
};

Hash256 sha256(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().sha256_batch(std::span(&message, 1), std::span(&digest, 1));
  return digest;
}

bool is_type(const Any& key, std::string_view name) {
  return key.type_url.size() == name.size() + 1 && key.type_url.substr(1) == name;
}
bool is_multisig(const Any& key) { return is_type(key, tx::MultisigPublicKey::kName); }

Bytes key_bytes(const Any& key) {
  auto decoded = codec::decode<tx::Secp256k1PublicKey>(key.value);
  return decoded.ok() ? std::move(decoded->key) : Bytes{};
}

std::size_t count_keys(const Any& key) {
  if (!is_multisig(key)) return 1;
  const auto multisig = codec::decode<tx::MultisigPublicKey>(key.value);
  if (!multisig.ok()) return 1;
  std::size_t count = 0;
  for (const Any& inner : multisig->public_keys) count += count_keys(inner);
  return count;
}

/// The lines of a signature in events: itself, or the parts and the whole of a multisignature.
Outcome<std::vector<Bytes>> signature_lines(const tx::ModeInfo& mode, ByteView signature) {
  if (!mode.single && !mode.multi) return Failure{panic("unexpected ModeInfo data type")};
  if (!mode.multi) return std::vector<Bytes>{Bytes(signature.begin(), signature.end())};
  const codec::AnyResolver nothing = [](std::string_view) { return nullptr; };
  const auto known =
      codec::find_unknown_fields(signature, codec::descriptor<MultiSignature>(), nothing, {});
  const auto parts = codec::decode<MultiSignature>(signature);
  if (!known.ok() || !parts.ok()) return Failure{plain_error("unreadable multisignature")};
  std::vector<Bytes> lines;
  for (std::size_t i = 0; i < mode.multi->mode_infos.size(); ++i) {
    if (i >= parts->signatures.size()) return Failure{panic("index out of range")};
    ASSIGN_OR_RETURN(const auto inner,
                     signature_lines(mode.multi->mode_infos[i], parts->signatures[i]));
    lines.insert(lines.end(), inner.begin(), inner.end());
  }
  if (mode.multi->mode_infos.size() < parts->signatures.size()) {
    return Failure{plain_error("got empty SignatureData")};
  }
  lines.push_back(codec::encode(*parts));
  return lines;
}

bool lacks_bits(const tx::ModeInfo& mode) {
  if (!mode.multi) return false;
  return !mode.multi->bitarray || std::ranges::any_of(mode.multi->mode_infos, lacks_bits);
}

}  // namespace

Status<Error> check_block_gas(const Context& context, const Transaction& transaction) {
  const std::int64_t max_gas = context.block().max_gas;
  if (max_gas > 0 && transaction.gas_limit() > static_cast<std::uint64_t>(max_gas)) {
    return Failure{sdk_error(SdkCode::kInvalidGasLimit,
                             "tx gas limit " + std::to_string(transaction.gas_limit()) +
                                 " exceeds block max gas " + std::to_string(max_gas))};
  }
  return Unit{};
}

Status<Error> check_fee_coins(const Context& context, const Transaction& transaction) {
  const auto& fee = transaction.auth_info.fee;
  if (!context.forks().is_kyoto(context.height()) || !fee) return Unit{};
  if (fee->amount.size() > 1) {
    return Failure{sdk_error(SdkCode::kInsufficientFee, "too many fee coins")};
  }
  return runtime::check_coins(fee->amount, SdkCode::kInsufficientFee);
}

Status<Error> check_basic_form(const Transaction& transaction) {
  const auto& fee = transaction.auth_info.fee;
  if (!fee) return Failure{plain_error("missing fee")};
  if (fee->gas_limit > kMaxGasWanted - 1) {
    return Failure{sdk_error(SdkCode::kInvalidRequest, "invalid gas supplied")};
  }
  if (std::ranges::any_of(fee->amount, &runtime::Integer::is_nil, &runtime::Coin::amount)) {
    return Failure{sdk_error(SdkCode::kInsufficientFee, "invalid fee provided: null")};
  }
  if (std::ranges::any_of(fee->amount, &runtime::Integer::is_negative, &runtime::Coin::amount)) {
    return Failure{sdk_error(SdkCode::kInsufficientFee,
                             "invalid fee provided: " + runtime::to_text(fee->amount))};
  }
  if (!fee->payer.empty() && !runtime::parse_address(fee->payer).ok()) {
    return Failure{sdk_error(SdkCode::kInvalidAddress, "Invalid fee payer address")};
  }
  const std::size_t signatures = transaction.parts.signatures.size();
  if (signatures == 0) return Failure{sdk_error(SdkCode::kNoSignatures)};
  RETURN_IF_ERROR(transaction.signers);
  if (signatures != transaction.signers->size()) {
    return Failure{
        sdk_error(SdkCode::kUnauthorized, "wrong number of signers; expected " +
                                              std::to_string(transaction.signers->size()) +
                                              ", got " + std::to_string(signatures))};
  }
  return Unit{};
}

Status<Error> check_transfer_cap(const Context& context, const Transaction& transaction) {
  if (!context.forks().is_zurich(context.height())) return Unit{};
  std::size_t transfers = 0;
  for (const auto& message : transaction.messages) {
    transfers += modules::bank::transfer_count(*message);
  }
  if (transfers <= kMaxTransfers) return Unit{};
  return Failure{
      sdk_error(SdkCode::kInvalidRequest, "tx has too many aggregate bank-transfer outputs")};
}

Status<Error> check_timeout(const Context& context, const Transaction& transaction) {
  const std::uint64_t timeout = transaction.body.timeout_height;
  if (timeout == 0 || static_cast<std::uint64_t>(context.height()) <= timeout) return Unit{};
  return Failure{
      sdk_error(SdkCode::kTxTimeoutHeight, "block height: " + std::to_string(context.height()) +
                                               ", timeout height: " + std::to_string(timeout))};
}

Status<Error> check_memo(const Transaction& transaction, const modules::auth::Params& params) {
  const std::size_t length = transaction.body.memo.size();
  if (length <= params.max_memo_characters) return Unit{};
  return Failure{sdk_error(SdkCode::kMemoTooLarge, "maximum number of characters is " +
                                                       std::to_string(params.max_memo_characters) +
                                                       " but received " + std::to_string(length) +
                                                       " characters")};
}

Outcome<Address> fee_payer(const Transaction& transaction) {
  const auto& fee = transaction.auth_info.fee;
  if (fee && !fee->payer.empty()) return runtime::parse_address(fee->payer);
  if (!transaction.signers.ok()) return Failure{transaction.signers.error()};
  if (transaction.signers->empty()) return Failure{panic("index out of range")};
  return transaction.signers->front();
}

Status<Error> check_key_owner(const Any& key, const Address& signer) {
  Address owner;
  if (is_multisig(key)) {
    const auto multisig = codec::decode<tx::MultisigPublicKey>(key.value);
    if (!multisig.ok()) return Failure{panic("a multisig key does not decode")};
    ASSIGN_OR_RETURN(owner, multisig_address(*multisig));
  } else if (is_type(key, tx::Secp256k1PublicKey::kName)) {
    const Bytes bytes = key_bytes(key);
    if (bytes.size() != kKeyBytes) return Failure{panic("length of pubkey is incorrect")};
    owner = runtime::address_of_key(bytes);
  } else {
    owner = Address::from(ByteView(sha256(key_bytes(key))).first(Address::kSize));
  }
  if (owner == signer) return Unit{};
  return Failure{sdk_error(SdkCode::kInvalidPublicKey,
                           "pubKey does not match signer address " + runtime::to_text(signer))};
}

Any canonical_key(const Any& key) {
  if (is_multisig(key)) return key;
  return Any{key.type_url, codec::encode(tx::Secp256k1PublicKey{key_bytes(key)})};
}

Status<Error> check_key_count(const Transaction& transaction, const modules::auth::Params& params) {
  std::size_t count = 0;
  for (const tx::SignerInfo& info : transaction.auth_info.signer_infos) {
    if (info.public_key) count += count_keys(*info.public_key);
    if (count > params.tx_sig_limit) {
      return Failure{sdk_error(SdkCode::kTooManySignatures,
                               "signatures: " + std::to_string(count) +
                                   ", limit: " + std::to_string(params.tx_sig_limit))};
    }
  }
  return Unit{};
}

Status<Error> check_signature_data(const Transaction& transaction) {
  const auto& infos = transaction.auth_info.signer_infos;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (!infos[i].mode_info) continue;
    if (i >= transaction.parts.signatures.size()) return Failure{panic("index out of range")};
    RETURN_IF_ERROR(signature_lines(*infos[i].mode_info, transaction.parts.signatures[i]));
  }
  return Unit{};
}

Status<Error> check_signer_infos_complete(const Transaction& transaction) {
  for (const tx::SignerInfo& info : transaction.auth_info.signer_infos) {
    if (!info.public_key || (info.mode_info && lacks_bits(*info.mode_info))) {
      return Failure{runtime::nil_panic()};
    }
  }
  return Unit{};
}

Status<Error> check_key_type(const std::optional<Any>& account_key, const tx::SignerInfo& info) {
  if (!account_key) {
    return Failure{sdk_error(SdkCode::kInvalidPublicKey, "unrecognized public key type: <nil>")};
  }
  if (is_type(*account_key, tx::Ed25519PublicKey::kName)) {
    return Failure{sdk_error(SdkCode::kInvalidPublicKey, "ED25519 public keys are unsupported")};
  }
  const bool is_multi_signature = info.mode_info && info.mode_info->multi;
  if (is_multisig(*account_key) && !is_multi_signature) {
    return Failure{plain_error("expected *signing.MultiSignatureData")};
  }
  return Unit{};
}

std::optional<tx::SignMode> single_mode(const tx::SignerInfo& info) {
  if (!info.mode_info || info.mode_info->multi || !info.mode_info->single) return std::nullopt;
  return info.mode_info->single->mode;
}

Status<Error> emit_signature_events(const Context& context, const Transaction& transaction) {
  RETURN_IF_ERROR(check_signature_data(transaction));
  const auto& infos = transaction.auth_info.signer_infos;
  std::vector<runtime::Event> events;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (!infos[i].mode_info) return Failure{plain_error("got empty SignatureData")};
    const Address& signer = transaction.signers.value()[i];
    events.push_back(
        {"tx", {{"acc_seq", runtime::to_text(signer) + "/" + std::to_string(infos[i].sequence)}}});
    ASSIGN_OR_RETURN(const auto lines,
                     signature_lines(*infos[i].mode_info, transaction.parts.signatures[i]));
    for (const Bytes& line : lines) {
      events.push_back({"tx", {{"signature", to_base64(line)}}});
    }
  }
  for (runtime::Event& event : events) context.emit(std::move(event));
  return Unit{};
}

}  // namespace buri::consensus::app
