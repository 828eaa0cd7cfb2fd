#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <mutex>
#include <string>

#include "node/devnet/bor_script.hpp"

/// The answers of the stand-ins for Ethereum and Bor over JSON-RPC: what consensus clients ask,
/// ours and the stock daemon's.

namespace buri::devnet {

/// Thread-safe.
class SourceAnswers {
 public:
  /// The root chain began at `start_time_s`.
  SourceAnswers(BorScript bor, std::uint64_t start_time_s)
      : start_time_s_(start_time_s), bor_(std::move(bor)) {}

  /// The answer to a body with one request or a batch of at most kMaxBatch. `now_s` is the time in
  /// Unix seconds.
  [[nodiscard]] std::string bor(std::string_view body);
  [[nodiscard]] std::string root_chain(std::string_view body, std::uint64_t now_s);
  /// {"events": […]}: what the root chain's contracts have logged in final blocks.
  [[nodiscard]] std::string events(std::uint64_t now_s) const;

  /// Runs something on Bor's chain while nobody asks for it.
  template <class Change>
  auto change(Change change) {
    const std::lock_guard lock(mutex_);
    return change(bor_);
  }

  static constexpr std::size_t kMaxBatch = 2'000;

 private:
  const std::uint64_t start_time_s_;
  std::mutex mutex_;
  BorScript bor_;
};

}  // namespace buri::devnet
