#pragma once

#include <cstdint>
#include <span>

#include "hsm/rules/record.hpp"

namespace buri::hsm::rules {

/// Whether `parent`, the block at `parent_number`, descends from the recorded milestone or from a
/// block above it that a sealed header was built on (signer.md 6.4 d). `branch` holds the RLP of
/// the headers between, ascending, the last one being `parent`; empty if parent is such a block
/// itself. False if no milestone is recorded.
bool keeps_milestone(const BorRecord& record, std::uint64_t parent_number, const Hash256& parent,
                     std::span<const Bytes> branch);

/// Hash of the last header sealed; nothing unless its signature is known.
std::optional<Hash256> last_block_hash(const BorRecord& record);

}  // namespace buri::hsm::rules
