#include "base/codec/rlp.hpp"

#include <algorithm>
#include <array>

namespace buri {
namespace {

/// Payloads up to this size have a one-byte header.
constexpr std::size_t kMaxShortPayload = 55;
constexpr std::size_t kMaxHeaderBytes = 9;
constexpr std::uint8_t kStringBase = 0x80;
constexpr std::uint8_t kListBase = 0xc0;

/// Where an item's payload starts and how long it is.
struct Extent {
  std::size_t header_bytes;
  std::size_t payload_bytes;
};

/// Reads a long header: `length_bytes` bytes of big-endian length follow the first byte.
Result<Extent, RlpError> long_extent(ByteView bytes, std::size_t length_bytes) {
  if (bytes.size() < 1 + length_bytes) return Failure{RlpError::kTruncated};
  if (bytes[1] == 0) return Failure{RlpError::kNonCanonicalLength};
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8 | bytes[1 + i];
  if (length <= kMaxShortPayload) return Failure{RlpError::kNonCanonicalLength};
  return Extent{1 + length_bytes, length};
}

/// Reads the header that starts with a byte >= `base`.
Result<Extent, RlpError> extent(ByteView bytes, std::uint8_t base) {
  const std::size_t code = bytes[0] - std::size_t{base};
  if (code <= kMaxShortPayload) return Extent{1, code};
  return long_extent(bytes, code - kMaxShortPayload);
}

/// An integer's big-endian bytes without leading zeros.
class MinimalBytes {
 public:
  explicit MinimalBytes(const U256& value) : word_(value.to_word()) {
    while (first_ < Hash256::kSize && word_.bytes[first_] == 0) ++first_;
  }

  [[nodiscard]] ByteView view() const { return ByteView(word_).subspan(first_); }

 private:
  Hash256 word_;
  std::size_t first_ = 0;
};

/// What stands before a payload.
class ItemHeader {
 public:
  ItemHeader(std::uint8_t base, std::size_t payload_bytes) {
    if (payload_bytes <= kMaxShortPayload) {
      bytes_[0] = static_cast<std::uint8_t>(base + payload_bytes);
      return;
    }
    const MinimalBytes length(U256::from_uint64(payload_bytes));
    length_ += length.view().size();
    bytes_[0] = static_cast<std::uint8_t>(base + kMaxShortPayload + length.view().size());
    std::ranges::copy(length.view(), bytes_.begin() + 1);
  }

  [[nodiscard]] ByteView view() const { return ByteView(bytes_).first(length_); }

