#pragma once

#include "node/consensus/runtime/error.hpp"
#include "node/consensus/tx/types.hpp"

/// The address of a multisig key. The chain refuses every multisignature, but only after the key
/// was matched with its signer.

namespace buri::consensus::app {

/// The front of the SHA-256 of the key in amino binary. Errors: kPanic for a key inside that amino
/// does not know, secp256r1.
runtime::Outcome<Address> multisig_address(const tx::MultisigPublicKey& key);

}  // namespace buri::consensus::app
