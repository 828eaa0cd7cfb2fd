#pragma once

#include <map>

#include "node/consensus/engine/gossip.hpp"

namespace buri::consensus::host {

/// Stored blocks whose commits are kept for a while: a peer that catches up is sent a height's
/// votes one by one. Not thread-safe.
class RecentCommits final : public engine::StoredBlocks {
 public:
  /// `stored` must outlive this.
  explicit RecentCommits(const engine::StoredBlocks& stored) : stored_(&stored) {}

  [[nodiscard]] std::int64_t base() const override { return stored_->base(); }
  [[nodiscard]] std::optional<engine::PartSetHeader> parts_of(std::int64_t height) const override {
    return stored_->parts_of(height);
  }
  [[nodiscard]] std::optional<engine::Part> part(std::int64_t height,
                                                 std::uint32_t index) const override {
    return stored_->part(height, index);
  }
  [[nodiscard]] std::optional<engine::ExtendedCommitRecord> commit(
      std::int64_t height) const override {
    if (const auto known = commits_.find(height); known != commits_.end()) return known->second;
    auto commit = stored_->commit(height);
    if (!commit) return commit;
    if (commits_.size() == kKept) commits_.erase(commits_.begin());
    return commits_.emplace(height, *std::move(commit)).first->second;
  }

 private:
  static constexpr std::size_t kKept = 16;
  const engine::StoredBlocks* stored_;
  mutable std::map<std::int64_t, engine::ExtendedCommitRecord> commits_;
};

}  // namespace buri::consensus::host
