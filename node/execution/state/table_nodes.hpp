#pragma once

#include "node/execution/state/state_reader.hpp"

namespace buri::execution::state {

/// The nodes of one trie of the head. Leaves stand in no table of their own: they are made of the
/// records of accounts and slots.
class TableNodes final : public NodeSource {
 public:
  /// The storage trie of an account; without one, the account trie. `ahead` are the changes, by
  /// ascending key, that accounts and slots have taken and the trie has not; it must outlive this.
  explicit TableNodes(StateReader& reader, const std::optional<Hash256>& account = {},
                      std::span<const LeafChange> ahead = {})
      : reader_(reader), account_(account), ahead_(ahead) {}

  Result<bool, StateError> node(PathView path, Bytes& node) const override;

 private:
  Result<bool, StateError> leaf(PathView path, Bytes& node) const;
  Result<bool, StateError> recorded_leaf(PathView path, Bytes& node) const;
  [[nodiscard]] Bytes leaf_value(ByteView record) const;

  StateReader& reader_;
  std::optional<Hash256> account_;
  std::span<const LeafChange> ahead_;
};

}  // namespace buri::execution::state
