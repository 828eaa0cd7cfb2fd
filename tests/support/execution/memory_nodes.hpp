#pragma once

#include <map>

#include "node/execution/state/node_io.hpp"

namespace buri::testing {

/// The nodes of one trie in a map, by path.
class MemoryNodes final : public execution::state::NodeSource, public execution::state::NodeSink {
 public:
  using PathView = execution::state::PathView;

  std::map<Bytes, Bytes> nodes;

  Result<bool, execution::state::StateError> node(PathView path, Bytes& node) const override {
    const auto found = nodes.find(Bytes(path.begin(), path.end()));
    if (found == nodes.end()) return false;
    node = found->second;
    return true;
  }
  void put(PathView path, ByteView node) override {
    nodes[Bytes(path.begin(), path.end())].assign(node.begin(), node.end());
  }
  void remove(PathView path) override {
    CHECK(nodes.erase(Bytes(path.begin(), path.end())) == 1,
          "a node is removed that was not there");
  }
};

}  // namespace buri::testing
