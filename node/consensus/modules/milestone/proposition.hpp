#pragma once

#include "node/consensus/modules/milestone/keeper.hpp"

/// What a proposition inside a vote extension must be (spec/heimdall.md 4.5), and the compact form
/// that leaves out what every validator knows (spec/heimdall-after-ithaca.md 5). Compact is a
/// matter of the height that the extension was made for.

namespace buri::consensus::modules::milestone {

/// How many bytes of the parent's hash the compact form keeps.
inline constexpr std::size_t kCompactParentBytes = 8;

/// Checks against the parameters of the context's state and the forks of `extension_height`. The
/// error is a plain one.
Status<runtime::Error> validate_proposition(const runtime::Context& context,
                                            const MilestoneProposition& proposition,
                                            std::int64_t extension_height);

/// The last block of a proposition; nothing if it has none or its number exceeds 64 bits.
std::optional<std::uint64_t> end_block_of(const MilestoneProposition& proposition);

/// Leaves out what the compact form leaves out.
MilestoneProposition to_compact(MilestoneProposition proposition);
/// The parent's hash that a compact proposition means: `last_hash`, that of the last milestone, if
/// it begins with the eight bytes given; otherwise what was given.
Bytes expanded_parent(const Bytes& parent_hash, const Bytes& last_hash);
/// The hash of the Bor head that a compact proposition means: that of its last block if it names
/// the head's number alone and the head is that block; otherwise what was given.
const Bytes& expanded_head(const MilestoneProposition& proposition);

}  // namespace buri::consensus::modules::milestone
