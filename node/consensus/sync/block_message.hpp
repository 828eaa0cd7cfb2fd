#pragma once

#include <optional>
#include <string>
#include <variant>

#include "node/consensus/codec/wire.hpp"
#include "node/consensus/engine/block.hpp"

/// The messages of block sync, channel 0x40, as values and on the wire (spec/cometbft.md 5;
/// 0xPolygon/cometbft v0.3.8-polygon, proto/tendermint/blocksync/types.proto and
/// blocksync/msgs.go).

namespace buri::consensus::sync {

/// Longest message of the channel: a block of 100 MiB and what stands around it.
inline constexpr std::size_t kMaxBlockMessageBytes = 104'857'605;

struct BlockRequest {
  std::int64_t height = 0;
};
/// The sender has no block of this height.
struct NoBlockResponse {
  std::int64_t height = 0;
};
struct BlockResponse {
  engine::Block block;
  /// Present if vote extensions are enabled at the block's height; the receiver decides.
  std::optional<engine::ExtendedCommitRecord> extended_commit;
};
struct StatusRequest {};
/// The blocks that the sender can serve: base to height; 0 and 0 for none.
struct StatusResponse {
  std::int64_t height = 0;
  std::int64_t base = 0;
};

using BlockMessage =
    std::variant<BlockRequest, NoBlockResponse, BlockResponse, StatusRequest, StatusResponse>;

/// Decodes one message: field order and unknown fields do not matter, of several messages the last
/// counts (all must decode). Errors: those of the wire reader, of decode_block and of
/// decode_extended_commit; kUnknownField where no message of the above is inside; kValue for a
/// response without a block. What decodes may still break check_basic.
Result<BlockMessage, codec::DecodeError> decode_block_message(ByteView bytes);

/// Whether a block response is in it, by the outermost fields alone: the one message whose decoding
/// takes time. Errors: those of the wire reader.
Result<bool, codec::DecodeError> holds_block(ByteView bytes);

/// The encoding, byte for byte the stock node's.
Bytes encode_block_message(const BlockMessage& message);
/// A response made of stored encodings; an empty extended commit is left out.
Bytes encode_block_response(ByteView block, ByteView extended_commit);

/// A broken rule of a message by itself, with what was found, for people.
struct BlockMessageFault {
  std::string_view field;
  std::string expected;
  std::string found;
};

/// The rules that need no state: no negative height or base, base not above height, an extended
/// commit of its block's height. The stock node drops a peer that breaks one.
Status<BlockMessageFault> check_basic(const BlockMessage& message);

}  // namespace buri::consensus::sync
