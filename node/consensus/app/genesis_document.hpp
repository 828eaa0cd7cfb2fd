#pragma once

#include <string>

#include "base/json_cursor.hpp"
#include "node/consensus/modules/consensus/types.hpp"

/// A chain's genesis file: what CometBFT reads of it, and the application's state as JSON.

namespace buri::consensus::app {

struct GenesisDocument {
  std::string chain_id;
  codec::Timestamp time;
  std::int64_t initial_height = 1;
  modules::consensus::ConsensusParams params;
  JsonValue app_state;  ///< an object: module name to section
};

/// Reads the file's text, in the form of CometBFT ("consensus_params") or of the SDK
/// ("consensus": {"params"}). Integers may stand in strings; height 0 means 1. Errors: no JSON, a
/// member that is missing or of another form; they name it by its path.
Result<GenesisDocument, JsonError> parse_genesis(std::string_view text);

}  // namespace buri::consensus::app
