#pragma once

#include <optional>
#include <vector>

#include "accel/engine.hpp"
#include "node/consensus/codec/wire.hpp"
#include "node/consensus/engine/types.hpp"
#include "node/consensus/engine/validator.hpp"

/// A whole block as CometBFT stores and gossips it, with the hashes that its header takes of its
/// content (spec/cometbft.md 2.3).

namespace buri::consensus::engine {

/// One piece of evidence, inside the oneof: what the evidence hash covers.
struct EvidencePiece {
  bool is_light_client_attack = false;
  Bytes encoded;
};

struct Block {
  Header header;
  std::vector<Bytes> txs;
  std::vector<EvidencePiece> evidence;
  Commit last_commit;  ///< empty in the first block
};

/// Decodes the protobuf tendermint.types.Block. Errors: what the wire reader says; kValue for a
/// hash or an address of another length, a number out of range, an unknown flag.
Result<Block, codec::DecodeError> decode_block(ByteView bytes);

/// A commit with the extensions of its votes, as it is kept beside a block.
struct ExtendedCommitSig {
  CommitSig vote;
  Bytes extension;
  Bytes extension_signature;
  Bytes non_rp_extension;
  Bytes non_rp_signature;
};
struct ExtendedCommitRecord {
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id;
  std::vector<ExtendedCommitSig> signatures;

  /// The same without extensions.
  [[nodiscard]] Commit commit() const;
};
Result<Header, codec::DecodeError> decode_header(ByteView bytes);
Result<Commit, codec::DecodeError> decode_commit(ByteView bytes);
Result<ExtendedCommitRecord, codec::DecodeError> decode_extended_commit(ByteView bytes);

/// A validator set as another node stores it.
Result<std::vector<Validator>, codec::DecodeError> decode_validators(ByteView bytes);

/// The same values on the wire; what decodes to a value encodes to the bytes it came from if a
/// stock daemon wrote them. A first block, which has no commit before it, carries an empty one.
Bytes encode_block(const Block& block);
Bytes encode_header(const Header& header);
Bytes encode_commit(const Commit& commit);
Bytes encode_extended_commit(const ExtendedCommitRecord& commit);
/// Members alone: the proposer and the sum of powers follow from them.
Bytes encode_validators(std::span<const Validator> validators);

/// What the header's data_hash holds: a tree over the transactions' hashes.
Hash256 data_hash(accel::Engine& crypto, std::span<const Bytes> txs);
/// What the header's evidence_hash holds: a tree over the pieces as they are encoded, whatever they
/// are evidence of.
Hash256 evidence_hash(accel::Engine& crypto, std::span<const EvidencePiece> evidence);
/// What the header's consensus_hash holds.
Hash256 consensus_hash(accel::Engine& crypto, std::int64_t max_bytes, std::int64_t max_gas);
/// The parts that a block's encoding is gossiped in.
PartSetHeader part_set_header(accel::Engine& crypto, ByteView block);

}  // namespace buri::consensus::engine
