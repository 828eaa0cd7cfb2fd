#pragma once

#include <optional>

#include "base/json_cursor.hpp"
#include "node/protocol/bor/header.hpp"

/// Answers of Bor's JSON-RPC. Each error means that the server is not sound.

namespace buri::protocol::bor {

/// A header as eth_getHeaderByNumber gives it. Its `hash` must be the one that its fields have, so
/// a server that leaves a field out, or has one that is not known here, is found out.
Result<BorBlock, JsonError> read_header(const JsonCursor& object);

/// The difficulty in the answer to eth_getTdByNumber.
Result<std::uint64_t, JsonError> read_total_difficulty(const JsonCursor& object);

/// The answer to bor_getRootHash: 64 hex digits, with or without 0x, not all zero.
Result<Hash256, JsonError> read_root_hash(const JsonCursor& text);

}  // namespace buri::protocol::bor
