#include "node/consensus/codec/json_text.hpp"

#include "node/consensus/codec/json.hpp"

namespace buri::consensus::codec {

void append_json_value(std::string& target, const JsonValue& value) {
  using enum JsonValue::Kind;
  switch (value.kind) {
    case kNull:
      target += "null";
      return;
    case kBoolean:
      target += value.boolean ? "true" : "false";
      return;
    case kNumber:
      target += value.text;
      return;
    case kString:
      append_json_string(target, value.text);
      return;
    case kArray:
    case kObject:
      break;
  }
  const bool is_object = value.kind == kObject;
  target += is_object ? '{' : '[';
  bool is_first = true;
  for (const JsonValue& child : value.children) {
    if (!is_first) target += ',';
    is_first = false;
    if (is_object) {
      append_json_string(target, child.key);
      target += ':';
    }
    append_json_value(target, child);
  }
  target += is_object ? '}' : ']';
}

}  // namespace buri::consensus::codec
