#pragma once

#include <functional>
#include <vector>

#include "node/consensus/engine/message.hpp"
#include "tests/bench/node/crowd/crowd_chain.hpp"
#include "tests/bench/node/crowd/crowd_link.hpp"

/// All validators of a chain but one, played by script over one connection to that one: they
/// propose when it is their turn, vote for every block, and measure how long the node takes from
/// the precommits that decide a height to its own proposal of the next.

namespace buri::bench {

struct CrowdPlan {
  std::size_t samples = 50;      ///< heights to measure
  std::size_t warm_up = 5;       ///< heights measured before and thrown away
  std::int64_t max_heights = 0;  ///< the run ends at this one in any case; 0: no such end
  /// How long the node is left alone before it gets the precommits, so that it has nothing else to
  /// do when they come.
  std::chrono::milliseconds pause{50};
  std::chrono::seconds patience{30};  ///< with each step of the node
};

struct CrowdFigures {
  std::int64_t heights = 0;       ///< that were decided
  std::size_t votes_needed = 0;   ///< of the crowd, for two thirds
  std::vector<double> delays_ms;  ///< one a sample
};

/// Not thread-safe. Errors are sentences.
class Crowd {
 public:
  /// All must outlive this. REQUIRES: the chain is before its first block, the link is new.
  Crowd(CrowdLink& link, CrowdChain& chain, const CrowdMembers& members, const CrowdPlan& plan)
      : link_(&link), chain_(&chain), members_(&members), plan_(plan) {}

  Result<CrowdFigures, std::string> run();

 private:
  Status<std::string> play_height();
  Result<CrowdBlock, std::string> block_of_height();
  Status<std::string> say_block(const CrowdBlock& block);
  Status<std::string> say(const std::vector<SaidMessage>& messages);
  Status<std::string> say_votes(const std::vector<consensus::engine::Vote>& votes);
  Result<MonotonicTime, std::string> decide(const std::vector<consensus::engine::Vote>& precommits);
  Status<std::string> measure(MonotonicTime decided);
  [[nodiscard]] std::size_t votes_needed() const;

  Status<std::string> listen_until(const std::function<bool()>& condition, std::string_view what);
  Status<std::string> listen_for(std::chrono::milliseconds time);
  Status<std::string> take(HeardMessage heard);
  Status<std::string> take(const consensus::engine::Message& message, MonotonicTime at);

  CrowdLink* link_;
  CrowdChain* chain_;
  const CrowdMembers* members_;
  const CrowdPlan plan_;
  CrowdFigures figures_;
  std::size_t measured_ = 0;

  // What the node has said.
  consensus::engine::NewRoundStep place_;
  consensus::engine::Proposal proposal_;  ///< the newest
  MonotonicTime proposal_at_;
  std::shared_ptr<consensus::engine::PartSet> parts_;  ///< of its block
  std::optional<consensus::engine::Vote> precommit_;   ///< the newest
};

}  // namespace buri::bench
