#pragma once

#include "node/consensus/app/abci.hpp"
#include "node/consensus/replay/difference.hpp"

/// The stock daemon's answer to FinalizeBlock, as it keeps it, and its comparison with ours.

namespace buri::consensus::replay {

/// Decodes the protobuf tendermint.abci.ResponseFinalizeBlock; store roots are not in it. Logs are
/// kept but in no hash.
Result<app::BlockResult, codec::DecodeError> decode_response(ByteView bytes);

/// The other direction.
Bytes encode_response(const app::BlockResult& result);

/// Compares transaction results (code, codespace, gas wanted, gas used, data, events), the block's
/// events, validator updates, consensus parameters and the app hash.
void compare_response(const app::BlockResult& expected, const app::BlockResult& found,
                      Comparison& comparison);

}  // namespace buri::consensus::replay
