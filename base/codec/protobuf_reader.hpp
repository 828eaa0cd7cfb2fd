#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// The protobuf wire format, read strictly: for messages whose bytes are hashed or signed, so that
/// no two accepted encodings mean the same. Stricter than protobuf libraries, which skip unknown
/// fields and take varints of any length.

namespace buri {

/// Why bytes are not a protobuf message in canonical form.
enum class ProtobufError : std::uint8_t {
  kTruncated,      ///< a field runs past the end
  kVarintTooLong,  ///< more than 64 bits, or trailing zero groups
  kBadTag,         ///< field number 0 or above 2^29 - 1
  kBadWireType,    ///< groups and the reserved types
  kUnknownField,   ///< the message has no such field, or it has another wire type
  kFieldOrder,     ///< a field number below its predecessor's, or a single field twice
  kDefaultValue,   ///< a zero scalar or empty byte string written out
  kMissingField,   ///< a field that the caller needs is absent
  kValueRange,     ///< an enumerator or integer outside its range
  kDepth,          ///< nested deeper than the caller allows
};

/// What the error means, for people.
std::string_view describe(ProtobufError error);

/// Wire types of the protobuf encoding.
enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// One field as it stands in the message; borrows.
struct ProtobufField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t integer = 0;  ///< of kVarint, kFixed64 and kFixed32
  ByteView bytes{};           ///< of kBytes
};

/// Walks the fields of one message in order and demands that field numbers never fall. After an
/// error the position is unspecified. Not thread-safe.
class ProtobufReader {
 public:
  explicit ProtobufReader(ByteView message) : rest_(message) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// The next field. REQUIRES: !at_end().
  Result<ProtobufField, ProtobufError> next();

 private:
  Result<std::uint64_t, ProtobufError> varint();
  Result<std::uint64_t, ProtobufError> fixed(std::size_t byte_count);
  Result<ByteView, ProtobufError> length_delimited();

  ByteView rest_;
  std::uint32_t last_number_ = 0;
};

/// Reads one minimal base-128 varint from the front of `bytes` and drops it from the view. Errors:
/// kTruncated, kVarintTooLong.
Result<std::uint64_t, ProtobufError> take_varint(ByteView& bytes);

/// Undoes zig-zag: 0, 1, 2, 3 become 0, -1, 1, -2 (protobuf sint64 and Go's binary.ReadVarint).
constexpr std::int64_t from_zig_zag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

}  // namespace buri
