#pragma once

#include <algorithm>

#include "base/json.hpp"

/// Equality of JSON values, for tests.

namespace buri {

/// The same values, members of objects in the same order.
inline bool is_same_json(const JsonValue& a, const JsonValue& b) {
  return a.kind == b.kind && a.text == b.text && a.boolean == b.boolean && a.key == b.key &&
         std::ranges::equal(a.children, b.children, is_same_json);
}

/// The same values, members of objects in any order.
inline bool is_same_json_unordered(const JsonValue& a, const JsonValue& b) {
  if (a.kind != b.kind || a.text != b.text || a.boolean != b.boolean ||
      a.children.size() != b.children.size()) {
    return false;
  }
  const bool is_object = a.kind == JsonValue::Kind::kObject;
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    const auto other = is_object ? std::ranges::find(b.children, a.children[i].key, &JsonValue::key)
                                 : b.children.begin() + static_cast<std::ptrdiff_t>(i);
    if (other == b.children.end() || !is_same_json_unordered(a.children[i], *other)) return false;
  }
  return true;
}

}  // namespace buri
