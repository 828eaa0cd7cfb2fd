#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// The key-value stores that the state machine's modules read and write. A module sees one Store
/// per name; whether it is a committed height (iavl/multistore.hpp) or a branch whose writes may
/// still be dropped (branch.hpp) does not show.

namespace buri::consensus::store {

/// Why an access was refused. Whoever gets one stops and hands it up.
enum class AccessError : std::uint8_t {
  /// The disk or the database failed. The height cannot be finished; the database says why.
  kStorage,
};

/// Keys from `begin` up to but without `end`; no end: to the last key.
struct KeyRange {
  Bytes begin;
  std::optional<Bytes> end;
};
/// All keys that begin with `prefix`.
KeyRange prefix_range(ByteView prefix);

enum class Direction : std::uint8_t { kAscending, kDescending };

/// A position among the keys of a range, which is what it was when the iterator was made as long as
/// the store is not written (REQUIRES). Does not outlive its store.
class Iterator {
 public:
  virtual ~Iterator() = default;

  [[nodiscard]] virtual bool valid() const = 0;
  /// Views that hold until next(). REQUIRES: valid().
  [[nodiscard]] virtual ByteView key() const = 0;
  [[nodiscard]] virtual ByteView value() const = 0;
  virtual Status<AccessError> next() = 0;
};

/// What can be read. One thread at a time unless a class says more.
class ReadStore {
 public:
  virtual ~ReadStore() = default;

  /// The value at `key`, which may be empty; nothing if there is none.
  virtual Result<std::optional<Bytes>, AccessError> get(ByteView key) = 0;
  virtual Result<bool, AccessError> has(ByteView key) = 0;
  virtual Result<std::unique_ptr<Iterator>, AccessError> iterate(const KeyRange& range,
                                                                 Direction direction) = 0;
};

/// What can be written too.
class Store : public ReadStore {
 public:
  /// Writing an equal value again is a write: it changes the root.
  virtual Status<AccessError> set(ByteView key, ByteView value) = 0;
  /// Removing an absent key is none.
  virtual Status<AccessError> remove(ByteView key) = 0;
};

}  // namespace buri::consensus::store
