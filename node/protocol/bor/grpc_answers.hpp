#pragma once

#include <optional>
#include <vector>

#include "node/protocol/bor/header.hpp"

/// Answers of Bor's gRPC service, from its protobuf messages. Nothing always means that the message
/// is not what a sound server sends.

namespace bor {
class GetAuthorResponse;
class GetBlockInfoInBatchResponse;
class GetHeaderByNumberResponse;
class GetRootHashResponse;
}  // namespace bor

namespace buri::protocol::bor {

std::optional<BorBlock> read_header(const ::bor::GetHeaderByNumberResponse& message);
std::optional<Address> read_author(const ::bor::GetAuthorResponse& message);
/// Hex of 32 bytes, with or without 0x, not all zero.
std::optional<Hash256> read_root_hash(const ::bor::GetRootHashResponse& message);

/// The blocks from `first` on, at most `count`, up to the first that is not wholly there; their
/// hashes are computed and each must name the one before as its parent.
std::optional<std::vector<BorBlockInfo>> read_blocks(
    const ::bor::GetBlockInfoInBatchResponse& message, std::uint64_t first, std::size_t count);

}  // namespace buri::protocol::bor
