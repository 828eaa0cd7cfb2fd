#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

/// Typed reading of a JSON document. Every failure names the field by its path, what belongs there
/// and what stands there.

namespace buri {

/// Which letters a hex text may use, and whether it starts with "0x".
enum class HexStyle : std::uint8_t {
  kUpper,         ///< "AB01", as CometBFT prints hashes and addresses
  kPrefixedLower  ///< "0xab01", as Ethereum nodes print data
};

/// A place in a document. Borrows the JsonValue, which must outlive it; copies freely.
class JsonCursor {
 public:
  explicit JsonCursor(const JsonValue& root) : value_(&root) {}

  [[nodiscard]] const JsonValue& value() const { return *value_; }
  /// "signed_header.commit.signatures[3].signature"; "document" at the root.
  [[nodiscard]] std::string path() const { return path_.empty() ? "document" : path_; }
  /// The error that `expected` does not stand here.
  [[nodiscard]] JsonError error(std::string expected) const;

  [[nodiscard]] bool is_null() const { return value_->kind == JsonValue::Kind::kNull; }
  /// Whether this is an object with that key, whatever its value.
  [[nodiscard]] bool has(std::string_view key) const;

  /// The value under `key`; an error if this is no object or has no such key.
  [[nodiscard]] Result<JsonCursor, JsonError> member(std::string_view key) const;
  /// An error if this is no object or has a key that is not among `keys`.
  [[nodiscard]] Status<JsonError> allow_only(std::initializer_list<std::string_view> keys) const;
  /// The elements of an array of at most `max_count`.
  [[nodiscard]] Result<std::vector<JsonCursor>, JsonError> elements(std::size_t max_count) const;

  [[nodiscard]] Result<std::string_view, JsonError> string() const;
  [[nodiscard]] Result<bool, JsonError> boolean() const;
  /// A number without sign, fraction, exponent, at most `max`.
  [[nodiscard]] Result<std::uint64_t, JsonError> unsigned_number(std::uint64_t max) const;
  /// A string holding a canonical decimal int64 in [min, max]: no plus sign, no leading zero, no
  /// "-0" (CometBFT writes 64-bit integers so).
  [[nodiscard]] Result<std::int64_t, JsonError> int64_string(std::int64_t min,
                                                             std::int64_t max) const;
  /// A string holding "0x" and a hex integer without leading zeros (an Ethereum QUANTITY).
  [[nodiscard]] Result<std::uint64_t, JsonError> quantity() const;
  /// A hex string of any length in exactly that style.
  [[nodiscard]] Result<Bytes, JsonError> hex(HexStyle style) const;
  /// A hex string of exactly N bytes in exactly that style.
  template <std::size_t N>
  [[nodiscard]] Result<FixedBytes<N>, JsonError> fixed_hex(HexStyle style) const {
    auto bytes = hex(style);
    if (!bytes.ok() || bytes->size() != N) return Failure{error(hex_text(style, N))};
    return FixedBytes<N>::from(*bytes);
  }
  /// A string of canonical base64.
  [[nodiscard]] Result<Bytes, JsonError> base64() const;

 private:
  JsonCursor(const JsonValue& value, std::string path) : value_(&value), path_(std::move(path)) {}
  static std::string hex_text(HexStyle style, std::size_t byte_count);

  const JsonValue* value_;
  std::string path_;
};

}  // namespace buri
