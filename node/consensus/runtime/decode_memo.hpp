#pragma once

#include <algorithm>
#include <memory>
#include <typeindex>
#include <vector>

#include "base/bytes.hpp"
#include "node/consensus/runtime/error.hpp"

/// What stored bytes decode to, kept by the bytes: every block reads the same validator sets and
/// the same span.

namespace buri::consensus::runtime {

/// Remembers a pure function of bytes, so that it cannot be out of date: whoever asks brings the
/// bytes. Not thread-safe.
class DecodeMemo {
 public:
  /// What `decode` makes of `bytes`, an Outcome<T>; T stands for the function. What fails is not
  /// remembered.
  template <class T, class Decode>
  Outcome<std::shared_ptr<const T>> get(ByteView bytes, const Decode& decode) {
    const std::type_index type(typeid(T));
    const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
      return entry.type == type && equal(entry.bytes, bytes);
    });
    if (found != entries_.end()) {
      std::rotate(entries_.begin(), found, std::next(found));
    } else {
      ASSIGN_OR_RETURN(T value, decode(bytes));
      if (entries_.size() == kMaxEntries) entries_.pop_back();
      entries_.insert(
          entries_.begin(),
          Entry{type, {bytes.begin(), bytes.end()}, std::make_shared<const T>(std::move(value))});
    }
    return std::static_pointer_cast<const T>(entries_.front().value);
  }

 private:
  /// The sets of three heights, the records and the span, while they change.
  static constexpr std::size_t kMaxEntries = 8;

  struct Entry {
    std::type_index type;
    Bytes bytes;
    std::shared_ptr<const void> value;
  };
  std::vector<Entry> entries_;  ///< the latest used first
};

}  // namespace buri::consensus::runtime
