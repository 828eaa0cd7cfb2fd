#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "hsm/wire/refusal.hpp"

/// Heimdall's vote extension, sidetxs.VoteExtension (spec/heimdall.md 4.1).

namespace buri::hsm::wire {

/// A validator's verdict on a side transaction. Values are the wire's.
enum class SideTxResult : std::uint8_t { kUnspecified = 0, kYes = 1, kNo = 2 };

struct SideTxResponse {
  Hash256 tx_hash;  ///< SHA-256 of the raw transaction
  SideTxResult result = SideTxResult::kUnspecified;

  friend bool operator==(const SideTxResponse&, const SideTxResponse&) = default;
};

/// A run of Bor blocks that the validator has seen.
struct MilestoneProposition {
  std::vector<Hash256> block_hashes;
  std::uint64_t start_block_number = 0;
  Bytes parent_hash;  ///< 32 bytes; 8 in compact form; empty if there is no parent
  std::vector<std::uint64_t> block_total_difficulties;
  std::uint64_t latest_block_number = 0;
  Bytes latest_block_hash;  ///< 32 bytes or empty

  friend bool operator==(const MilestoneProposition&, const MilestoneProposition&) = default;
};

struct VoteExtension {
  Bytes block_hash;         ///< 32 bytes; the first 8 in compact form
  std::int64_t height = 0;  ///< 0 in compact form
  std::vector<SideTxResponse> side_tx_responses;
  std::optional<MilestoneProposition> milestone;

  friend bool operator==(const VoteExtension&, const VoteExtension&) = default;
};

/// Bounds that hold whatever the policy says (spec/heimdall.md 4.2).
inline constexpr std::size_t kMaxVoteExtensionBytes = 10 * 1024;

Bytes encode_vote_extension(const VoteExtension& extension);
/// Strict: what decodes encodes to the same bytes again. The refusal has rule kVoteExtension.
Result<VoteExtension, Refusal> decode_vote_extension(ByteView bytes);

}  // namespace buri::hsm::wire