 private:
  std::array<std::uint8_t, kMaxHeaderBytes> bytes_{};
  std::size_t length_ = 1;
};

void append_header(Bytes& target, std::uint8_t base, std::size_t payload_bytes) {
  append(target, ItemHeader(base, payload_bytes).view());
}

/// Makes room for an item, more than it needs, so that small items do not move those before them.
void make_room(Bytes& target, std::size_t payload_bytes) {
  constexpr std::size_t kFirstBytes = 128;
  const std::size_t needed = target.size() + payload_bytes + kMaxHeaderBytes;
  if (needed > target.capacity()) {
    target.reserve(std::max({needed, 2 * target.capacity(), kFirstBytes}));
  }
}

}  // namespace

std::string_view describe(RlpError error) {
  switch (error) {
    case RlpError::kTruncated:
      return "an item runs past the end of the bytes";
    case RlpError::kTrailingBytes:
      return "bytes follow the last item";
    case RlpError::kNonCanonicalLength:
      return "a length is not in its shortest form";
    case RlpError::kNonCanonicalByte:
      return "a single byte below 0x80 carries a header";
    case RlpError::kExpectedList:
      return "a byte string stands where a list belongs";
    case RlpError::kExpectedBytes:
      return "a list stands where a byte string belongs";
    case RlpError::kLeadingZero:
      return "an integer has a leading zero byte";
    case RlpError::kIntegerTooLarge:
      return "an integer is too large";
    case RlpError::kWrongLength:
      return "a byte string has the wrong length";
    case RlpError::kMissingItem:
      return "a list has too few items";
  }
  return "unknown RLP error";
}

Status<RlpError> RlpReader::expect_end() const {
  if (!at_end()) return Failure{RlpError::kTrailingBytes};
  return Unit{};
}

Result<RlpItem, RlpError> RlpReader::next() {
  if (rest_.empty()) return Failure{RlpError::kMissingItem};
  const std::uint8_t first = rest_[0];
  Extent where{0, 1};
  if (first >= kStringBase) {
    ASSIGN_OR_RETURN(where, extent(rest_, first >= kListBase ? kListBase : kStringBase));
  }
  if (rest_.size() - where.header_bytes < where.payload_bytes) return Failure{RlpError::kTruncated};
  const RlpItem item{.is_list = first >= kListBase,
                     .payload = rest_.subspan(where.header_bytes, where.payload_bytes),
                     .encoded = rest_.first(where.header_bytes + where.payload_bytes)};
  if (!item.is_list && where.header_bytes == 1 && item.payload.size() == 1 &&
      item.payload[0] < kStringBase) {
    return Failure{RlpError::kNonCanonicalByte};
  }
  rest_ = rest_.subspan(item.encoded.size());
  return item;
}

Result<ByteView, RlpError> RlpReader::next_bytes() {
  ASSIGN_OR_RETURN(const RlpItem item, next());
  if (item.is_list) return Failure{RlpError::kExpectedBytes};
  return item.payload;
}

Result<RlpReader, RlpError> RlpReader::next_list() {
  ASSIGN_OR_RETURN(const RlpItem item, next());
  if (!item.is_list) return Failure{RlpError::kExpectedList};
  return RlpReader(item.payload);
}

Result<U256, RlpError> RlpReader::next_u256() {
  ASSIGN_OR_RETURN(const ByteView bytes, next_bytes());
  if (!bytes.empty() && bytes[0] == 0) return Failure{RlpError::kLeadingZero};
  const std::optional<U256> value = U256::from_big_endian(bytes);
  if (!value) return Failure{RlpError::kIntegerTooLarge};
  return *value;
}

Result<std::uint64_t, RlpError> RlpReader::next_uint64() {
  ASSIGN_OR_RETURN(const U256 value, next_u256());
  const std::optional<std::uint64_t> narrow = value.to_uint64();
  if (!narrow) return Failure{RlpError::kIntegerTooLarge};
  return *narrow;
}

Result<RlpItem, RlpError> decode_rlp(ByteView bytes) {
  RlpReader reader(bytes);
  ASSIGN_OR_RETURN(const RlpItem item, reader.next());
  RETURN_IF_ERROR(reader.expect_end());
  return item;
}

Result<RlpReader, RlpError> decode_rlp_list(ByteView bytes) {
  ASSIGN_OR_RETURN(const RlpItem item, decode_rlp(bytes));
  if (!item.is_list) return Failure{RlpError::kExpectedList};
  return RlpReader(item.payload);
}

RlpWriter& RlpWriter::bytes(ByteView value) {
  make_room(items_, value.size());
  if (value.size() != 1 || value[0] >= kStringBase) {
    append_header(items_, kStringBase, value.size());
  }
  append(items_, value);
  return *this;
}

RlpWriter& RlpWriter::integer(const U256& value) { return bytes(MinimalBytes(value).view()); }

RlpWriter& RlpWriter::list(const RlpWriter& items) {
  make_room(items_, items.items_.size());
  append_header(items_, kListBase, items.items_.size());
  append(items_, items.items_);
  return *this;
}

void RlpWriter::close_list(std::size_t start) {
  const ItemHeader header(kListBase, items_.size() - start);
  const ByteView bytes = header.view();
  items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(start), bytes.begin(), bytes.end());
}

RlpWriter& RlpWriter::encoded(ByteView item) {
  append(items_, item);
  return *this;
}

Bytes RlpWriter::as_list() const {
  Bytes result;
  result.reserve(items_.size() + kMaxHeaderBytes);
  append_header(result, kListBase, items_.size());
  append(result, items_);
  return result;
}

}  // namespace buri
