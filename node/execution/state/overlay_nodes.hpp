#pragma once

#include <map>
#include <optional>

#include "node/execution/state/node_io.hpp"

namespace buri::execution::state {

/// A trie's nodes with changes on them that stay in memory. Not thread-safe.
class OverlayNodes final : public NodeSource, public NodeSink {
 public:
  /// `base` must outlive it.
  explicit OverlayNodes(const NodeSource& base) : base_(base) {}

  Result<bool, StateError> node(PathView path, Bytes& node) const override {
    const auto found = changed_.find(Bytes(path.begin(), path.end()));
    if (found == changed_.end()) return base_.node(path, node);
    if (!found->second) return false;
    node = *found->second;
    return true;
  }
  void put(PathView path, ByteView node) override {
    changed_[Bytes(path.begin(), path.end())] = Bytes(node.begin(), node.end());
  }
  void remove(PathView path) override { changed_[Bytes(path.begin(), path.end())] = std::nullopt; }

 private:
  const NodeSource& base_;
  std::map<Bytes, std::optional<Bytes>> changed_;
};

}  // namespace buri::execution::state
