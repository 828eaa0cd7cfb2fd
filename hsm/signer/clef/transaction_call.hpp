#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/json_cursor.hpp"
#include "base/result.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// The transaction of an account_signTransaction, and what it is when signed.

namespace buri::hsm::signer::clef {

/// Reads clef's transaction arguments: EIP-1559 only, all values given, no access list. `from` is
/// not looked at. Calldata of submitCheckpoint becomes its fields, as the rules want it.
Result<wire::RootChainTransaction, JsonError> read_transaction(const JsonCursor& arguments);

/// The address under `key`, of either case (checksums are not checked).
Result<Address, JsonError> read_address(const JsonCursor& value);

/// 0x02 and the RLP of the twelve items, as it is sent.
Bytes signed_transaction(const wire::RootChainTransaction& transaction,
                         const wire::Signature& signature);

/// {"raw": …, "tx": …}: what clef answers and go-ethereum reads.
std::string signed_transaction_json(const wire::RootChainTransaction& transaction,
                                    const wire::Signature& signature);

}  // namespace buri::hsm::signer::clef
