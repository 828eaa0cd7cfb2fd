#include "node/consensus/modules/milestone/tally.hpp"

#include <algorithm>
#include <map>

#include "accel/hasher.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

/// A hash and its total difficulty, eight bytes little-endian: what a vote for a block says.
using BlockVote = Bytes;

void append_little_endian(Bytes& target, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) {
    target.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

BlockVote block_vote(const MilestoneProposition& proposition, std::size_t index) {
  BlockVote vote = proposition.block_hashes[index];
  append_little_endian(vote, proposition.block_tds[index]);
  return vote;
}

/// What was voted for one block. The winner is the vote with the most power; one that reaches the
/// same power later wins if it sorts first.
struct Poll {
  std::map<BlockVote, std::int64_t> powers;
  const BlockVote* winner = nullptr;
  std::int64_t winner_power = 0;

  /// `sum` is what `vote`, one of the keys of `powers`, has now.
  void look_at(const BlockVote& vote, std::int64_t sum) {
    const bool is_smaller = winner != nullptr && vote < *winner;
    if (sum > winner_power || (sum == winner_power && is_smaller)) {
      winner = &vote;
      winner_power = sum;
    }
  }
};

/// The first vote of each judge, one after the other.
class FirstVotes {
 public:
  FirstVotes(const Context& context, const stake::IndexedSet& judges)
      : context_(context), judges_(judges), has_voted_(judges.size()) {}

  /// The judge whose first vote this is; null for a later one, and for an unknown validator where
  /// he is passed over.
  Outcome<const stake::Validator*> take(const Address& validator) {
    const std::size_t place = judges_.place_of(validator);
    if (place < judges_.size()) {
      if (has_voted_[place]) return nullptr;
      has_voted_[place] = true;
      return &judges_.set().validators[place];
    }
    if (!context_.forks().unknown_validator_is_fatal(context_.height())) return nullptr;
    return Failure{runtime::plain_error("failed to get validator " + runtime::to_text(validator))};
  }

 private:
  const Context& context_;
  const stake::IndexedSet& judges_;
  std::vector<bool> has_voted_;
};

/// A proposition as it is counted, with the polls that it takes part in.
struct Ballot {
  struct Entry {
    const BlockVote* vote = nullptr;
    Poll* poll = nullptr;
    std::int64_t* power = nullptr;         ///< behind the vote
    std::int64_t* parent_power = nullptr;  ///< behind the pair of parent and vote
  };
  std::uint64_t start = 0;
  Bytes parent;
  std::vector<Entry> entries;
};

/// A judge's first vote, with the power and id that the set gives it.
struct Voter {
  Address address;
  std::int64_t power = 0;
  std::uint64_t id = 0;
  const Ballot* ballot = nullptr;
};

/// The polls of all blocks, and of all pairs of a parent and a vote for a block. What a proposition
/// says is looked at once, whoever votes for it after that only adds his power.
class Count {
 public:
  /// `last_hash` is that of the last milestone.
  Count(bool is_compact, const Bytes& last_hash) : is_compact_(is_compact), last_hash_(last_hash) {}
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;

  Status<Error> add(const Address& address, const stake::Validator& judge,
                    const MilestoneProposition& proposition) {
    ASSIGN_OR_RETURN(const Ballot* ballot, ballot_of(proposition));
    for (const Ballot::Entry& entry : ballot->entries) {
      entry.poll->look_at(*entry.vote, *entry.power += judge.voting_power);
      *entry.parent_power += judge.voting_power;
    }
    voters_.push_back({address, judge.voting_power, judge.val_id, ballot});
    return Unit{};
  }

  [[nodiscard]] const std::vector<Voter>& voters() const { return voters_; }
  [[nodiscard]] const std::map<std::uint64_t, Poll>& polls() const { return polls_; }
  [[nodiscard]] const BlockVote& winner(std::uint64_t number) const {
    return *polls_.at(number).winner;
  }
  [[nodiscard]] std::int64_t parent_power(const Bytes& parent, const BlockVote& vote) const {
    const auto found = parent_powers_.find({parent, vote});
    return found == parent_powers_.end() ? 0 : found->second;
  }

 private:
  Outcome<const Ballot*> ballot_of(const MilestoneProposition& proposition) {
    const auto [found, is_new] = ballots_.try_emplace(&proposition);
    Ballot& ballot = found->second;
    if (!is_new) return &ballot;
    if (proposition.block_tds.size() < proposition.block_hashes.size()) {
      return Failure{runtime::panic("runtime error: index out of range")};
    }
    const Bytes& parent = proposition.parent_hash;
    ballot.start = proposition.start_block_number;
    ballot.parent = is_compact_ ? expanded_parent(parent, last_hash_) : parent;
    for (std::size_t i = 0; i < proposition.block_hashes.size(); ++i) {
      Poll& poll = polls_[ballot.start + i];
      auto& [vote, power] = *poll.powers.try_emplace(block_vote(proposition, i)).first;
      ballot.entries.push_back({&vote, &poll, &power, &parent_powers_[{ballot.parent, vote}]});
    }
    return &ballot;
  }

  bool is_compact_;
  const Bytes& last_hash_;
  std::vector<Voter> voters_;
  // Maps whose elements stay where they are: ballots point into the other two.
  std::map<const MilestoneProposition*, Ballot> ballots_;
  std::map<std::uint64_t, Poll> polls_;
  std::map<std::pair<Bytes, BlockVote>, std::int64_t> parent_powers_;
};

Status<Error> count_votes(const Context& context, const stake::IndexedSet& judges,
                          std::span<const PropositionVote> votes, Count& count) {
  FirstVotes first_votes(context, judges);
  for (const PropositionVote& vote : votes) {
    ASSIGN_OR_RETURN(const stake::Validator* judge, first_votes.take(vote.validator));
    if (judge == nullptr) continue;
    RETURN_IF_ERROR(count.add(vote.validator, *judge, *vote.proposition));
  }
  return Unit{};
}

/// The agreed blocks from the wanted start on, without a gap; empty if there are none.
struct Range {
  std::uint64_t start = 0;
  std::vector<BlockVote> blocks;
};

Range range_of(const Count& count, const std::vector<std::uint64_t>& agreed,
               const std::optional<Milestone>& last) {
  Range range;
  if (last) range.start = std::max(last->end_block + 1, agreed.front());
  auto number = std::ranges::lower_bound(agreed, range.start);
  for (; number != agreed.end() && *number == range.start + range.blocks.size(); ++number) {
    range.blocks.push_back(count.winner(*number));
  }
  return range;
}

/// Whether enough power names the last milestone as the parent of what was agreed. Before Zurich
/// the stock daemon took the first parent with enough power out of an unordered map and compared
/// it; where two thirds are needed there is only one, where a third is, this may differ from what
/// some nodes saw then.
bool has_parent(const Context& context, const Count& count, std::uint64_t first_agreed,
                std::uint64_t start, const Bytes& last_hash, std::int64_t needed_power) {
  const bool is_bound = context.forks().binds_parent_to_start(context.height());
  const BlockVote& judged_by = count.winner(is_bound ? start : first_agreed);
  return count.parent_power(last_hash, judged_by) >= needed_power;
}

bool supports(const Ballot& ballot, const Range& range) {
  for (std::size_t i = 0; i < range.blocks.size(); ++i) {
    const std::uint64_t at = range.start + i - ballot.start;
    if (at >= ballot.entries.size() || *ballot.entries[at].vote != range.blocks[i]) return false;
  }
  return true;
}

/// The strongest first, of equals by address.
std::vector<const Voter*> supporters_of(const Context& context, const Count& count,
                                        const Range& range, const Bytes& last_hash) {
  const bool binds_parent = context.forks().binds_supporters_to_parent(context.height());
  std::map<const Ballot*, bool> is_supporting;
  std::vector<const Voter*> supporters;
  for (const Voter& voter : count.voters()) {
    const auto [verdict, is_new] = is_supporting.try_emplace(voter.ballot);
    if (is_new) {
      const Ballot& ballot = *voter.ballot;
      verdict->second = (!binds_parent || ballot.parent == last_hash) && supports(ballot, range);
    }
    if (verdict->second) supporters.push_back(&voter);
  }
  // Addresses stand in the order of their texts.
  std::ranges::sort(supporters, [](const Voter* a, const Voter* b) {
    return a->power != b->power ? a->power > b->power : a->address < b->address;
  });
  return supporters;
}

/// keccak256(previous, "|", address), from the first supporter on.
Bytes supporters_hash_of(const std::vector<const Voter*>& supporters) {
  Bytes hash;
  for (const Voter* supporter : supporters) {
    hash.push_back('|');
    append(hash, supporter->address.bytes);
    const ByteView message = hash;
    Hash256 digest;
    accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
    hash.assign(digest.bytes.begin(), digest.bytes.end());
  }
  return hash;
}

Agreement agreement_of(const Range& range, const std::vector<const Voter*>& supporters) {
  Agreement agreement;
  agreement.proposition.start_block_number = range.start;
  for (const BlockVote& vote : range.blocks) {
    const std::size_t hash_bytes = vote.size() - sizeof(std::uint64_t);
    agreement.proposition.block_hashes.emplace_back(vote.begin(),
                                                    vote.end() - sizeof(std::uint64_t));
    std::uint64_t difficulty = 0;
    for (std::size_t i = vote.size(); i-- > hash_bytes;) difficulty = difficulty << 8 | vote[i];
    agreement.proposition.block_tds.push_back(difficulty);
  }
  agreement.supporters_hash = supporters_hash_of(supporters);
  agreement.proposer = runtime::to_text(supporters.front()->address);
  for (const Voter* supporter : supporters) agreement.supporters.push_back(supporter->id);
  std::ranges::sort(agreement.supporters);
  const auto repeated = std::ranges::unique(agreement.supporters);
  agreement.supporters.erase(repeated.begin(), repeated.end());
  return agreement;
}

}  // namespace

