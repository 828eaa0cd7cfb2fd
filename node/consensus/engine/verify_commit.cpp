#include "node/consensus/engine/verify_commit.hpp"

#include <unordered_map>
#include <unordered_set>

#include "base/check.hpp"
#include "base/hex.hpp"
#include "node/consensus/engine/vote_signatures.hpp"

namespace buri::consensus::engine {
namespace {

Failure<CommitFailure> failure(CommitRule rule, std::size_t index, std::string expected,
                               std::string found) {
  return {CommitFailure{rule, index, std::move(expected), std::move(found)}};
}

std::string text(const BlockId& block_id) {
  const auto hex = [](const OptionalHash& hash) {
    return hash ? to_upper_hex(*hash) : std::string("none");
  };
  return hex(block_id.hash) + " in " + std::to_string(block_id.parts.total) + " parts " +
         hex(block_id.parts.hash);
}

std::string text(const std::optional<Address>& address) {
  return address ? to_upper_hex(*address) : "no address";
}

std::string_view text(accel::SignatureStatus status) {
  switch (status) {
    case accel::SignatureStatus::kOk:
      return "a valid signature";
    case accel::SignatureStatus::kBadLength:
      return "a signature of the wrong length";
    case accel::SignatureStatus::kBadRange:
      return "r or s out of range";
    case accel::SignatureStatus::kHighS:
      return "a high s";
    case accel::SignatureStatus::kNotOnCurve:
      return "a key that is no point of the curve";
    case accel::SignatureStatus::kInfinity:
      return "a point at infinity";
    case accel::SignatureStatus::kMismatch:
      return "a signature that the key did not make";
  }
  return "an unknown status";
}

Status<CommitFailure> check_claim(const ValidatorSet& validators, const CommitClaim& claim,
                                  const Commit& commit) {
  if (commit.height != claim.height) {
    return failure(CommitRule::kHeight, 0, std::to_string(claim.height),
                   std::to_string(commit.height));
  }
  if (commit.block_id != claim.block_id) {
    return failure(CommitRule::kBlockId, 0, text(claim.block_id), text(commit.block_id));
  }
  if (commit.signatures.size() != validators.size()) {
    return failure(CommitRule::kEntryCount, 0, std::to_string(validators.size()),
                   std::to_string(commit.signatures.size()));
  }
  return Unit{};
}

Status<CommitFailure> check_shape(const CommitSig& entry, std::size_t index) {
  if (entry.flag == BlockIdFlag::kAbsent) {
    const bool empty =
        !entry.validator_address && entry.signature.empty() && entry.timestamp == kZeroTime;
    if (empty) return Unit{};
    return failure(CommitRule::kEntryShape, index, "nothing beside the absent flag",
                   "an address, a time or a signature");
  }
  if (!entry.validator_address) {
    return failure(CommitRule::kEntryShape, index, "an address", "none");
  }
  if (entry.signature.empty()) {
    return failure(CommitRule::kEntryShape, index, "a signature", "none");
  }
  return Unit{};
}

/// Which entries vote and with whose key, entry i being validator i's.
Result<std::vector<VoteSigner>, CommitFailure> votes_by_place(const ValidatorSet& validators,
                                                              const Commit& commit) {
  std::vector<VoteSigner> votes;
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    const CommitSig& entry = commit.signatures[i];
    RETURN_IF_ERROR(check_shape(entry, i));
    if (entry.flag == BlockIdFlag::kAbsent) continue;
    const Address& expected = validators.validators()[i].address;
    if (entry.validator_address != expected) {
      return failure(CommitRule::kAddress, i, text(expected), text(entry.validator_address));
    }
    votes.push_back({i, static_cast<std::uint32_t>(i)});
  }
  return votes;
}

VoteChecker checker(accel::Engine& crypto, const KeyedValidatorSet& set, std::string_view chain_id,
                    const Commit& commit) {
  return [&crypto, &set, chain_id, &commit](std::span<const VoteSigner> votes) {
    return check_votes(crypto, set.keys, chain_id, commit, votes);
  };
}

/// Votes for the block by members of an older set, found by address.
Result<std::vector<VoteSigner>, CommitFailure> votes_by_address(const ValidatorSet& trusted,
                                                                const Commit& commit) {
  std::unordered_map<Address, std::uint32_t> places;
  for (std::uint32_t i = 0; i < trusted.size(); ++i) {
    places.emplace(trusted.validators()[i].address, i);
  }
  std::vector<VoteSigner> votes;
  std::unordered_set<std::uint32_t> seen;
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    const CommitSig& entry = commit.signatures[i];
    RETURN_IF_ERROR(check_shape(entry, i));
    if (entry.flag != BlockIdFlag::kCommit) continue;
    const auto place = places.find(*entry.validator_address);
    if (place == places.end()) continue;
    if (!seen.insert(place->second).second) {
      return failure(CommitRule::kDoubleVote, i, "each validator once",
                     text(entry.validator_address) + " again");
    }
    votes.push_back({i, place->second});
  }
  return votes;
}

