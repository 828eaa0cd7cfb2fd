#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "node/consensus/store/store.hpp"

/// Writes over stores that are kept apart until they are handed down or dropped: a block over a
/// height, a transaction over a block, a message over a transaction.

namespace buri::consensus::store {

/// Orders keys bytewise; lets maps be asked with views.
struct KeyOrder {
  using is_transparent = void;
  bool operator()(ByteView a, ByteView b) const;
};

/// The last write of each key: a value, or nothing for a removal.
using KeyWrites = std::map<Bytes, std::optional<Bytes>, KeyOrder>;

/// A store whose writes stay here. Reads see them over those of the parent, which outlives it and
/// is not written meanwhile.
class BranchStore final : public Store {
 public:
  explicit BranchStore(ReadStore& parent) : parent_(parent) {}
  BranchStore(const BranchStore&) = delete;
  BranchStore& operator=(const BranchStore&) = delete;

  Result<std::optional<Bytes>, AccessError> get(ByteView key) override;
  Result<bool, AccessError> has(ByteView key) override;
  Result<std::unique_ptr<Iterator>, AccessError> iterate(const KeyRange& range,
                                                         Direction direction) override;
  Status<AccessError> set(ByteView key, ByteView value) override;
  Status<AccessError> remove(ByteView key) override;

  /// What was written, ascending by key. A removal is in it even if the parent lacks the key.
  [[nodiscard]] const KeyWrites& writes() const { return writes_; }
  void discard() { writes_.clear(); }
  /// Writes everything to `target`, ascending by key, and forgets it.
  Status<AccessError> write_to(Store& target);

 private:
  ReadStore& parent_;
  KeyWrites writes_;
};

/// One BranchStore over each store of a height or of another branch.
class Branch {
 public:
  /// Over stores in the order of their names.
  explicit Branch(const std::vector<ReadStore*>& parents);
  /// Over another branch, which is not used until write() or discard().
  explicit Branch(Branch& parent);

  [[nodiscard]] std::size_t store_count() const { return stores_.size(); }
  BranchStore& store(std::size_t index) { return *stores_[index]; }

  /// Hands all writes to the parent branch. REQUIRES: there is one.
  void write();
  void discard();

 private:
  std::vector<std::unique_ptr<BranchStore>> stores_;
  Branch* parent_ = nullptr;
};

}  // namespace buri::consensus::store
