#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <mutex>
#include <string>

#include "node/devnet/bor_script.hpp"
#include "node/devnet/root_chain_checkpoints.hpp"

/// The answers of the stand-ins for Ethereum and Bor over JSON-RPC: what consensus clients ask,
/// ours and the stock daemon's.

namespace buri::devnet {

/// Thread-safe.
class SourceAnswers {
 public:
  /// `validators` of the genesis are those whose stake the root chain's events change.
  SourceAnswers(BorScript bor, RootChainCheckpoints root_chain, std::uint64_t validators)
      : validators_(validators), bor_(std::move(bor)), root_chain_(std::move(root_chain)) {}

  /// The answer to a body with one request or a batch of at most kMaxBatch. `now_s` is the time in
  /// Unix seconds.
  [[nodiscard]] std::string bor(std::string_view body);
  [[nodiscard]] std::string root_chain(std::string_view body, std::uint64_t now_s);
  /// {"validators", "final_block", "checkpoints": […], "events": […]}: what the root chain's
  /// contracts have logged in final blocks.
  [[nodiscard]] std::string events(std::uint64_t now_s);

  /// Runs something on Bor's chain while nobody asks for it.
  template <class Change>
  auto change(Change change) {
    const std::lock_guard lock(mutex_);
    return change(bor_);
  }
  /// The same for the root chain's checkpoints.
  template <class Change>
  auto change_root_chain(Change change) {
    const std::lock_guard lock(mutex_);
    return change(root_chain_);
  }

  static constexpr std::size_t kMaxBatch = 2'000;

 private:
  /// The newest block of the root chain.
  [[nodiscard]] std::uint64_t head(std::uint64_t now_s) const;

  const std::uint64_t validators_;
  std::mutex mutex_;
  BorScript bor_;
  RootChainCheckpoints root_chain_;
};

}  // namespace buri::devnet
