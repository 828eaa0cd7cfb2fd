#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// The protobuf wire format as the network's generated decoders read it: any field order, varints
/// of any length up to ten bytes, groups skipped. base/codec/protobuf_reader.hpp is the strict
/// reader; this one decides what a stock daemon accepts, and which of its checks are stricter is
/// written beside each (codec/unknown_fields.hpp, tx/decode.hpp).

namespace buri::consensus::codec {

/// Why bytes do not decode.
enum class DecodeError : std::uint8_t {
  kTruncated,         ///< a field runs past the end
  kVarintTooLong,     ///< more than 64 bits
  kBadTag,            ///< field number 0, or above 2^29 - 1
  kWireType,          ///< a known field of another wire type, or a group that does not close
  kUnknownField,      ///< the message has no such field
  kUnresolvableType,  ///< an Any whose type URL nobody registered, or of the wrong interface
  kNesting,           ///< deeper than the caller allows
  kValue,             ///< a text field that is no number
  kFieldOrder,        ///< a transaction's raw fields do not ascend
  kPaddedVarint,      ///< a transaction's raw length takes more bytes than it needs
};

/// What the error means, for people.
std::string_view describe(DecodeError error);

/// Wire types, groups included.
enum class Wire : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kGroupStart = 3,
  kGroupEnd = 4,
  kFixed32 = 5,
};

/// One field as it stands in the message; borrows.
struct RawField {
  std::uint32_t number = 0;
  Wire wire = Wire::kVarint;
  std::uint64_t integer = 0;  ///< of kVarint, kFixed64 and kFixed32
  ByteView bytes{};           ///< of kBytes; of kGroupStart the fields inside, its end tag included
};

/// Walks the fields of one message. After an error the position is unspecified. Not thread-safe.
class WireReader {
 public:
  explicit WireReader(ByteView message) : rest_(message) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// What has not been read yet.
  [[nodiscard]] ByteView rest() const { return rest_; }
  /// The next field; a whole group counts as one. REQUIRES: !at_end().
  Result<RawField, DecodeError> next();

 private:
  ByteView rest_;
};

/// Reads a varint from the front of `bytes` and drops it from the view: up to ten bytes, of the
/// tenth only the lowest bit may be set.
Result<std::uint64_t, DecodeError> take_varint(ByteView& bytes);

}  // namespace buri::consensus::codec
