#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accel/engine.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

/// The checkpoint tree over Bor headers, as RootChain on Ethereum stores its root
/// (spec/rootchain.md 3).

namespace buri::bridge {

/// What the checkpoint tree keeps of a Bor header.
struct CheckpointHeader {
  std::uint64_t number = 0;
  std::uint64_t time = 0;  ///< Unix seconds
  Hash256 transactions_root;
  Hash256 receipts_root;
};

/// Bor's own bound on the headers of one root.
inline constexpr std::size_t kMaxCheckpointHeaders = 32768;

/// Why headers have no checkpoint root.
struct CheckpointFailure {
  std::size_t index = 0;              ///< the header at fault
  std::uint64_t expected_number = 0;  ///< consecutive numbers are required
  std::uint64_t found_number = 0;
};

/// keccak256 over number, time and the two roots, a 32-byte word each, for every header: one batch.
std::vector<Hash256> checkpoint_leaves(accel::Engine& crypto,
                                       std::span<const CheckpointHeader> headers);

/// The root over consecutive headers, leaves padded with zero words to a power of two. REQUIRES: 1
/// to kMaxCheckpointHeaders headers.
Result<Hash256, CheckpointFailure> checkpoint_root(accel::Engine& crypto,
                                                   std::span<const CheckpointHeader> headers);

}  // namespace buri::bridge
