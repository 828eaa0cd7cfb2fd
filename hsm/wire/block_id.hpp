#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

/// The CometBFT values that stand in what a validator signs, as plain data (spec/cometbft.md 2).
/// The consensus engine uses these same types.

namespace buri::hsm::wire {

/// Seconds since 1970 and nanoseconds within the second, [0, 10^9). Orders by time.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;

  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

/// Go's zero time, 0001-01-01T00:00:00Z: the timestamp of an absent vote.
inline constexpr Timestamp kZeroTime{-62135596800, 0};

/// A SHA-256 hash, or nothing where CometBFT has an empty byte string.
using OptionalHash = std::optional<Hash256>;

/// Merkle root over the parts a block is gossiped in, and their count.
struct PartSetHeader {
  std::uint32_t total = 0;
  OptionalHash hash;

  friend bool operator==(const PartSetHeader&, const PartSetHeader&) = default;
};

/// Names a block. Both hashes absent and total 0 is the nil block.
struct BlockId {
  OptionalHash hash;
  PartSetHeader parts;

  [[nodiscard]] bool is_nil() const { return *this == BlockId{}; }
  /// Both hashes present and at least one part: what a proposal or a vote for a block names.
  [[nodiscard]] bool is_complete() const { return hash && parts.hash && parts.total > 0; }
  friend bool operator==(const BlockId&, const BlockId&) = default;
};

}  // namespace buri::hsm::wire
