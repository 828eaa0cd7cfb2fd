#pragma once

#include "base/json_cursor.hpp"
#include "node/consensus/engine/block.hpp"

namespace buri::consensus::api {

/// Evidence of a double vote as broadcast_evidence takes it, {"type", "value"} in stock's JSON; its
/// encoding. Errors name the field; evidence of other kinds is one of them.
Result<engine::EvidencePiece, JsonError> decode_evidence(const JsonCursor& cursor);

}  // namespace buri::consensus::api
