#pragma once

#include <string>

#include "base/json_cursor.hpp"
#include "node/consensus/modules/consensus/types.hpp"

/// What CometBFT reads of a chain's genesis file: everything but the application's state.

namespace buri::consensus::app {

/// CometBFT's JSON has the age of evidence in nanoseconds, where protobuf has a duration.
inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

struct GenesisHead {
  std::string chain_id;
  codec::Timestamp time;
  std::int64_t initial_height = 1;
  modules::consensus::ConsensusParams params;
};

/// Reads the members of the document, in the form of CometBFT ("consensus_params") or of the SDK
/// ("consensus": {"params"}). Integers may stand in strings; height 0 means 1. Errors: a member
/// that is missing or of another form; they name it by its path.
Result<GenesisHead, JsonError> read_genesis_head(const JsonCursor& document);

}  // namespace buri::consensus::app
