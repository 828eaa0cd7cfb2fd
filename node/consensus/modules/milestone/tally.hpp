#pragma once

#include <span>

#include "node/consensus/modules/milestone/proposition.hpp"
#include "node/consensus/modules/stake/indexed_set.hpp"

/// What the propositions in a block's vote extensions agree on (spec/heimdall.md 4.5, 4.6). Power
/// is that of the validator set that judges the block's votes, never that of the votes.

namespace buri::consensus::modules::milestone {

/// A committed vote with a proposition, in the order of the extended commit. Votes that are no
/// commit or carry no proposition are left out. Votes that point to the same proposition, which
/// outlives them, are counted faster than equal ones.
struct PropositionVote {
  Address validator;
  const MilestoneProposition* proposition = nullptr;
};

/// A range of blocks with enough power behind it.
struct Agreement {
  MilestoneProposition proposition;       ///< blocks only
  Bytes supporters_hash;                  ///< keccak chain over the supporters' addresses
  std::string proposer;                   ///< text of the strongest supporter's address
  std::vector<std::uint64_t> supporters;  ///< validator ids, ascending

  friend bool operator==(const Agreement&, const Agreement&) = default;
};

/// The range that follows the last milestone, or begins behind it, and that validators of at least
/// `needed_power` support block by block; nothing if there is none. `last` is the last milestone,
/// if any. Errors: code 1 for a validator who is not in the set, where that is fatal; kPanic for a
/// proposition with fewer difficulties than blocks.
runtime::Outcome<std::optional<Agreement>> agree_on_range(const runtime::Context& context,
                                                          const stake::IndexedSet& judges,
                                                          std::span<const PropositionVote> votes,
                                                          std::int64_t needed_power,
                                                          const std::optional<Milestone>& last);

/// A Bor head.
struct AgreedHead {
  std::uint64_t block_number = 0;
  Bytes hash;

  friend bool operator==(const AgreedHead&, const AgreedHead&) = default;
};

/// The head with the most power, at least `needed_power`, among those up to `max_block`; of equals
/// the one whose little-endian number and hash sort first; nothing if there is none. Errors: code 1
/// as above.
runtime::Outcome<std::optional<AgreedHead>> agree_on_head(const runtime::Context& context,
                                                          const stake::IndexedSet& judges,
                                                          std::span<const PropositionVote> votes,
                                                          std::int64_t needed_power,
                                                          std::uint64_t max_block);

}  // namespace buri::consensus::modules::milestone
