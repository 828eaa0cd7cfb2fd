#pragma once

#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/codec/wire.hpp"
#include "node/consensus/engine/chain_state.hpp"

/// The records of both stores, by value (docs/formats/consensus-blocks.md). What is read back was
/// written here; anything else is told apart. For node/consensus/blocks, and for snapshots.

namespace buri::consensus::blocks {

template <class T>
using Decoded = Result<T, codec::DecodeError>;

/// Heights as keys: big-endian, so that they are in order.
FixedBytes<8> height_key(std::int64_t height);
/// Nothing for a key of another length.
std::optional<std::int64_t> height_of_key(ByteView key);

/// tendermint.types.BlockMeta.
Bytes encode_meta(const BlockMeta& meta);
Decoded<BlockMeta> decode_meta(ByteView record);

/// A commit behind a byte that says whether its extensions are meant.
struct StoredCommit {
  bool has_extensions = false;
  ByteView encoded;  ///< tendermint.types.ExtendedCommit; borrows from the record
};
Bytes encode_commit_record(const engine::ExtendedCommitRecord& commit, bool has_extensions);
/// kValue for another first byte. The commit itself stays encoded.
Decoded<StoredCommit> decode_commit_record(ByteView record);

/// The parts of a state that are not validator sets.
struct StoredHead {
  std::string chain_id;
  std::int64_t initial_height = 0;
  std::uint64_t app_version = 0;
  std::int64_t last_height = 0;
  engine::BlockId last_block_id;
  engine::Timestamp last_time;
  engine::ChainParams params;
  Bytes app_hash;
  Hash256 last_results_hash{};
};
Bytes encode_head(const engine::ChainState& chain);
Decoded<StoredHead> decode_head(ByteView record);

/// What turns over at a height in a validator set: where its members are stored, who proposes, and
/// the priorities in set order.
struct StoredRotation {
  std::int64_t members_height = 0;
  std::optional<Address> proposer;
  std::vector<std::int64_t> priorities;
};
Bytes encode_rotation(const StoredRotation& rotation);
Decoded<StoredRotation> decode_rotation(ByteView record);

Bytes encode_params(const engine::ChainParams& params);
Decoded<engine::ChainParams> decode_params(ByteView record);

}  // namespace buri::consensus::blocks
