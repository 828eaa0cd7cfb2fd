#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "hsm/wire/refusal.hpp"
#include "hsm/wire/request.hpp"

/// The data of an account_signData with content type application/x-bor-header.

namespace buri::hsm::signer::clef {

/// The header of which `sealed_rlp` is what its seal covers: the RLP of 15 items, or 16 with the
/// base fee, whose extra data ends before the seal (Bor's BorRLP). The bytes carry no chain id.
/// The refusal has rule kHeaderForm. What is returned has exactly these sign bytes.
Result<wire::SignBorHeader, wire::Refusal> read_bor_header(ByteView sealed_rlp,
                                                           std::uint64_t chain_id);

}  // namespace buri::hsm::signer::clef
