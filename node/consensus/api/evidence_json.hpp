#pragma once

#include "base/json_cursor.hpp"
#include "node/consensus/engine/block.hpp"

namespace buri::consensus::api {

/// Evidence as broadcast_evidence takes it, {"type", "value"} in stock's JSON, of a double vote or
/// of an attack on light clients; its encoding. Errors name the field.
Result<engine::EvidencePiece, JsonError> decode_evidence(const JsonCursor& cursor);

}  // namespace buri::consensus::api
