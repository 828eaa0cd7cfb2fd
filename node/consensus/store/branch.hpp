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
  /// Writes that take more than `max_bytes` of memory go to `target`, which is the parent too.
  BranchStore(Store& target, std::size_t max_bytes)
      : parent_(target), target_(&target), max_bytes_(max_bytes) {}
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
  Status<AccessError> note_write(std::size_t bytes);

  ReadStore& parent_;
  KeyWrites writes_;
  Store* target_ = nullptr;
  std::size_t max_bytes_ = 0;
  std::size_t bytes_ = 0;  ///< of writes since the last went to target_, overwritten ones included
};

/// One BranchStore over each store of a height or of another branch.
class Branch {
 public:
  /// Over stores in the order of their names.
  explicit Branch(const std::vector<ReadStore*>& parents);
  /// Over another branch, which is not used until write() or discard().
  explicit Branch(Branch& parent);
  /// Over stores that take the writes of a store as soon as they are more than `max_store_bytes`:
  /// for more writes than memory holds. They cannot be discarded.
  Branch(const std::vector<Store*>& targets, std::size_t max_store_bytes);

  [[nodiscard]] std::size_t store_count() const { return stores_.size(); }
  BranchStore& store(std::size_t index) { return *stores_[index]; }

  /// Hands all writes to the parent branch. REQUIRES: there is one.
  void write();
  /// Hands the writes that are left to the stores it was made over with a bound.
  Status<AccessError> write_to(const std::vector<Store*>& targets);
  void discard();

 private:
  std::vector<std::unique_ptr<BranchStore>> stores_;
  Branch* parent_ = nullptr;
};

}  // namespace buri::consensus::store
