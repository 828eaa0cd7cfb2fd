#pragma once

#include <span>

#include "node/consensus/modules/stake/types.hpp"
#include "node/consensus/runtime/error.hpp"

/// The arithmetic of the validator set that module stake keeps (spec/heimdall.md 6). It resembles
/// CometBFT's, but members stand in the order of their signers' texts and the proposer, which
/// rotates with checkpoints, is a stored copy. Texts are compared as format_address writes them.

namespace buri::consensus::modules::stake {

/// Above this sum of powers a set is refused.
inline constexpr std::int64_t kMaxTotalVotingPower = INT64_MAX / 8;

/// Whether the record's validator counts in the epoch after `ack_count` checkpoints.
bool is_current(const Validator& validator, std::uint64_t ack_count);

/// The member of that signer, null if there is none.
const Validator* find_member(const ValidatorSet& set, std::string_view signer);

/// A fresh set: priorities start at -1.125 times the total power, are centred, and one step of the
/// rotation is done. Errors: kPanic for a duplicate, a power out of range or a sum that is too
/// high.
runtime::Outcome<ValidatorSet> make_set(std::span<const Validator> validators);

/// Rescales and centres once, then `times` times lets every member gain its power and the richest,
/// of equals the one of the smaller signer, pay the total. The last payer becomes the proposer.
/// Errors: kPanic for an empty set or a sum of powers that is too high. REQUIRES: times > 0.
Status<runtime::Error> increment_priority(ValidatorSet& set, std::uint64_t times);

/// Applies changes: power 0 removes, an unknown signer joins. The proposer stays what it was.
/// Errors: a plain one where the stock daemon returns one, kPanic for a sum that is too high.
Status<runtime::Error> update_with_changes(ValidatorSet& set, std::span<const Validator> changes);

/// The changes that bring a set in line with the records: members that are not current any more
/// with power 0, current ones that are missing, members whose power differs. In the records' order.
std::vector<Validator> changes_for(const ValidatorSet& set, std::span<const Validator> records,
                                   std::uint64_t ack_count);

/// The stored proposer; without one the member of the highest priority; null for an empty set.
const Validator* proposer_of(const ValidatorSet& set);

}  // namespace buri::consensus::modules::stake
