#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/u256.hpp"

/// Recursive Length Prefix (Ethereum yellow paper, appendix B): a strict reader over borrowed bytes
/// and a writer. Strict means that every value has exactly one accepted encoding, so two encodings
/// that differ never mean the same. The reader never recurses by itself: depth is the caller's.

namespace buri {

/// Why bytes are not the RLP that was asked for.
enum class RlpError : std::uint8_t {
  kTruncated,           ///< a header or payload runs past the end
  kTrailingBytes,       ///< bytes follow the item or the last item of a list
  kNonCanonicalLength,  ///< long form for a short payload, or a length with leading zeros
  kNonCanonicalByte,    ///< a single byte below 0x80 that carries a header
  kExpectedList,        ///< a byte string where a list belongs
  kExpectedBytes,       ///< a list where a byte string belongs
  kLeadingZero,         ///< an integer with a leading zero byte
  kIntegerTooLarge,     ///< an integer that does not fit the asked width
  kWrongLength,         ///< a fixed-size byte string of another length
  kMissingItem,         ///< a list ended before the asked item
};

/// What the error means, for people: "an integer has a leading zero byte".
std::string_view describe(RlpError error);

/// One decoded item; borrows from the bytes it was read from.
struct RlpItem {
  bool is_list = false;
  ByteView payload;  ///< the string's bytes, or the concatenated items of a list
  ByteView encoded;  ///< header and payload
};

/// Walks the items of a list payload (or any concatenation of items) in order. After an error the
/// position is unspecified. Not thread-safe.
class RlpReader {
 public:
  explicit RlpReader(ByteView items) : rest_(items) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// kTrailingBytes unless every item was read.
  [[nodiscard]] Status<RlpError> expect_end() const;

  Result<RlpItem, RlpError> next();
  /// A byte string of any length; borrows.
  Result<ByteView, RlpError> next_bytes();
  /// A list; the reader it returns walks the list's items.
  Result<RlpReader, RlpError> next_list();
  /// A big-endian integer without leading zeros, at most 32 bytes.
  Result<U256, RlpError> next_u256();
  /// A big-endian integer without leading zeros, at most 8 bytes.
  Result<std::uint64_t, RlpError> next_uint64();
  /// A byte string of exactly N bytes.
  template <std::size_t N>
  Result<FixedBytes<N>, RlpError> next_fixed() {
    ASSIGN_OR_RETURN(const ByteView bytes, next_bytes());
    if (bytes.size() != N) return Failure{RlpError::kWrongLength};
    return FixedBytes<N>::from(bytes);
  }

 private:
  ByteView rest_;
};

/// Decodes `bytes` as exactly one item; kTrailingBytes if anything follows it.
Result<RlpItem, RlpError> decode_rlp(ByteView bytes);
/// Decodes `bytes` as exactly one list.
Result<RlpReader, RlpError> decode_rlp_list(ByteView bytes);

/// Builds the concatenation of items that becomes a list's payload.
class RlpWriter {
 public:
  RlpWriter& bytes(ByteView value);
  RlpWriter& integer(const U256& value);
  RlpWriter& integer(std::uint64_t value) { return integer(U256::from_uint64(value)); }
  /// Appends a list whose items are those of `items`.
  RlpWriter& list(const RlpWriter& items);
  /// Appends a list whose items are what `write(*this)` appends.
  template <class Write>
  RlpWriter& list_of(Write&& write) {
    const std::size_t start = items_.size();
    std::forward<Write>(write)(*this);
    close_list(start);
    return *this;
  }
  /// Appends an item that is already encoded. REQUIRES: it is exactly one valid item.
  RlpWriter& encoded(ByteView item);

  /// The items as they stand, without a list header.
  [[nodiscard]] const Bytes& items() const { return items_; }
  /// The same, moved out. The writer begins anew.
  [[nodiscard]] Bytes take_items() { return std::exchange(items_, {}); }
  /// The items wrapped into one list.
  [[nodiscard]] Bytes as_list() const;

 private:
  /// Makes one list of the items that begin at `start`.
  void close_list(std::size_t start);

  Bytes items_;
};

}  // namespace buri
