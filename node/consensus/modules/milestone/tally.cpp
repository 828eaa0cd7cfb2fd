#include "node/consensus/modules/milestone/tally.hpp"

#include <algorithm>
#include <map>
#include <set>

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

/// A judge's first vote, with the power and id that the set gives it.
struct Voter {
  Address address;
  std::string text;
  std::int64_t power = 0;
  std::uint64_t id = 0;
  Bytes parent;
  std::map<std::uint64_t, BlockVote> blocks;
};

/// What was voted for one block. The winner is the vote with the most power; one that reaches the
/// same power later wins if it sorts first.
struct Poll {
  std::map<BlockVote, std::int64_t> powers;
  BlockVote winner;
  std::int64_t winner_power = 0;

  void add(const BlockVote& vote, std::int64_t power) {
    const std::int64_t sum = powers[vote] += power;
    if (sum > winner_power || (sum == winner_power && vote < winner)) {
      winner = vote;
      winner_power = sum;
    }
  }
};

/// The member of a validator; null where an unknown one is passed over.
Outcome<const stake::Validator*> judge_of(const Context& context, const stake::ValidatorSet& judges,
                                          const std::string& text) {
  const stake::Validator* member = stake::find_member(judges, text);
  if (member != nullptr || !context.forks().unknown_validator_is_fatal(context.height())) {
    return member;
  }
  return Failure{runtime::plain_error("failed to get validator " + text)};
}

/// The polls of all blocks, and of all pairs of a parent and a vote for a block.
struct Count {
  std::vector<Voter> voters;
  std::map<std::uint64_t, Poll> polls;
  std::map<std::pair<Bytes, BlockVote>, std::int64_t> parent_powers;

  Status<Error> add(Voter voter, const MilestoneProposition& proposition) {
    if (proposition.block_tds.size() < proposition.block_hashes.size()) {
      return Failure{runtime::panic("runtime error: index out of range")};
    }
    for (std::size_t i = 0; i < proposition.block_hashes.size(); ++i) {
      const BlockVote vote = block_vote(proposition, i);
      const std::uint64_t number = proposition.start_block_number + i;
      polls[number].add(vote, voter.power);
      parent_powers[{voter.parent, vote}] += voter.power;
      voter.blocks[number] = vote;
    }
    voters.push_back(std::move(voter));
    return Unit{};
  }
};

Outcome<Count> count_votes(const Context& context, const stake::ValidatorSet& judges,
                           std::span<const PropositionVote> votes, const Bytes& last_hash) {
  const bool is_compact = context.forks().is_compact_vote_extension(context.height() - 1);
  Count count;
  std::set<Address> seen;
  for (const PropositionVote& vote : votes) {
    if (!seen.insert(vote.validator).second) continue;
    const std::string text = runtime::to_text(vote.validator);
    ASSIGN_OR_RETURN(const stake::Validator* judge, judge_of(context, judges, text));
    if (judge == nullptr) continue;
    const Bytes& parent = vote.proposition.parent_hash;
    Voter voter{.address = vote.validator,
                .text = text,
                .power = judge->voting_power,
                .id = judge->val_id,
                .parent = is_compact ? expanded_parent(parent, last_hash) : parent,
                .blocks = {}};
    RETURN_IF_ERROR(count.add(std::move(voter), vote.proposition));
  }
  return count;
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
    range.blocks.push_back(count.polls.at(*number).winner);
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
  const BlockVote& judged_by = count.polls.at(is_bound ? start : first_agreed).winner;
  const auto found = count.parent_powers.find({last_hash, judged_by});
  return (found == count.parent_powers.end() ? 0 : found->second) >= needed_power;
}

bool supports(const Voter& voter, const Range& range) {
  for (std::size_t i = 0; i < range.blocks.size(); ++i) {
    const auto vote = voter.blocks.find(range.start + i);
    if (vote == voter.blocks.end() || vote->second != range.blocks[i]) return false;
  }
  return true;
}

/// The strongest first, of equals by address.
std::vector<const Voter*> supporters_of(const Context& context, const Count& count,
                                        const Range& range, const Bytes& last_hash) {
  const bool binds_parent = context.forks().binds_supporters_to_parent(context.height());
  std::vector<const Voter*> supporters;
  for (const Voter& voter : count.voters) {
    if (binds_parent && voter.parent != last_hash) continue;
    if (supports(voter, range)) supporters.push_back(&voter);
  }
  std::ranges::sort(supporters, [](const Voter* a, const Voter* b) {
    return a->power != b->power ? a->power > b->power : a->text < b->text;
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
  agreement.proposer = supporters.front()->text;
  for (const Voter* supporter : supporters) agreement.supporters.push_back(supporter->id);
  std::ranges::sort(agreement.supporters);
  const auto repeated = std::ranges::unique(agreement.supporters);
  agreement.supporters.erase(repeated.begin(), repeated.end());
  return agreement;
}

}  // namespace

Outcome<std::optional<Agreement>> agree_on_range(const Context& context,
                                                 const stake::ValidatorSet& judges,
                                                 std::span<const PropositionVote> votes,
                                                 std::int64_t needed_power,
                                                 const std::optional<Milestone>& last) {
  const Bytes last_hash = last ? last->hash : Bytes{};
  ASSIGN_OR_RETURN(const Count count, count_votes(context, judges, votes, last_hash));
  std::vector<std::uint64_t> agreed;
  for (const auto& [number, poll] : count.polls) {
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
                                                 const stake::ValidatorSet& judges,
                                                 std::span<const PropositionVote> votes,
                                                 std::int64_t needed_power,
                                                 std::uint64_t max_block) {
  const bool is_compact = context.forks().is_compact_vote_extension(context.height() - 1);
  std::map<Bytes, std::pair<AgreedHead, std::int64_t>> heads;
  std::set<Address> seen;
  for (const PropositionVote& vote : votes) {
    const std::uint64_t number = vote.proposition.latest_block_number;
    const Bytes& hash =
        is_compact ? expanded_head(vote.proposition) : vote.proposition.latest_block_hash;
    if (hash.size() != Hash256::kSize || number > max_block) continue;
    if (!seen.insert(vote.validator).second) continue;
    ASSIGN_OR_RETURN(const stake::Validator* judge,
                     judge_of(context, judges, runtime::to_text(vote.validator)));
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
