#pragma once

#include <vector>

#include "node/consensus/codec/wire.hpp"

/// The one message of the mempool's channel, 0x30 (0xPolygon/cometbft v0.3.8-polygon,
/// proto/tendermint/mempool/types.proto; spec/cometbft.md 5).

namespace buri::consensus::mempool {

/// Transactions that one message may carry. Stock nodes send one; a message within its channel's
/// limit could hold half a million empty ones.
inline constexpr std::size_t kMaxTxsOfMessage = 5000;

/// Why a message is none. The stock node hangs up on either but the last, which it cannot meet with
/// an honest peer.
enum class TxMessageError : std::uint8_t {
  kEncoding,  ///< not protobuf, or a field of another wire type
  kNoKind,    ///< nothing that the channel knows is inside
  kTooMany,   ///< more than kMaxTxsOfMessage
};

/// What the peer did, for people.
std::string_view describe(TxMessageError error);

/// The transactions in their order, maybe none; they borrow from `bytes`. Unknown fields are
/// skipped, of several lists the last counts (all must decode).
Result<std::vector<ByteView>, TxMessageError> decode_tx_message(ByteView bytes);

/// A message of one transaction, byte for byte the stock node's.
Bytes encode_tx_message(ByteView tx);

}  // namespace buri::consensus::mempool
