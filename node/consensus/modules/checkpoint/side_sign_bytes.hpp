#pragma once

#include <optional>

#include "node/consensus/modules/checkpoint/message_types.hpp"

/// What validators sign for the root chain: six words of 32 bytes, big-endian and padded on the
/// left: proposer, start, end, root, account root, Bor chain id (spec/heimdall.md 4.1).

namespace buri::consensus::modules::checkpoint {

/// 192 bytes for a valid message; a root longer than a word is left out, as the stock daemon does.
/// Nothing if the proposer is no address.
std::optional<Bytes> side_sign_bytes(const MsgCheckpoint& message);
/// The message of 192 such bytes; integers keep their low 64 bits. Nothing for another length.
std::optional<MsgCheckpoint> from_side_sign_bytes(ByteView bytes);

}  // namespace buri::consensus::modules::checkpoint
