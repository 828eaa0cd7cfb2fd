#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "node/protocol/root_chain.hpp"

/// What votes on checkpoints ask Bor.

namespace buri::protocol {

/// Implementations are called from the thread that votes and may block up to their own deadline.
class BorRoots {
 public:
  virtual ~BorRoots() = default;
  /// Whether Bor has this block. Errors: kUnavailable only.
  virtual Result<bool, FactError> has_block(std::uint64_t number) = 0;
  /// The checkpoint root over the blocks from `start` to `end`, both included.
  virtual Result<Hash256, FactError> root_hash(std::uint64_t start, std::uint64_t end) = 0;
};

}  // namespace buri::protocol
