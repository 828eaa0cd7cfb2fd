#pragma once

#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/blocks/state_store.hpp"

/// What a snapshot holds beside the state's trees: all that consensus needs to go on behind a
/// height, and the block above it, whose header and commit prove it.

namespace buri::consensus::snapshot {

struct ChainPart {
  engine::ChainState chain;  ///< after the snapshot's height
  Bytes block;               ///< of the height, as it was proposed
  engine::ExtendedCommitRecord commit;
  bool has_extensions = false;  ///< of `commit`
  Bytes results;                ///< ResponseFinalizeBlock of the height
  Bytes next_block;             ///< of the height above
  engine::ExtendedCommitRecord next_commit;

  [[nodiscard]] std::int64_t height() const { return chain.last_height; }
};

Bytes encode_chain_part(const ChainPart& part);
/// Errors: those of the parts; kValue for sets that are none.
Result<ChainPart, codec::DecodeError> decode_chain_part(ByteView bytes);

/// Gathers the part of a height. Errors are sentences: what the stores lack. REQUIRES: the height
/// is above 0.
Result<ChainPart, std::string> gather_chain_part(const blocks::BlockStore& blocks,
                                                 const blocks::StateStore& states,
                                                 std::int64_t height);

/// What the block above a snapshot's height proves.
struct ChainProof {
  Hash256 next_hash{};  ///< of that block's header: who trusts it can trust the snapshot
  Hash256 app_hash{};   ///< that the state must have
  engine::PartSet parts;
};

/// Whether block and state belong together and the block above follows from them, decided by more
/// than two thirds of the validators that the state names: every hash, every signature, extensions
/// too. What no hash covers (proposers' priorities) is held against the rotation's own rules and
/// against who proposed the block above. The error is a sentence.
Result<ChainProof, std::string> check_chain_part(accel::Engine& crypto, const ChainPart& part);

/// Writes block, state and results into empty stores. The error is a sentence.
Status<std::string> store_chain_part(blocks::BlockStore& blocks, blocks::StateStore& states,
                                     const ChainPart& part, const engine::PartSet& parts);

}  // namespace buri::consensus::snapshot
