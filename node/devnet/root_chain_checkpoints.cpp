#include "node/devnet/root_chain_checkpoints.hpp"

#include <fmt/format.h>

#include <sstream>

#include "base/hex.hpp"

namespace buri::devnet {

bool RootChainCheckpoints::take(const ScriptedCheckpoint& checkpoint) {
  const std::uint64_t expected = checkpoints_.empty() ? 0 : checkpoints_.back().end_block + 1;
  if (checkpoint.start_block != expected || checkpoint.end_block <= checkpoint.start_block) {
    return false;
  }
  checkpoints_.push_back(checkpoint);
  return true;
}

std::string RootChainCheckpoints::text() const {
  std::string text = fmt::format("start {}\n", start_time_s_);
  for (const ScriptedCheckpoint& one : checkpoints_) {
    text += fmt::format("{} {} {} {} {}\n", one.start_block, one.end_block, to_hex(one.proposer),
                        to_hex(one.root_hash), one.created_at);
  }
  return text;
}

Result<RootChainCheckpoints, std::string> RootChainCheckpoints::parse(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string word;
  std::uint64_t start = 0;
  if (!(lines >> word >> start) || word != "start") {
    return Failure{std::string("expected \"start SECONDS\" in the first line")};
  }
  RootChainCheckpoints checkpoints(start);
  ScriptedCheckpoint one;
  std::string root;
  while (lines >> one.start_block >> one.end_block >> word >> root >> one.created_at) {
    const auto proposer = fixed_from_hex<20>(word);
    const auto hash = fixed_from_hex<32>(root);
    if (proposer) one.proposer = *proposer;
    if (hash) one.root_hash = *hash;
    if (!proposer || !hash || !checkpoints.take(one)) {
      return Failure{fmt::format("expected the checkpoint that follows on {}, found {} to {}",
                                 checkpoints.all().size(), one.start_block, one.end_block)};
    }
  }
  return checkpoints;
}

boost::json::object checkpoint_json(const ScriptedCheckpoint& checkpoint, std::size_t number) {
  return {{"number", number},
          {"proposer", "0x" + to_hex(checkpoint.proposer)},
          {"start_block", checkpoint.start_block},
          {"end_block", checkpoint.end_block},
          {"root_hash", "0x" + to_hex(checkpoint.root_hash)},
          {"created_at", checkpoint.created_at}};
}

}  // namespace buri::devnet