Outcome<std::optional<Agreement>> agree_on_range(const Context& context,
                                                 const stake::IndexedSet& judges,
                                                 std::span<const PropositionVote> votes,
                                                 std::int64_t needed_power,
                                                 const std::optional<Milestone>& last) {
  const Bytes last_hash = last ? last->hash : Bytes{};
  Count count(context.forks().is_compact_vote_extension(context.height() - 1), last_hash);
  RETURN_IF_ERROR(count_votes(context, judges, votes, count));
  std::vector<std::uint64_t> agreed;
  for (const auto& [number, poll] : count.polls()) {
    if (poll.winner_power >= needed_power) agreed.push_back(number);
  }
  if (agreed.empty()) return std::optional<Agreement>{};
  const Range range = range_of(count, agreed, last);
  if (range.blocks.empty() ||
      !has_parent(context, count, agreed.front(), range.start, last_hash, needed_power)) {
    return std::optional<Agreement>{};
  }
  const auto supporters = supporters_of(context, count, range, last_hash);
  std::int64_t power = 0;
  for (const Voter* supporter : supporters) power += supporter->power;
  if (power < needed_power) return std::optional<Agreement>{};
  if (supporters.empty()) {
    return Failure{runtime::plain_error("no validators support the winning range")};
  }
  return std::optional<Agreement>(agreement_of(range, supporters));
}

