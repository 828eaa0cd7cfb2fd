#include "node/consensus/modules/milestone/proposition.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace buri::consensus::modules::milestone {
namespace {

using runtime::Context;
using runtime::Error;

Failure<Error> refuse(std::string_view text) { return Failure{runtime::plain_error(text)}; }

Status<Error> check_blocks(const MilestoneProposition& proposition, const Params& params) {
  const auto& hashes = proposition.block_hashes;
  if (hashes.size() > params.max_milestone_proposition_length) {
    return refuse("too many blocks in proposition");
  }
  if (hashes.empty()) return refuse("no blocks in proposition");
  if (hashes.size() != proposition.block_tds.size()) {
    return refuse("len mismatch between hashes and tds: " + std::to_string(hashes.size()) +
                  " != " + std::to_string(proposition.block_tds.size()));
  }
  const bool are_hashes =
      std::ranges::all_of(hashes, [](const Bytes& hash) { return hash.size() == Hash256::kSize; });
  if (!are_hashes) return refuse("invalid block hash length");
  if (std::set<Bytes>(hashes.begin(), hashes.end()).size() != hashes.size()) {
    return refuse("duplicate block hashes found");
  }
  return Unit{};
}

/// `hash` is the head's, given or meant.
Status<Error> check_head(const MilestoneProposition& proposition, const Bytes& hash) {
  const std::uint64_t number = proposition.latest_block_number;
  if (hash.empty()) {
    if (number == 0) return Unit{};
    return refuse("latest block number set without latest block hash");
  }
  if (hash.size() != Hash256::kSize) return refuse("invalid latest block hash length");
  const auto end = end_block_of(proposition);
  if (!end) return refuse("proposition start block overflow");
  if (number < *end) {
    return refuse("latest block number " + std::to_string(number) + " behind proposition end " +
                  std::to_string(*end));
  }
  if (number == *end && hash != proposition.block_hashes.back()) {
    return refuse("latest block hash does not match proposition tail at height " +
                  std::to_string(*end));
  }
  return Unit{};
}

Status<Error> check_compact_head(const MilestoneProposition& proposition) {
  const auto end = end_block_of(proposition);
  if (end && !proposition.latest_block_hash.empty() && proposition.latest_block_number == *end) {
    return refuse("latest block hash must be omitted at proposition end " + std::to_string(*end));
  }
  return check_head(proposition, expanded_head(proposition));
}

}  // namespace

Status<Error> validate_proposition(const Context& context, const MilestoneProposition& proposition,
                                   std::int64_t extension_height) {
  ASSIGN_OR_RETURN(const Params params, Keeper().params(context));
  RETURN_IF_ERROR(check_blocks(proposition, params));
  const bool is_compact = context.forks().is_compact_vote_extension(extension_height);
  const std::size_t parent_bytes = proposition.parent_hash.size();
  if (is_compact && parent_bytes != 0 && parent_bytes != kCompactParentBytes) {
    return refuse("invalid compact parent hash length");
  }
  if (!context.forks().proposition_names_head(extension_height)) {
    if (proposition.latest_block_number == 0 && proposition.latest_block_hash.empty()) {
      return Unit{};
    }
    return refuse("latest block fields set before Ithaca");
  }
  return is_compact ? check_compact_head(proposition)
                    : check_head(proposition, proposition.latest_block_hash);
}

std::optional<std::uint64_t> end_block_of(const MilestoneProposition& proposition) {
  if (proposition.block_hashes.empty()) return std::nullopt;
  const std::uint64_t offset = proposition.block_hashes.size() - 1;
  const std::uint64_t start = proposition.start_block_number;
  if (start > std::numeric_limits<std::uint64_t>::max() - offset) return std::nullopt;
  return start + offset;
}

MilestoneProposition to_compact(MilestoneProposition proposition) {
  if (proposition.parent_hash.size() > kCompactParentBytes) {
    proposition.parent_hash.resize(kCompactParentBytes);
  }
  const auto end = end_block_of(proposition);
  if (end && proposition.latest_block_number == *end) proposition.latest_block_hash.clear();
  return proposition;
}

Bytes expanded_parent(const Bytes& parent_hash, const Bytes& last_hash) {
  const bool is_front = parent_hash.size() == kCompactParentBytes &&
                        last_hash.size() >= kCompactParentBytes &&
                        std::equal(parent_hash.begin(), parent_hash.end(), last_hash.begin());
  return is_front ? last_hash : parent_hash;
}

const Bytes& expanded_head(const MilestoneProposition& proposition) {
  const bool is_given =
      !proposition.latest_block_hash.empty() || proposition.latest_block_number == 0;
  if (is_given || end_block_of(proposition) != proposition.latest_block_number) {
    return proposition.latest_block_hash;
  }
  return proposition.block_hashes.back();
}

}  // namespace buri::consensus::modules::milestone
