#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// What the stand-in for Ethereum keeps: since when it has blocks, and which checkpoints its
/// contract RootChain holds.

namespace buri::devnet {

struct ScriptedCheckpoint {
  Address proposer;
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  Hash256 root_hash;
  std::uint64_t created_at = 0;  ///< Unix seconds
};

/// The contract without its stakes: nobody checks signatures, what Heimdall has agreed on and holds
/// in its buffer is taken if it follows on the last. Not thread-safe.
class RootChainCheckpoints {
 public:
  explicit RootChainCheckpoints(std::uint64_t start_time_s) : start_time_s_(start_time_s) {}

  /// Unix seconds of the first block.
  [[nodiscard]] std::uint64_t start_time_s() const { return start_time_s_; }
  /// Takes a checkpoint; false if it does not follow on the last one.
  bool take(const ScriptedCheckpoint& checkpoint);
  /// Number n, from 1, stands in [n - 1].
  [[nodiscard]] const std::vector<ScriptedCheckpoint>& all() const { return checkpoints_; }

  /// Start and checkpoints, one a line, and back. The error is a sentence.
  [[nodiscard]] std::string text() const;
  static Result<RootChainCheckpoints, std::string> parse(std::string_view text);

 private:
  std::uint64_t start_time_s_;
  std::vector<ScriptedCheckpoint> checkpoints_;
};

/// As people and scripts read it. `number` counts from 1.
boost::json::object checkpoint_json(const ScriptedCheckpoint& checkpoint, std::size_t number);

}  // namespace buri::devnet
