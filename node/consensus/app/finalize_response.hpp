#pragma once

#include "node/consensus/app/abci.hpp"
#include "node/consensus/codec/wire.hpp"

/// The answer to FinalizeBlock on the wire, tendermint.abci.ResponseFinalizeBlock: as nodes keep
/// the results of a block.

namespace buri::consensus::app {

/// Store roots are not in it; logs are kept but in no hash.
Result<BlockResult, codec::DecodeError> decode_finalize_response(ByteView bytes);
/// The other direction, byte for byte the stock node's.
Bytes encode_finalize_response(const BlockResult& result);

}  // namespace buri::consensus::app
