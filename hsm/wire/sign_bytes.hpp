#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "hsm/wire/plain_extension.hpp"
#include "hsm/wire/request.hpp"

/// Every byte string that the validator key signs, built from fields. The digest is keccak256 of it
/// in every case. Node and signer build them with these same functions.

namespace buri::hsm::wire {

/// CanonicalVote behind its length. A nil block id is left out.
Bytes vote_sign_bytes(std::string_view chain_id, VoteType type, std::int64_t height,
                      std::int32_t round, const BlockId& block_id, Timestamp timestamp);
Bytes vote_sign_bytes(const SignVote& vote);

/// CanonicalProposal behind its length.
Bytes proposal_sign_bytes(const SignProposal& proposal);

/// CanonicalVoteExtension behind its length.
Bytes vote_extension_sign_bytes(std::string_view chain_id, std::int64_t height, std::int32_t round,
                                ByteView extension);

/// RLP of the header's 15 items, 16 where the seal covers the base fee, extra data without its seal
/// bytes: keccak256 of it is the seal hash.
Bytes bor_header_sign_bytes(const BorHeader& header);
/// RLP of the whole header; keccak256 of it is the block hash.
Bytes bor_header_rlp(const BorHeader& header, const FixedBytes<65>& seal);

/// TxBody of a Heimdall transaction.
Bytes heimdall_tx_body(const HeimdallTransaction& transaction);
/// AuthInfo: the one signer with this uncompressed public key, SIGN_MODE_DIRECT, and the fee.
Bytes heimdall_auth_info(const HeimdallTransaction& transaction, const FixedBytes<65>& public_key);
/// SignDoc over both.
Bytes heimdall_sign_bytes(const HeimdallTransaction& transaction, const FixedBytes<65>& public_key);

/// Calldata of the transaction's call.
Bytes root_chain_calldata(const RootChainTransaction& transaction);
/// 0x02 and the RLP of the nine unsigned items (EIP-1559), with an empty access list.
Bytes root_chain_sign_bytes(const RootChainTransaction& transaction);

/// "POS-HSM-POP-v1" and chain, address, ceremony id and nonce, each behind its length byte.
Bytes possession_sign_bytes(const ProveOfPossession& request, const Address& address);

}  // namespace buri::hsm::wire
