#pragma once

#include <optional>

#include "node/consensus/tx/decode.hpp"

/// What a signer of a transaction signed, per mode. The signature is over keccak256 of it.

namespace buri::consensus::tx {

/// The account that signs, as the chain knows it.
struct SignerFacts {
  Address address{};
  std::string chain_id{};
  std::uint64_t account_number = 0;
  std::uint64_t sequence = 0;
  Any public_key{};
};

/// Nothing if the mode does not apply: an unknown or disabled mode, a fee payer under DIRECT_AUX,
/// amino JSON of a body with non-critical unknown fields, extension options, or a message that has
/// no amino form. The stock daemon refuses all of these as unauthorized.
std::optional<Bytes> sign_bytes(const Transaction& transaction, SignMode mode,
                                const SignerFacts& signer,
                                const runtime::MessageRegistry& registry);

}  // namespace buri::consensus::tx
