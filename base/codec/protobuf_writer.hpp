#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

/// Writes protobuf messages byte for byte as gogoproto does (spec/cometbft.md 2): zero scalars and
/// empty byte strings are left out, sub-messages are written whenever the caller writes them (a
/// non-nullable one even when empty). Call in ascending field order; repeated fields repeat a
/// number.

namespace buri {

class ProtobufWriter {
 public:
  /// int32, int64, uint32, uint64, bool and enums; negative values take ten bytes. Omitted if zero.
  ProtobufWriter& varint(std::uint32_t number, std::uint64_t value);
  /// Omitted if zero.
  ProtobufWriter& sfixed64(std::uint32_t number, std::int64_t value);
  /// Omitted if empty.
  ProtobufWriter& bytes(std::uint32_t number, ByteView value);
  ProtobufWriter& string(std::uint32_t number, std::string_view value) {
    return bytes(number, as_bytes(value));
  }
  /// Always written: what a non-nullable sub-message needs. A nullable one that is nil is simply
  /// not written by the caller.
  ProtobufWriter& message(std::uint32_t number, const ProtobufWriter& value);

  [[nodiscard]] const Bytes& encoded() const { return encoded_; }
  /// The message behind its length as a varint, as CometBFT signs it.
  [[nodiscard]] Bytes length_prefixed() const;

 private:
  void length_delimited(std::uint32_t number, ByteView value);

  Bytes encoded_;
};

/// The longest varint: ten groups, of which the tenth carries one bit of a 64-bit number.
inline constexpr std::size_t kMaxVarintBytes = 10;
/// Writes `value` as a minimal base-128 varint to an output iterator; where it ends.
template <class Output>
constexpr Output write_varint(Output target, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *target++ = static_cast<std::uint8_t>(value | 0x80);
  *target++ = static_cast<std::uint8_t>(value);
  return target;
}
/// Appends it.
void append_varint(Bytes& target, std::uint64_t value);

}  // namespace buri
