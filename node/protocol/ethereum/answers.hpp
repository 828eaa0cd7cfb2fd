#pragma once

#include <optional>

#include "base/json_cursor.hpp"
#include "node/protocol/root_chain.hpp"

/// Answers of Ethereum's JSON-RPC. Each error means that the server is not sound.

namespace buri::protocol::ethereum {

/// The answer to eth_getTransactionReceipt for `tx_hash`; nothing if there is no receipt, or one
/// that no block holds yet.
Result<std::optional<RootChainReceipt>, JsonError> read_receipt(const JsonCursor& answer,
                                                                const Hash256& tx_hash);

/// The number in the answer to eth_getBlockByNumber; nothing if there is no such block.
Result<std::optional<std::uint64_t>, JsonError> read_block_number(const JsonCursor& answer);

}  // namespace buri::protocol::ethereum
