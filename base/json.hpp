#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// JSON from outside, read strictly: size, depth and number of values bounded, one document and
/// nothing after it, no key twice in an object, valid UTF-8, and numbers kept as they were written
/// (nothing is rounded through a double). Syntax is Boost.JSON's parser; base/json_cursor.hpp reads
/// the values.

namespace buri {

/// What is wrong with a document and where. Text for people, because the path is the point.
struct JsonError {
  std::string path;      ///< "signed_header.header.height", or "line 3, column 7" for syntax
  std::string expected;  ///< "a decimal number in a string"
  std::string found;     ///< "\"12x\""

  friend bool operator==(const JsonError&, const JsonError&) = default;
};

/// "PATH: expected EXPECTED, found FOUND".
std::string describe(const JsonError& error);

/// One value of a document; owns what is below it.
struct JsonValue {
  enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  std::string text;                 ///< a string's characters, or a number as written
  std::string key;                  ///< the key it stands under, if its parent is an object
  std::vector<JsonValue> children;  ///< elements of an array, values of an object, in order
};

/// Bounds on a document; the defaults admit the largest RPC answer a node gives.
struct JsonLimits {
  std::size_t max_bytes = std::size_t{32} << 20;
  std::size_t max_depth = 32;
  std::size_t max_values = 1'000'000;
  std::size_t max_members = 1000;  ///< keys of one object
};

/// Parses `text` as exactly one document. The error names line and column (both from 1).
Result<JsonValue, JsonError> parse_json(std::string_view text, const JsonLimits& limits = {});

}  // namespace buri
