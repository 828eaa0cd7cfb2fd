#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "node/consensus/codec/schema.hpp"
#include "node/consensus/runtime/error.hpp"

/// Keys and integer values as the SDK's collections write them (spec/heimdall.md 3).

namespace buri::consensus::runtime {

/// Builds a key from its parts: `Key(0x02).sized(address).text(denom)`.
class Key {
 public:
  explicit Key(std::uint8_t prefix) {
    bytes_.reserve(kUsualBytes);
    bytes_.push_back(prefix);
  }
  explicit Key(std::string_view prefix) {
    bytes_.reserve(kUsualBytes);
    append(bytes_, as_bytes(prefix));
  }

  /// One more byte of prefix.
  Key& byte(std::uint8_t value) {
    bytes_.push_back(value);
    return *this;
  }
  /// Eight bytes, big-endian.
  Key& number(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
    return *this;
  }
  /// Bytes as the last part of a key.
  Key& raw(ByteView value) {
    append(bytes_, value);
    return *this;
  }
  /// Text as the last part of a key.
  Key& text(std::string_view value) { return raw(as_bytes(value)); }
  /// Text before another part: a zero byte ends it.
  Key& ended_text(std::string_view value) { return text(value).byte(0); }
  /// Bytes before another part, or an address anywhere in a pair: one byte of length in front.
  Key& sized(ByteView value) {
    CHECK(value.size() < 256, "a length byte holds one byte");
    return byte(static_cast<std::uint8_t>(value.size())).raw(value);
  }
  /// A moment as 29 characters, "YYYY-MM-DDTHH:MM:SS.nnnnnnnnn".
  Key& time(const codec::Timestamp& moment);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  operator ByteView() const { return bytes_; }  // NOLINT(*-explicit-*)

 private:
  static constexpr std::size_t kUsualBytes = 48;

  Bytes bytes_;
};

/// Eight bytes, big-endian: the value of counters.
Bytes number_value(std::uint64_t value);
/// Reads number_value; kFatal on another length, because only this program wrote it.
Outcome<std::uint64_t> read_number(ByteView value);

}  // namespace buri::consensus::runtime
