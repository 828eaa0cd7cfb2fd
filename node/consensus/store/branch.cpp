#include "node/consensus/store/branch.hpp"

#include <algorithm>

namespace buri::consensus::store {
namespace {

/// What a write takes beside its key and value.
constexpr std::size_t kWriteOverheadBytes = 128;

/// The writes of a branch that fall into a range, walked in one direction.
class WriteWalk {
 public:
  WriteWalk(const KeyWrites& writes, const KeyRange& range, Direction direction)
      : ascending_(direction == Direction::kAscending) {
    begin_ = writes.lower_bound(ByteView(range.begin));
    end_ = range.end ? writes.lower_bound(ByteView(*range.end)) : writes.end();
    const bool empty = range.end && !KeyOrder{}(range.begin, *range.end);
    if (empty) begin_ = end_;
  }
  [[nodiscard]] bool valid() const { return begin_ != end_; }
  [[nodiscard]] const KeyWrites::value_type& current() const {
    return ascending_ ? *begin_ : *std::prev(end_);
  }
  void next() { ascending_ ? ++begin_ : --end_; }

 private:
  bool ascending_;
  KeyWrites::const_iterator begin_;
  KeyWrites::const_iterator end_;
};

/// Merges the branch's writes into the parent's keys.
class BranchIterator final : public Iterator {
 public:
  BranchIterator(std::unique_ptr<Iterator> parent, WriteWalk writes, Direction direction)
      : parent_(std::move(parent)),
        writes_(writes),
        ascending_(direction == Direction::kAscending) {}

  /// To the first key that is there. Called once before use.
  Status<AccessError> settle() {
    while (true) {
      from_write_ = writes_.valid() && !parent_first();
      if (!from_write_) return Unit{};
      if (parent_->valid() && equal(parent_->key(), writes_.current().first)) {
        RETURN_IF_ERROR(parent_->next());
      }
      if (writes_.current().second) return Unit{};
      writes_.next();
    }
  }

  [[nodiscard]] bool valid() const override { return from_write_ || parent_->valid(); }
  [[nodiscard]] ByteView key() const override {
    return from_write_ ? ByteView(writes_.current().first) : parent_->key();
  }
  [[nodiscard]] ByteView value() const override {
    return from_write_ ? ByteView(*writes_.current().second) : parent_->value();
  }
  Status<AccessError> next() override {
    if (from_write_) {
      writes_.next();
    } else {
      RETURN_IF_ERROR(parent_->next());
    }
    return settle();
  }

 private:
  /// Whether the parent's key comes before the next write. REQUIRES: writes_.valid().
  [[nodiscard]] bool parent_first() const {
    if (!parent_->valid()) return false;
    const ByteView theirs = parent_->key();
    const ByteView ours = writes_.current().first;
    return ascending_ ? KeyOrder{}(theirs, ours) : KeyOrder{}(ours, theirs);
  }

  std::unique_ptr<Iterator> parent_;
  WriteWalk writes_;
  bool ascending_;
  bool from_write_ = false;
};

}  // namespace

KeyRange prefix_range(ByteView prefix) {
  KeyRange range{.begin = Bytes(prefix.begin(), prefix.end()), .end = {}};
  Bytes end = range.begin;
  while (!end.empty() && end.back() == 0xff) end.pop_back();
  if (end.empty()) return range;
  ++end.back();
  range.end = std::move(end);
  return range;
}

bool KeyOrder::operator()(ByteView a, ByteView b) const {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  return order != 0 ? order < 0 : a.size() < b.size();
}

Result<std::optional<Bytes>, AccessError> BranchStore::get(ByteView key) {
  const auto found = writes_.find(key);
  if (found != writes_.end()) return found->second;
  return parent_.get(key);
}

Result<bool, AccessError> BranchStore::has(ByteView key) {
  const auto found = writes_.find(key);
  if (found != writes_.end()) return found->second.has_value();
  return parent_.has(key);
}

Result<std::unique_ptr<Iterator>, AccessError> BranchStore::iterate(const KeyRange& range,
                                                                    Direction direction) {
  ASSIGN_OR_RETURN(auto parent, parent_.iterate(range, direction));
  const WriteWalk writes(writes_, range, direction);
  if (!writes.valid()) return parent;
  auto iterator = std::make_unique<BranchIterator>(std::move(parent), writes, direction);
  RETURN_IF_ERROR(iterator->settle());
  return std::unique_ptr<Iterator>(std::move(iterator));
}

Status<AccessError> BranchStore::set(ByteView key, ByteView value) {
  Bytes bytes(value.begin(), value.end());
  const auto found = writes_.lower_bound(key);
  if (found != writes_.end() && equal(found->first, key)) {
    found->second = std::move(bytes);
  } else {
    writes_.emplace_hint(found, Bytes(key.begin(), key.end()), std::move(bytes));
  }
  return note_write(key.size() + value.size());
}

Status<AccessError> BranchStore::remove(ByteView key) {
  const auto found = writes_.lower_bound(key);
  if (found != writes_.end() && equal(found->first, key)) {
    found->second.reset();
  } else {
    writes_.emplace_hint(found, Bytes(key.begin(), key.end()), std::nullopt);
  }
  return note_write(key.size());
}

Status<AccessError> BranchStore::note_write(std::size_t bytes) {
  if (target_ == nullptr) return Unit{};
  bytes_ += bytes + kWriteOverheadBytes;
  if (bytes_ <= max_bytes_) return Unit{};
  bytes_ = 0;
  return write_to(*target_);
}

Status<AccessError> BranchStore::write_to(Store& target) {
  if (auto* branch = dynamic_cast<BranchStore*>(&target)) {
    // To another branch without copying.
    if (branch->writes_.empty()) {
      branch->writes_.swap(writes_);
      return Unit{};
    }
    while (!writes_.empty()) {
      auto result = branch->writes_.insert(writes_.extract(writes_.begin()));
      if (!result.inserted) result.position->second = std::move(result.node.mapped());
    }
    return Unit{};
  }
  for (const auto& [key, value] : writes_) {
    if (value) {
      RETURN_IF_ERROR(target.set(key, *value));
    } else {
      RETURN_IF_ERROR(target.remove(key));
    }
  }
  writes_.clear();
  return Unit{};
}

Branch::Branch(const std::vector<ReadStore*>& parents) {
  for (ReadStore* parent : parents) stores_.push_back(std::make_unique<BranchStore>(*parent));
}

Branch::Branch(const std::vector<Store*>& targets, std::size_t max_store_bytes) {
  for (Store* target : targets) {
    stores_.push_back(std::make_unique<BranchStore>(*target, max_store_bytes));
  }
}

Branch::Branch(Branch& parent) : parent_(&parent) {
  for (const auto& store : parent.stores_) {
    stores_.push_back(std::make_unique<BranchStore>(static_cast<ReadStore&>(*store)));
  }
}

void Branch::write() {
  CHECK(parent_ != nullptr, "a branch over a height is committed, not written");
  for (std::size_t i = 0; i < stores_.size(); ++i) {
    const auto written = stores_[i]->write_to(parent_->store(i));
    CHECK(written.ok(), "writes to a branch cannot fail");
  }
}

Status<AccessError> Branch::write_to(const std::vector<Store*>& targets) {
  for (std::size_t i = 0; i < stores_.size(); ++i) {
    RETURN_IF_ERROR(stores_[i]->write_to(*targets[i]));
  }
  return Unit{};
}

void Branch::discard() {
  for (const auto& store : stores_) store->discard();
}

}  // namespace buri::consensus::store
