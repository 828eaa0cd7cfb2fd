#include "node/consensus/app/extension_rules.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/runtime/keys.hpp"

namespace buri::consensus::app {
namespace {

using protocol::HeimdallForks;
using runtime::Error;
using runtime::plain_error;
using runtime::SideVote;

/// Bytes of a block that go along with each validator's extension: signatures, addresses, tags.
constexpr std::int64_t kOverheadBytes = 500;
/// Extensions may take one part in this of a block.
constexpr std::int64_t kBlockShare = 2;

bool is_known_answer(std::int32_t result) {
  return result >= static_cast<std::int32_t>(SideVote::kUnspecified) &&
         result <= static_cast<std::int32_t>(SideVote::kNo);
}

Status<Error> fail(std::string_view text) { return Failure{plain_error(text)}; }

}  // namespace

bool is_known_flag(std::int32_t flag) { return flag >= kFlagAbsent && flag <= kFlagNil; }

bool has_address(const ExtendedVote& vote) {
  return vote.validator.address.empty() || vote.validator.address.size() == Address::kSize;
}

bool is_placeholder(const ExtendedVote& vote) {
  return vote.block_id_flag == kFlagCommit && vote.vote_extension.empty() &&
         vote.extension_signature.empty() && vote.non_rp_extension.empty() &&
         vote.non_rp_signature.empty();
}

ExtendedVote to_placeholder(const ExtendedVote& vote) {
  return {.validator = vote.validator, .block_id_flag = vote.block_id_flag};
}

bool counts(const ExtendedVote& vote) {
  return vote.block_id_flag == kFlagCommit && !is_placeholder(vote);
}

Bytes dummy_extension(const HeimdallForks& forks, std::string_view chain_id,
                      std::int64_t extension_height) {
  const Bytes height = runtime::number_value(static_cast<std::uint64_t>(extension_height));
  Bytes dummy;
  if (forks.is_compact_vote_extension(extension_height)) {
    dummy.push_back(0);
    append(dummy, height);
  } else {
    append(dummy, as_bytes(kDummyBanner));
    dummy.push_back('|');
    append(dummy, height);
    dummy.push_back('|');
  }
  append(dummy, as_bytes(chain_id));
  return dummy;
}

std::size_t min_non_rp_bytes(const HeimdallForks& forks, std::int64_t extension_height) {
  return forks.is_compact_vote_extension(extension_height) ? kMinCompactNonRpBytes : kMinNonRpBytes;
}

std::size_t max_extension_bytes(std::int64_t max_tx_bytes, std::size_t validators) {
  const std::int64_t share =
      max_tx_bytes / static_cast<std::int64_t>(validators) / kBlockShare - kOverheadBytes;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(share, std::int64_t{kMinNonRpBytes},
                                                           std::int64_t{kMaxExtensionBytes}));
}

Bytes extension_block_hash(const HeimdallForks& forks, std::int64_t extension_height,
                           ByteView block_hash) {
  if (forks.is_compact_vote_extension(extension_height)) {
    block_hash = block_hash.first(std::min(block_hash.size(), kCompactHashBytes));
  }
  return {block_hash.begin(), block_hash.end()};
}

Status<Error> check_extension_form(const VoteExtension& extension, const HeimdallForks& forks,
                                   std::int64_t extension_height) {
  const bool is_compact = forks.is_compact_vote_extension(extension_height);
  const std::int64_t stated = is_compact ? 0 : extension_height;
  if (extension.height != stated) {
    return fail("invalid height received for vote extension, expected " + std::to_string(stated) +
                ", got " + std::to_string(extension.height));
  }
  if (is_compact && extension.block_hash.size() != kCompactHashBytes) {
    return fail("a compact vote extension names its block by 8 bytes, got " +
                std::to_string(extension.block_hash.size()));
  }
  return Unit{};
}

Status<Error> check_side_responses(const std::vector<SideTxResponse>& responses) {
  if (responses.size() > kMaxSideResponses) {
    return fail("too many side tx responses received: " + std::to_string(responses.size()));
  }
  for (std::size_t i = 0; i < responses.size(); ++i) {
    const SideTxResponse& response = responses[i];
    const std::string name = to_hex(response.tx_hash);
    if (response.tx_hash.size() != Hash256::kSize) return fail("invalid tx hash received: " + name);
    if (!is_known_answer(response.result)) {
      return fail("invalid vote result type " + std::to_string(response.result) +
                  " received for side tx " + name);
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (responses[j].tx_hash == response.tx_hash) {
        return fail("duplicated votes detected for side tx " + name);
      }
    }
  }
  return Unit{};
}

Status<Error> check_extensions_enabled(std::int64_t enable_height, std::int64_t height) {
  if (enable_height == 0) return fail("vote extensions are disabled");
  if (height < enable_height) {
    return fail("vote extensions are disabled at height " + std::to_string(height) +
                ": they begin at " + std::to_string(enable_height));
  }
  return Unit{};
}

}  // namespace buri::consensus::app
