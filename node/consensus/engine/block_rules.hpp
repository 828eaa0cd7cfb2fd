#pragma once

#include "node/consensus/engine/chain_state.hpp"
#include "node/consensus/engine/signature_checker.hpp"

/// How the next block of a chain is made and which rules it keeps, but for those of the application
/// and of its evidence (0xPolygon/cometbft v0.3.8-polygon, state/validation.go, types/block.go;
/// spec/cometbft.md 1.4 and 4.2).

namespace buri::consensus::engine {

/// The median of a commit's times, weighted by power: the time of the block that carries it.
/// Entries of nobody in the set do not count; Go's zero time if none does.
Timestamp median_time(const Commit& commit, const ValidatorSet& validators);

/// Bytes left for transactions in a block with evidence of `evidence_bytes`; may be negative.
std::int64_t max_transaction_bytes(const ChainState& chain, std::int64_t evidence_bytes);
/// What transactions take of those bytes in a block's encoding.
std::int64_t transaction_bytes(std::span<const Bytes> txs);
/// The same of evidence.
std::int64_t evidence_bytes(std::span<const EvidencePiece> evidence);

/// What a proposer chooses.
struct BlockContent {
  std::vector<Bytes> txs;
  std::vector<EvidencePiece> evidence;
  Commit last_commit;  ///< empty in the first block
};
/// The chain's next block.
Block make_block(accel::Engine& crypto, const ChainState& chain, BlockContent content,
                 const Address& proposer);

/// A broken rule, with what was found, for people.
struct BlockFault {
  std::string_view rule;
  std::string expected;
  std::string found;
};
/// "RULE: expected EXPECTED, found FOUND".
std::string describe(const BlockFault& fault);

/// The rules that do not change with the clock; the last commit's signatures are checked in one
/// batch, those seen before not at all.
Status<BlockFault> check_block(accel::Engine& crypto, SignatureChecker& signatures,
                               const ChainState& chain, const Block& block);
/// The same where the block's last commit is known to decide the chain's last block: its votes are
/// not looked at.
Status<BlockFault> check_proven_block(accel::Engine& crypto, const ChainState& chain,
                                      const Block& block);

}  // namespace buri::consensus::engine
