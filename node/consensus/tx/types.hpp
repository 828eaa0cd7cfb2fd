#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"
#include "node/consensus/runtime/coins.hpp"

/// The messages that a transaction is made of: cosmos.tx.v1beta1 and the public keys.

namespace buri::consensus::tx {

using codec::Any;
using codec::Field;

struct TxRaw {
  Bytes body_bytes{};
  Bytes auth_info_bytes{};
  std::vector<Bytes> signatures{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.TxRaw";
  static constexpr auto fields() {
    return fields_of(Field{1, "body_bytes", &TxRaw::body_bytes},
                     Field{2, "auth_info_bytes", &TxRaw::auth_info_bytes},
                     Field{3, "signatures", &TxRaw::signatures});
  }
  friend bool operator==(const TxRaw&, const TxRaw&) = default;
};

struct TxBody {
  std::vector<Any> messages{};
  std::string memo{};
  std::uint64_t timeout_height = 0;
  std::vector<Any> extension_options{};
  std::vector<Any> non_critical_extension_options{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.TxBody";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "messages", &TxBody::messages}, Field{2, "memo", &TxBody::memo},
        Field{3, "timeout_height", &TxBody::timeout_height},
        Field{1023, "extension_options", &TxBody::extension_options},
        Field{2047, "non_critical_extension_options", &TxBody::non_critical_extension_options});
  }
};

/// cosmos.tx.signing.v1beta1.SignMode; other numbers occur and are refused when they are used.
enum class SignMode : std::int32_t {
  kUnspecified = 0,
  kDirect = 1,
  kTextual = 2,
  kDirectAux = 3,
  kLegacyAminoJson = 127,
};
/// Numbers between the known ones have no names.
inline constexpr std::array<std::string_view, 192> kSignModeNames = [] {
  std::array<std::string_view, 192> names{};
  names[0] = "SIGN_MODE_UNSPECIFIED";
  names[1] = "SIGN_MODE_DIRECT";
  names[2] = "SIGN_MODE_TEXTUAL";
  names[3] = "SIGN_MODE_DIRECT_AUX";
  names[127] = "SIGN_MODE_LEGACY_AMINO_JSON";
  names[191] = "SIGN_MODE_EIP_191";
  return names;
}();
constexpr std::span<const std::string_view> enum_names(SignMode) { return kSignModeNames; }

struct ModeInfo;

struct ModeInfoSingle {
  SignMode mode = SignMode::kUnspecified;

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.ModeInfo.Single";
  static constexpr auto fields() { return fields_of(Field{1, "mode", &ModeInfoSingle::mode}); }
};

struct CompactBitArray {
  std::uint32_t extra_bits_stored = 0;
  Bytes elems{};

