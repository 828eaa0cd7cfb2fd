#include "node/consensus/tx/amino_json.hpp"

#include "node/consensus/codec/amino_json.hpp"

namespace buri::consensus::tx {
namespace {

using codec::Amino;

/// The fee under its amino names.
struct AminoFee {
  runtime::Coins amount;
  std::uint64_t gas = 0;
  std::string payer;
  std::string granter;

  static constexpr std::string_view kName = "AminoSignFee";
  static constexpr auto fields() {
    return fields_of(Field{1, "amount", &AminoFee::amount, Amino::kCoins},
                     Field{2, "gas", &AminoFee::gas, Amino::kKeepEmpty},
                     Field{3, "payer", &AminoFee::payer}, Field{4, "granter", &AminoFee::granter});
  }
};

struct AminoDocument {
  std::uint64_t account_number = 0;
  std::uint64_t sequence = 0;
  std::uint64_t timeout_height = 0;
  std::string chain_id;
  std::string memo;
  AminoFee fee;
  std::vector<Any> msgs;

  static constexpr std::string_view kName = "AminoSignDoc";
  static constexpr auto fields() {
    return fields_of(Field{1, "account_number", &AminoDocument::account_number, Amino::kKeepEmpty},
                     Field{2, "sequence", &AminoDocument::sequence, Amino::kKeepEmpty},
                     Field{3, "timeout_height", &AminoDocument::timeout_height},
                     Field{4, "chain_id", &AminoDocument::chain_id, Amino::kKeepEmpty},
                     Field{5, "memo", &AminoDocument::memo, Amino::kKeepEmpty},
                     Field{6, "fee", &AminoDocument::fee, Amino::kKeepEmpty},
                     Field{7, "msgs", &AminoDocument::msgs, Amino::kKeepEmpty});
  }
};

}  // namespace

std::optional<Bytes> amino_json_sign_bytes(const Transaction& transaction,
                                           const SignerFacts& signer,
                                           const runtime::MessageRegistry& registry) {
  // Non-critical unknown fields would not be covered by the signature.
  const auto unknown = codec::find_unknown_fields(
      transaction.parts.body_bytes, codec::descriptor<TxBody>(), registry.resolver(), {});
  if (!unknown.ok()) return std::nullopt;
  const TxBody& body = transaction.body;
  const bool has_options =
      !body.extension_options.empty() || !body.non_critical_extension_options.empty();
  if (has_options || !transaction.auth_info.fee) return std::nullopt;
  const Fee& fee = *transaction.auth_info.fee;
  const AminoDocument document{.account_number = signer.account_number,
                               .sequence = signer.sequence,
                               .timeout_height = body.timeout_height,
                               .chain_id = signer.chain_id,
                               .memo = body.memo,
                               .fee = {.amount = fee.amount,
                                       .gas = fee.gas_limit,
                                       .payer = fee.payer,
                                       .granter = fee.granter},
                               .msgs = body.messages};
  std::string json;
  if (!codec::append_amino_json(json, document, registry.amino_writer())) return std::nullopt;
  return Bytes(json.begin(), json.end());
}

}  // namespace buri::consensus::tx
