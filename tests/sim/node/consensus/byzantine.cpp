#include "tests/sim/node/consensus/world.hpp"

/// Validators with two faces: for every round they tell each peer a prevote and a precommit of its
/// own, for any block that they have heard of or for none, as whoever wants a fork would.

namespace buri::consensus::sim {

using namespace engine;

void World::show_faces(const Message& seen) {
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id;
  if (const auto* proposal = std::get_if<Proposal>(&seen)) {
    std::tie(height, round, block_id) =
        std::tie(proposal->height, proposal->round, proposal->block_id);
  } else if (const auto* vote = std::get_if<Vote>(&seen)) {
    std::tie(height, round, block_id) = std::tie(vote->height, vote->round, vote->block_id);
  } else {
    return;
  }
  std::vector<BlockId>& known = seen_[height];
  const bool is_news = !block_id.is_nil() && std::ranges::find(known, block_id) == known.end();
  if (is_news) known.push_back(block_id);
  for (std::size_t liar = 0; liar < nodes_.size(); ++liar) {
    const bool speaks = nodes_[liar]->vice() == Vice::kTwoFaced && nodes_[liar]->is_up() &&
                        nodes_[liar]->machine().state().height == height;
    if (speaks && spoken_.emplace(liar, height, round, known.size()).second) {
      show_faces_of(liar, height, round);
    }
  }
}

void World::show_faces_of(std::size_t liar, std::int64_t height, std::int32_t round) {
  const auto members = nodes_[liar]->machine().state().validators->validators();
  const auto member = std::ranges::find(members, nodes_[liar]->key(), &Validator::address);
  const bool has_extensions = nodes_[liar]->machine().chain().has_extensions(height);
  const std::vector<BlockId>& known = seen_[height];
  for (std::size_t to = 0; to < nodes_.size(); ++to) {
    for (const VoteType type : {VoteType::kPrevote, VoteType::kPrecommit}) {
      Vote vote;
      vote.type = type;
      vote.height = height;
      vote.round = round;
      const std::size_t choice = random_.below(known.size() + 1);
      if (choice < known.size()) vote.block_id = known[choice];
      // Never before the block: with early times of its own beside an honest nil vote of a slow
      // clock, the median of a commit can lie before the last block, and no block is valid ever
      // after. The rules allow for less than a third of wrong times, liars and wrong clocks
      // together.
      vote.timestamp = plus_nanos(clock(liar), 30 * kNanosPerSecond - clock_offset_[liar]);
      vote.validator_address = member->address;
      vote.validator_index = static_cast<std::int32_t>(member - members.begin());
      if (has_extensions && type == VoteType::kPrecommit && !vote.block_id.is_nil()) {
        vote.extension = honest_extension(height);
        vote.non_rp_extension = {2};
      }
      testing::toy_sign("sim-1", vote, has_extensions);
      deliver(liar, to, {{std::move(vote), nodes_[liar]->name()}});
    }
  }
}

}  // namespace buri::consensus::sim