  static constexpr std::string_view kName = "cosmos.crypto.multisig.v1beta1.CompactBitArray";
  static constexpr auto fields() {
    return fields_of(Field{1, "extra_bits_stored", &CompactBitArray::extra_bits_stored},
                     Field{2, "elems", &CompactBitArray::elems});
  }
};

struct ModeInfoMulti {
  std::optional<CompactBitArray> bitarray{};
  std::vector<ModeInfo> mode_infos;

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.ModeInfo.Multi";
  static constexpr auto fields() {
    return fields_of(Field{1, "bitarray", &ModeInfoMulti::bitarray},
                     Field{2, "mode_infos", &ModeInfoMulti::mode_infos});
  }
};

struct ModeInfo {
  std::optional<ModeInfoSingle> single{};
  std::optional<ModeInfoMulti> multi{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.ModeInfo";
  static constexpr bool kIsOneof = true;
  static constexpr auto fields() {
    return fields_of(Field{1, "single", &ModeInfo::single}, Field{2, "multi", &ModeInfo::multi});
  }
};

struct SignerInfo {
  std::optional<Any> public_key{};
  std::optional<ModeInfo> mode_info{};
  std::uint64_t sequence = 0;

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.SignerInfo";
  static constexpr auto fields() {
    return fields_of(Field{1, "public_key", &SignerInfo::public_key},
                     Field{2, "mode_info", &SignerInfo::mode_info},
                     Field{3, "sequence", &SignerInfo::sequence});
  }
};

struct Fee {
  runtime::Coins amount{};
  std::uint64_t gas_limit = 0;
  std::string payer{};
  std::string granter{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.Fee";
  static constexpr auto fields() {
    return fields_of(Field{1, "amount", &Fee::amount}, Field{2, "gas_limit", &Fee::gas_limit},
                     Field{3, "payer", &Fee::payer}, Field{4, "granter", &Fee::granter});
  }
};

struct Tip {
  runtime::Coins amount{};
  std::string tipper{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.Tip";
  static constexpr auto fields() {
    return fields_of(Field{1, "amount", &Tip::amount}, Field{2, "tipper", &Tip::tipper});
  }
};

struct AuthInfo {
  std::vector<SignerInfo> signer_infos{};
  std::optional<Fee> fee{};
  std::optional<Tip> tip{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.AuthInfo";
  static constexpr auto fields() {
    return fields_of(Field{1, "signer_infos", &AuthInfo::signer_infos},
                     Field{2, "fee", &AuthInfo::fee}, Field{3, "tip", &AuthInfo::tip});
  }
};

/// The whole transaction as one message. It may stand in an Any, which only the walk for unknown
/// fields sees.
struct Tx {
  std::optional<TxBody> body{};
  std::optional<AuthInfo> auth_info{};
  std::vector<Bytes> signatures{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.Tx";
  static constexpr auto fields() {
    return fields_of(Field{1, "body", &Tx::body}, Field{2, "auth_info", &Tx::auth_info},
                     Field{3, "signatures", &Tx::signatures});
  }
};

/// What SIGN_MODE_DIRECT signs.
struct SignDoc {
  Bytes body_bytes{};
  Bytes auth_info_bytes{};
  std::string chain_id{};
  std::uint64_t account_number = 0;

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.SignDoc";
  static constexpr auto fields() {
    return fields_of(Field{1, "body_bytes", &SignDoc::body_bytes},
                     Field{2, "auth_info_bytes", &SignDoc::auth_info_bytes},
                     Field{3, "chain_id", &SignDoc::chain_id},
                     Field{4, "account_number", &SignDoc::account_number});
  }
};

/// What SIGN_MODE_DIRECT_AUX signs.
struct SignDocDirectAux {
  Bytes body_bytes{};
  std::optional<Any> public_key{};
  std::string chain_id{};
  std::uint64_t account_number = 0;
  std::uint64_t sequence = 0;

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.SignDocDirectAux";
  static constexpr auto fields() {
    return fields_of(Field{1, "body_bytes", &SignDocDirectAux::body_bytes},
                     Field{2, "public_key", &SignDocDirectAux::public_key},
                     Field{3, "chain_id", &SignDocDirectAux::chain_id},
                     Field{4, "account_number", &SignDocDirectAux::account_number},
                     Field{5, "sequence", &SignDocDirectAux::sequence});
  }
};

/// A successful transaction's data: the responses of its messages.
struct TxMsgData {
  std::vector<Any> msg_responses{};

  static constexpr std::string_view kName = "cosmos.base.abci.v1beta1.TxMsgData";
  static constexpr auto fields() {
    return fields_of(Field{2, "msg_responses", &TxMsgData::msg_responses});
  }
};

/// The chain's key: 65 bytes, uncompressed.
struct Secp256k1PublicKey {
  Bytes key{};

  static constexpr std::string_view kName = "cosmos.crypto.secp256k1.PubKey";
  static constexpr auto fields() { return fields_of(Field{1, "key", &Secp256k1PublicKey::key}); }
  friend bool operator==(const Secp256k1PublicKey&, const Secp256k1PublicKey&) = default;
};

/// Decodes, is refused later.
struct Ed25519PublicKey {
  Bytes key{};

  static constexpr std::string_view kName = "cosmos.crypto.ed25519.PubKey";
  static constexpr auto fields() { return fields_of(Field{1, "key", &Ed25519PublicKey::key}); }
};

/// Decodes, is refused later.
struct Secp256r1PublicKey {
  Bytes key{};

  static constexpr std::string_view kName = "cosmos.crypto.secp256r1.PubKey";
  static constexpr auto fields() { return fields_of(Field{1, "key", &Secp256r1PublicKey::key}); }
};

/// Several keys in one; of use to nobody here, but counted.
struct MultisigPublicKey {
  std::uint32_t threshold = 0;
  std::vector<Any> public_keys{};

  static constexpr std::string_view kName = "cosmos.crypto.multisig.LegacyAminoPubKey";
  static constexpr auto fields() {
    return fields_of(Field{1, "threshold", &MultisigPublicKey::threshold},
                     Field{2, "public_keys", &MultisigPublicKey::public_keys});
  }
};

/// The interface that the keys above stand for in an Any.
inline constexpr std::string_view kPublicKeyInterface = "cosmos.crypto.PubKey";

}  // namespace buri::consensus::tx