/// Checks all signatures and adds up the power behind the block.
Result<CommitTally, CommitFailure> count_votes(const ValidatorSet& validators, const Commit& commit,
                                               std::span<const VoteSigner> votes,
                                               const VoteChecker& check) {
  const auto verdicts = check(votes);
  CommitTally tally{.signatures = votes.size(), .total_power = validators.total_voting_power()};
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if (verdicts[i] != accel::SignatureStatus::kOk) {
      return failure(CommitRule::kSignature, votes[i].entry,
                     std::string(text(accel::SignatureStatus::kOk)),
                     std::string(text(verdicts[i])));
    }
    if (commit.signatures[votes[i].entry].flag != BlockIdFlag::kCommit) continue;
    tally.signed_power += validators.validators()[votes[i].key_index].voting_power;
  }
  return tally;
}

std::int64_t threshold(std::int64_t total_power, TrustLevel level) {
  // At most MaxInt64 / 8 * 2^16: wider than int64 in between.
  return static_cast<std::int64_t>(static_cast<__int128>(total_power) * level.numerator /
                                   level.denominator);
}

/// Leaves out what comes behind votes that suffice.
void keep_enough(std::vector<VoteSigner>& votes, const ValidatorSet& validators, TrustLevel level) {
  const std::int64_t needed = threshold(validators.total_voting_power(), level);
  std::int64_t power = 0;
  for (std::size_t i = 0; i < votes.size(); ++i) {
    power += validators.validators()[votes[i].key_index].voting_power;
    if (power > needed) votes.resize(i + 1);
  }
}

Result<CommitTally, CommitFailure> above(CommitTally tally, TrustLevel level) {
  tally.threshold_power = threshold(tally.total_power, level);
  if (tally.signed_power > tally.threshold_power) return tally;
  return failure(CommitRule::kPower, 0, "more than " + std::to_string(tally.threshold_power),
                 std::to_string(tally.signed_power));
}

}  // namespace

std::string_view describe(CommitRule rule) {
  switch (rule) {
    case CommitRule::kHeight:
      return "height";
    case CommitRule::kBlockId:
      return "block id";
    case CommitRule::kEntryCount:
      return "entry count";
    case CommitRule::kEntryShape:
      return "entry shape";
    case CommitRule::kAddress:
      return "entry address";
    case CommitRule::kDoubleVote:
      return "double vote";
    case CommitRule::kSignature:
      return "signature";
    case CommitRule::kPower:
      return "power";
  }
  return "unknown rule";
}

Result<CommitTally, CommitFailure> verify_commit(accel::Engine& crypto,
                                                 const KeyedValidatorSet& set,
                                                 const CommitClaim& claim, const Commit& commit) {
  CHECK(set.keys->size() == set.validators.size(), "the tables belong to the validator set");
  return verify_commit(set.validators, claim, commit, checker(crypto, set, claim.chain_id, commit));
}

Result<CommitTally, CommitFailure> verify_commit(const ValidatorSet& validators,
                                                 const CommitClaim& claim, const Commit& commit,
                                                 const VoteChecker& check) {
  RETURN_IF_ERROR(check_claim(validators, claim, commit));
  ASSIGN_OR_RETURN(const auto votes, votes_by_place(validators, commit));
  ASSIGN_OR_RETURN(const CommitTally tally, count_votes(validators, commit, votes, check));
  return above(tally, {2, 3});
}

Result<CommitTally, CommitFailure> verify_commit_light(accel::Engine& crypto,
                                                       const KeyedValidatorSet& set,
                                                       const CommitClaim& claim,
                                                       const Commit& commit, Coverage coverage) {
  CHECK(set.keys->size() == set.validators.size(), "the tables belong to the validator set");
  RETURN_IF_ERROR(check_claim(set.validators, claim, commit));
  ASSIGN_OR_RETURN(auto votes, votes_by_place(set.validators, commit));
  std::erase_if(votes, [&](const VoteSigner& vote) {
    return commit.signatures[vote.entry].flag != BlockIdFlag::kCommit;
  });
  if (coverage == Coverage::kUntilEnough) keep_enough(votes, set.validators, {2, 3});
  ASSIGN_OR_RETURN(
      const CommitTally tally,
      count_votes(set.validators, commit, votes, checker(crypto, set, claim.chain_id, commit)));
  return above(tally, {2, 3});
}

Result<CommitTally, CommitFailure> verify_commit_trusting(accel::Engine& crypto,
                                                          const KeyedValidatorSet& trusted,
                                                          std::string_view chain_id,
                                                          const Commit& commit, TrustLevel level,
                                                          Coverage coverage) {
  CHECK(trusted.keys->size() == trusted.validators.size(), "the tables belong to the set");
  CHECK(level.numerator > 0 && level.numerator <= level.denominator && level.denominator <= 65536,
        "a trust level is a fraction up to one");
  ASSIGN_OR_RETURN(auto votes, votes_by_address(trusted.validators, commit));
  if (coverage == Coverage::kUntilEnough) keep_enough(votes, trusted.validators, level);
  ASSIGN_OR_RETURN(
      const CommitTally tally,
      count_votes(trusted.validators, commit, votes, checker(crypto, trusted, chain_id, commit)));
  return above(tally, level);
}

}  // namespace buri::consensus::engine
