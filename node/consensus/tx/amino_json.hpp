#pragma once

#include <optional>

#include "node/consensus/tx/sign_bytes.hpp"

/// The document that SIGN_MODE_LEGACY_AMINO_JSON signs.

namespace buri::consensus::tx {

/// Nothing if the transaction cannot be signed this way (sign_bytes.hpp).
std::optional<Bytes> amino_json_sign_bytes(const Transaction& transaction,
                                           const SignerFacts& signer,
                                           const runtime::MessageRegistry& registry);

}  // namespace buri::consensus::tx
