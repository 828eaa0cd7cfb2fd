#pragma once

#include <optional>

#include "node/consensus/modules/auth/types.hpp"
#include "node/consensus/runtime/context.hpp"
#include "node/consensus/tx/decode.hpp"

/// The single rules of the ante chain that touch no account. Each returns the stock daemon's error.

namespace buri::consensus::app {

/// The gas limit must fit into a block: "sdk" 41.
Status<runtime::Error> check_block_gas(const runtime::Context& context,
                                       const tx::Transaction& transaction);
/// From Kyoto: at most one fee coin, and a valid list: "sdk" 13.
Status<runtime::Error> check_fee_coins(const runtime::Context& context,
                                       const tx::Transaction& transaction);
/// Fee, payer, signatures and signers are there and match in number.
Status<runtime::Error> check_basic_form(const tx::Transaction& transaction);
/// From Zurich: at most 16 transfers: "sdk" 18.
Status<runtime::Error> check_transfer_cap(const runtime::Context& context,
                                          const tx::Transaction& transaction);
/// "sdk" 30 above the timeout height.
Status<runtime::Error> check_timeout(const runtime::Context& context,
                                     const tx::Transaction& transaction);
/// "sdk" 12.
Status<runtime::Error> check_memo(const tx::Transaction& transaction,
                                  const modules::auth::Params& params);
/// Who pays: the fee's payer, else the first signer.
runtime::Outcome<Address> fee_payer(const tx::Transaction& transaction);

/// The key must hash to the signer: "sdk" 8; a secp256k1 key of another length is a panic.
Status<runtime::Error> check_key_owner(const codec::Any& key, const Address& signer);
/// The key as it is stored: decoded and encoded again.
codec::Any canonical_key(const codec::Any& key);
/// Keys, those inside multisig keys counted, up to the parameter's limit: "sdk" 14.
Status<runtime::Error> check_key_count(const tx::Transaction& transaction,
                                       const modules::auth::Params& params);
/// Each signer info's mode must be readable: a mode info without content is a panic, a multisig one
/// whose signature does not decode an error.
Status<runtime::Error> check_signature_data(const tx::Transaction& transaction);
/// Where the stock daemon copies signer infos before it looks at a signature: a missing public key,
/// or a multisig mode without its bits, is a nil panic.
Status<runtime::Error> check_signer_infos_complete(const tx::Transaction& transaction);
/// The account's key must be one that may sign. A signer info without mode beside a missing key is
/// "sdk" 8, as is an ed25519 key.
Status<runtime::Error> check_key_type(const std::optional<codec::Any>& account_key,
                                      const tx::SignerInfo& info);
/// The sign mode of a single signature; nothing for multisig or none.
std::optional<tx::SignMode> single_mode(const tx::SignerInfo& info);
/// The events acc_seq and signature.
Status<runtime::Error> emit_signature_events(const runtime::Context& context,
                                             const tx::Transaction& transaction);

}  // namespace buri::consensus::app
