#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "node/consensus/store/branch.hpp"

/// Small key ranges kept whole, so that walks over them do not go to the database: blocks walk the
/// same few votes, scores and queues again and again. A shelf is all keys of a store that begin
/// with one byte, which is how modules part their kinds of data. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// The keys and values of one shelf at some height, ascending; never changes.
class Shelf {
 public:
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] std::size_t bytes() const { return text_.size(); }
  [[nodiscard]] ByteView key(std::size_t row) const {
    return ByteView(text_).subspan(rows_[row].key, rows_[row].value - rows_[row].key);
  }
  [[nodiscard]] ByteView value(std::size_t row) const {
    return ByteView(text_).subspan(rows_[row].value, rows_[row].end - rows_[row].value);
  }
  /// The first row whose key is not below `key`.
  [[nodiscard]] std::size_t lower_bound(ByteView key) const;

  /// REQUIRES: `key` is above the last.
  void append(ByteView key, ByteView value);
  /// The same after the writes from `begin` to `end`, which are all of this shelf.
  [[nodiscard]] std::shared_ptr<const Shelf> with(store::KeyWrites::const_iterator begin,
                                                  store::KeyWrites::const_iterator end) const;

 private:
  struct Row {
    std::uint32_t key = 0;
    std::uint32_t value = 0;
    std::uint32_t end = 0;
  };
  Bytes text_;
  std::vector<Row> rows_;
};

/// Thread-safe. A shelf that is held is that of the newest height that has been written, so it
/// answers every height from its last change on.
class ShelfCache {
 public:
  /// A shelf that has more is walked in the database.
  static constexpr std::size_t kMaxRows = 256;
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 10;
  /// Shelves held: with the bounds of each, 4 MiB.
  static constexpr std::size_t kMaxShelves = 64;

  /// What is known of the shelf that a range lies on.
  struct Answer {
    std::shared_ptr<const Shelf> shelf;  ///< null: walk the database
    bool is_wanted = false;              ///< nothing is known: bring it with add()
  };

  /// From here on readers of earlier heights add nothing.
  void set_height(std::int64_t height);
  void clear();

  /// The shelf number of a range that lies on one; nothing if it lies on several or has no end.
  static std::optional<std::uint8_t> number_of(const store::KeyRange& range);
  [[nodiscard]] Answer find(std::uint32_t store, std::uint8_t number, std::int64_t height);
  /// Takes what a reader of `height` found; null: it was too large. Ignored if that is not the
  /// newest height any more.
  void add(std::uint32_t store, std::uint8_t number, std::int64_t height,
           std::shared_ptr<const Shelf> shelf);
  /// Takes over what `height`, the newest, writes into a store.
  void update(std::uint32_t store, const store::KeyWrites& writes, std::int64_t height);

 private:
  /// Null is a shelf too large to be held.
  struct Entry {
    std::shared_ptr<const Shelf> shelf;
    std::int64_t changed = 0;  ///< height of the last change
  };

  static bool fits(const Shelf& shelf) {
    return shelf.size() <= kMaxRows && shelf.bytes() <= kMaxBytes;
  }

  std::mutex mutex_;
  std::int64_t height_ = 0;
  std::size_t held_ = 0;  ///< entries that have a shelf
  std::map<std::pair<std::uint32_t, std::uint8_t>, Entry> entries_;
};

/// Walks a range of a shelf.
class ShelfIterator final : public store::Iterator {
 public:
  ShelfIterator(std::shared_ptr<const Shelf> shelf, const store::KeyRange& range,
                store::Direction direction);

  [[nodiscard]] bool valid() const override { return begin_ < end_; }
  [[nodiscard]] ByteView key() const override { return shelf_->key(row()); }
  [[nodiscard]] ByteView value() const override { return shelf_->value(row()); }
  Status<store::AccessError> next() override {
    is_ascending_ ? ++begin_ : --end_;
    return Unit{};
  }

 private:
  [[nodiscard]] std::size_t row() const { return is_ascending_ ? begin_ : end_ - 1; }

  std::shared_ptr<const Shelf> shelf_;
  bool is_ascending_;
  std::size_t begin_;  ///< rows that are left
  std::size_t end_;
};

}  // namespace buri::consensus::iavl