Outcome<std::optional<AgreedHead>> agree_on_head(const Context& context,
                                                 const stake::IndexedSet& judges,
                                                 std::span<const PropositionVote> votes,
                                                 std::int64_t needed_power,
                                                 std::uint64_t max_block) {
  const bool is_compact = context.forks().is_compact_vote_extension(context.height() - 1);
  std::map<Bytes, std::pair<AgreedHead, std::int64_t>> heads;
  FirstVotes first_votes(context, judges);
  for (const PropositionVote& vote : votes) {
    const MilestoneProposition& proposition = *vote.proposition;
    const std::uint64_t number = proposition.latest_block_number;
    const Bytes& hash = is_compact ? expanded_head(proposition) : proposition.latest_block_hash;
    if (hash.size() != Hash256::kSize || number > max_block) continue;
    ASSIGN_OR_RETURN(const stake::Validator* judge, first_votes.take(vote.validator));
    if (judge == nullptr) continue;
    Bytes key;
    append_little_endian(key, number);
    append(key, hash);
    auto& [head, power] = heads[key];
    head = {number, hash};
    power += judge->voting_power;
  }
  std::optional<AgreedHead> best;
  std::int64_t best_power = 0;
  for (const auto& [key, head] : heads) {
    if (head.second < needed_power || (best && head.second <= best_power)) continue;
    best = head.first;
    best_power = head.second;
  }
  return best;
}

}  // namespace buri::consensus::modules::milestone
