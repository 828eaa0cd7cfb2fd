#pragma once

#include <cstdint>

#include "base/bytes.hpp"

/// Writes that become visible and durable together.

namespace buri::storage {

/// A column family of an open database, as Database::family() names it.
struct Family {
  std::uint32_t index = 0;

  friend bool operator==(Family, Family) = default;
};

/// A list of writes, applied in order: later ones win. Copies what it is given. One buffer holds
/// all of it, so that a batch that is cleared and filled again allocates nothing. Not thread-safe.
class Batch {
 public:
  enum class Kind : std::uint8_t { kPut, kRemove, kRemoveRange };

  /// One write as for_each() shows it; borrows from the batch.
  struct Write {
    Kind kind = Kind::kPut;
    Family family;
    ByteView key;    ///< kRemoveRange: the first key
    ByteView value;  ///< kPut: the value; kRemoveRange: the key behind the last
  };

  void put(Family family, ByteView key, ByteView value) { add(Kind::kPut, family, key, value); }
  /// Removing an absent key is no error.
  void remove(Family family, ByteView key) { add(Kind::kRemove, family, key, {}); }
  /// Removes every key of [begin, end).
  void remove_range(Family family, ByteView begin, ByteView end) {
    add(Kind::kRemoveRange, family, begin, end);
  }

  void clear() {
    bytes_.clear();
    count_ = 0;
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t size_bytes() const { return bytes_.size(); }

  /// Calls visit(const Write&) for each write, in order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t at = 0; at < bytes_.size();) visit(read(at));
  }

 private:
  void add(Kind kind, Family family, ByteView key, ByteView value);
  [[nodiscard]] Write read(std::size_t& at) const;

  Bytes bytes_;
  std::size_t count_ = 0;
};

}  // namespace buri::storage
