#include "node/consensus/tx/sign_bytes.hpp"

#include "node/consensus/runtime/address.hpp"
#include "node/consensus/tx/amino_json.hpp"

namespace buri::consensus::tx {
namespace {

Bytes direct(const Transaction& transaction, const SignerFacts& signer) {
  return codec::encode(SignDoc{.body_bytes = transaction.parts.body_bytes,
                               .auth_info_bytes = transaction.parts.auth_info_bytes,
                               .chain_id = signer.chain_id,
                               .account_number = signer.account_number});
}

std::optional<Bytes> direct_aux(const Transaction& transaction, const SignerFacts& signer) {
  // The payer's text is compared as it stands; without one the first signer, spelled canonically.
  const auto& fee = transaction.auth_info.fee;
  std::string payer = fee ? fee->payer : "";
  if (payer.empty()) {
    if (!transaction.signers.ok() || transaction.signers->empty()) return std::nullopt;
    payer = runtime::to_text(transaction.signers->front());
  }
  if (payer == runtime::to_text(signer.address)) return std::nullopt;
  return codec::encode(SignDocDirectAux{.body_bytes = transaction.parts.body_bytes,
                                        .public_key = signer.public_key,
                                        .chain_id = signer.chain_id,
                                        .account_number = signer.account_number,
                                        .sequence = signer.sequence});
}

}  // namespace

std::optional<Bytes> sign_bytes(const Transaction& transaction, SignMode mode,
                                const SignerFacts& signer,
                                const runtime::MessageRegistry& registry) {
  switch (mode) {
    case SignMode::kDirect:
      return direct(transaction, signer);
    case SignMode::kDirectAux:
      return direct_aux(transaction, signer);
    case SignMode::kLegacyAminoJson:
      return amino_json_sign_bytes(transaction, signer, registry);
    default:
      return std::nullopt;
  }
}

}  // namespace buri::consensus::tx
