#include "node/consensus/iavl/height_store.hpp"

#include <algorithm>

namespace buri::consensus::iavl {
namespace {

using store::AccessError;

/// Walks the keys of a range that exist at a height.
class HeightIterator final : public store::Iterator {
 public:
  HeightIterator(std::unique_ptr<storage::Iterator> records, std::int64_t height, bool ascending)
      : records_(std::move(records)), height_(height), ascending_(ascending) {}

  Status<AccessError> start(TreeIndex store, const store::KeyRange& range) {
    append_state_begin(begin_, store, range.begin);
    if (range.end) {
      append_state_begin(end_, store, *range.end);
    } else {
      end_.push_back(static_cast<std::uint8_t>(store + 1));
    }
    if (ascending_) {
      records_->seek(begin_);
    } else {
      records_->seek_for_previous(end_);
    }
    return settle();
  }

  [[nodiscard]] bool valid() const override { return valid_; }
  [[nodiscard]] ByteView key() const override { return key_; }
  [[nodiscard]] ByteView value() const override { return value_; }

  Status<AccessError> next() override {
    leave_key();
    return settle();
  }

 private:
  /// From a record of some key to the first key on the way that exists at the height.
  Status<AccessError> settle() {
    for (valid_ = false; !valid_ && in_range();) {
      const ByteView record = records_->key();
      const ByteView prefix = record.first(record.size() - kStateVersionBytes);
      prefix_.assign(prefix.begin(), prefix.end());
      if (!ascending_ || state_version_of(record) > height_) {
        Bytes newest = prefix_;
        append_state_version(newest, height_);
        records_->seek(newest);
      }
      if (!at_prefix()) {
        // No version is old enough. Going up, the next key's record is at hand already.
        if (!ascending_) records_->seek_for_previous(prefix_);
        continue;
      }
      if (records_->value().empty() || !take_state_key(records_->key(), key_)) {
        return Failure{AccessError::kStorage};
      }
      if (records_->value()[0] == kRemovedMark) {
        leave_key();
        continue;
      }
      const ByteView value = records_->value().subspan(1);
      value_.assign(value.begin(), value.end());
      valid_ = true;
    }
    if (!records_->status().ok()) return Failure{AccessError::kStorage};
    return Unit{};
  }

  [[nodiscard]] bool in_range() const {
    if (!records_->valid() || records_->key().size() < kStateVersionBytes) return false;
    const ByteView key = records_->key();
    const Bytes& bound = ascending_ ? end_ : begin_;
    const bool before =
        std::lexicographical_compare(key.begin(), key.end(), bound.begin(), bound.end());
    return before == ascending_;
  }

  /// Whether the record is one of prefix_'s versions.
  [[nodiscard]] bool at_prefix() const {
    if (!records_->valid()) return false;
    const ByteView key = records_->key();
    return key.size() == prefix_.size() + kStateVersionBytes &&
           equal(key.first(prefix_.size()), prefix_);
  }

  /// From a version of prefix_ to a record of the next key on the way.
  void leave_key() {
    if (!ascending_) {
      records_->seek_for_previous(prefix_);
      return;
    }
    records_->next();
    if (!at_prefix()) return;
    // More versions: jump behind the last. The end mark 0x00 0x00 is followed by 0x00 0x01.
    Bytes behind = prefix_;
    ++behind.back();
    records_->seek(behind);
  }

  std::unique_ptr<storage::Iterator> records_;
  std::int64_t height_;
  bool ascending_;
  bool valid_ = false;
  Bytes begin_;
  Bytes end_;
  Bytes prefix_;  ///< of the key that the records stand at
  Bytes key_;
  Bytes value_;
};

}  // namespace

Result<VersionedValue, storage::StorageError> read_state(const StateSource& source, TreeIndex store,
                                                         ByteView key, std::int64_t height) {
  Bytes wanted;
  append_state_prefix(wanted, store, key);
  const std::size_t prefix_bytes = wanted.size();
  append_state_version(wanted, height);
  Bytes found_key;
  Bytes record;
  ASSIGN_OR_RETURN(const bool found, source.database->get_within_prefix(
                                         source.state, wanted, prefix_bytes, found_key, record));
  if (!found) return VersionedValue{};
  VersionedValue result{.version = state_version_of(found_key), .value = {}};
  if (record.empty()) {
    return Failure{
        storage::StorageError{storage::StorageError::Kind::kCorruption, "a state record is empty"}};
  }
  if (record[0] == kPresentMark) {
    record.erase(record.begin());
    result.value = std::move(record);
  }
  return result;
}

Result<std::optional<Bytes>, AccessError> HeightStore::get(ByteView key) {
  if (source_.cache != nullptr) {
    if (auto known = source_.cache->find(store_, key, height_)) return std::move(known->value);
  }
  auto read = read_state(source_, store_, key, height_);
  if (!read.ok()) return Failure{AccessError::kStorage};
  if (source_.cache != nullptr) source_.cache->add_read(store_, key, height_, read.value());
  return std::move(read.value().value);
}

Result<bool, AccessError> HeightStore::has(ByteView key) {
  ASSIGN_OR_RETURN(const auto value, get(key));
  return value.has_value();
}

Result<std::unique_ptr<store::Iterator>, AccessError> HeightStore::iterate(
    const store::KeyRange& range, store::Direction direction) {
  const auto number = source_.cache == nullptr ? std::nullopt : ShelfCache::number_of(range);
  if (number) {
    ASSIGN_OR_RETURN(auto shelf, shelf_at(*number));
    if (shelf != nullptr) {
      return std::unique_ptr<store::Iterator>(
          std::make_unique<ShelfIterator>(std::move(shelf), range, direction));
    }
  }
  return walk(range, direction);
}

Result<std::unique_ptr<store::Iterator>, AccessError> HeightStore::walk(
    const store::KeyRange& range, store::Direction direction) {
  auto iterator = std::make_unique<HeightIterator>(
      source_.database->iterate(source_.state), height_, direction == store::Direction::kAscending);
  RETURN_IF_ERROR(iterator->start(store_, range));
  return std::unique_ptr<store::Iterator>(std::move(iterator));
}

/// The shelf from the cache, or brought into it; null if it is too large or not of this height.
Result<std::shared_ptr<const Shelf>, AccessError> HeightStore::shelf_at(std::uint8_t number) {
  ShelfCache& shelves = source_.cache->shelves();
  ShelfCache::Answer answer = shelves.find(store_, number, height_);
  if (!answer.is_wanted) return std::move(answer.shelf);
  const Bytes begin{number};
  ASSIGN_OR_RETURN(auto rows, walk(store::prefix_range(begin), store::Direction::kAscending));
  auto shelf = std::make_shared<Shelf>();
  while (rows->valid()) {
    shelf->append(rows->key(), rows->value());
    if (shelf->size() > ShelfCache::kMaxRows || shelf->bytes() > ShelfCache::kMaxBytes) {
      shelf = nullptr;
      break;
    }
    RETURN_IF_ERROR(rows->next());
  }
  shelves.add(store_, number, height_, shelf);
  return std::shared_ptr<const Shelf>(std::move(shelf));
}

}  // namespace buri::consensus::iavl
