#pragma once

#include "base/json.hpp"

/// JSON documents of the public suites, whose form no test doubts.

namespace buri::testing {

/// The value under a key; null if there is none.
inline const JsonValue* find(const JsonValue& object, std::string_view key) {
  for (const JsonValue& child : object.children) {
    if (child.key == key) return &child;
  }
  return nullptr;
}
/// The value under a key. Aborts if there is none.
inline const JsonValue& get(const JsonValue& object, std::string_view key) {
  const JsonValue* value = find(object, key);
  CHECK(value != nullptr, "a test of a public suite lacks a field");
  return *value;
}

/// A document of a suite, of any size that the suites have. Aborts if it is no JSON.
inline JsonValue parse_suite(std::string_view text) {
  auto document = parse_json(text, {.max_bytes = std::size_t{1} << 28,
                                    .max_depth = 2000,
                                    .max_values = 10'000'000,
                                    .max_members = 100'000});
  CHECK(document.ok(), "a test of a public suite is no JSON");
  return std::move(document).value();
}

}  // namespace buri::testing
