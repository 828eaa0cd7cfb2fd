#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "node/consensus/engine/types.hpp"

/// JSON as CometBFT's libs/json and Go's encoding/json write it: no blanks, 64-bit integers as
/// strings, bytes in base64, `<`, `>` and `&` escaped.

namespace buri::consensus::api {

/// Appends values; the caller keeps to JSON's order of calls. Commas are set here.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  /// A plain number, as Go's int32 and uint32.
  JsonWriter& number(std::int64_t value);
  /// A number in a string, as Go's int, int64 and uint64.
  JsonWriter& integer(std::int64_t value);
  JsonWriter& unsigned_integer(std::uint64_t value);
  JsonWriter& upper_hex(ByteView bytes);
  JsonWriter& base64(ByteView bytes);
  /// The same, null where there are none.
  JsonWriter& base64_or_null(ByteView bytes);
  /// RFC 3339 in UTC, no trailing zeros in the fraction.
  JsonWriter& time(const engine::Timestamp& moment);
  /// A value that is JSON already.
  JsonWriter& raw(std::string_view json);

  [[nodiscard]] const std::string& json() const { return json_; }
  [[nodiscard]] std::string take() { return std::move(json_); }

 private:
  void begin_value();

  std::string json_;
  bool wants_comma_ = false;
};

/// The text in quotes, as encoding/json writes it.
std::string go_quoted(std::string_view text);
/// "2026-11-25T17:13:31.705594429Z".
std::string go_time_text(const engine::Timestamp& moment);

}  // namespace buri::consensus::api
