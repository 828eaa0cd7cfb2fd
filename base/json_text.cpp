#include "base/json_text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace buri {

std::string to_json(const JsonValue& document) {
  const auto quoted = [](const std::string& text) {
    return boost::json::serialize(boost::json::string(text));
  };
  const bool is_object = document.kind == JsonValue::Kind::kObject;
  std::string text;
  switch (document.kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kBoolean:
      return document.boolean ? "true" : "false";
    case JsonValue::Kind::kNumber:
      return document.text;
    case JsonValue::Kind::kString:
      return quoted(document.text);
    case JsonValue::Kind::kArray:
    case JsonValue::Kind::kObject:
      break;
  }
  for (const JsonValue& child : document.children) {
    text += text.empty() ? "" : ",";
    if (is_object) text += quoted(child.key) + ":";
    text += to_json(child);
  }
  return is_object ? "{" + text + "}" : "[" + text + "]";
}

}  // namespace buri
