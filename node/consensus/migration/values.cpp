#include "node/consensus/migration/values.hpp"

#include <algorithm>
#include <limits>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "node/consensus/codec/json.hpp"

namespace buri::consensus::migration {
namespace {

Failure<JsonError> missing(std::string_view key) {
  return Failure{JsonError{std::string(key), "a value", "nothing"}};
}

}  // namespace

JsonValue* find(JsonValue& object, std::string_view key) {
  const auto found = std::ranges::find(object.children, key, &JsonValue::key);
  return found == object.children.end() ? nullptr : &*found;
}

Result<JsonValue*, JsonError> member(JsonValue& object, std::string_view key) {
  JsonValue* found = find(object, key);
  if (found == nullptr) return missing(key);
  return found;
}

Status<JsonError> rename(JsonValue& object, std::string_view from, std::string_view to) {
  ASSIGN_OR_RETURN(JsonValue* const value, member(object, from));
  value->key = to;
  return Unit{};
}

void put(JsonValue& object, std::string_view key, JsonValue value) {
  value.key = key;
  JsonValue* const before = find(object, key);
  if (before != nullptr) {
    *before = std::move(value);
  } else {
    object.children.push_back(std::move(value));
  }
}

void remove(JsonValue& object, std::string_view key) {
  std::erase_if(object.children, [key](const JsonValue& child) { return child.key == key; });
}

JsonValue string_value(std::string text) {
  JsonValue value;
  value.kind = JsonValue::Kind::kString;
  value.text = std::move(text);
  return value;
}

JsonValue empty_value(JsonValue::Kind kind) {
  JsonValue value;
  value.kind = kind;
  return value;
}

Result<std::string, JsonError> text_of(JsonValue& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonValue* const value, member(object, key));
  if (value->kind == JsonValue::Kind::kString) return value->text;
  return Failure{JsonError{std::string(key), "a string", "another value"}};
}

Result<std::uint64_t, JsonError> number_of(JsonValue& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonValue* const value, member(object, key));
  auto number = codec::read_json<std::uint64_t>(JsonCursor(*value));
  if (!number.ok()) number.error().path = key;
  return number;
}

Status<JsonError> hex_to_base64(JsonValue& object, std::string_view key) {
  ASSIGN_OR_RETURN(JsonValue* const value, member(object, key));
  const auto bytes = value->kind == JsonValue::Kind::kString ? from_hex(value->text) : std::nullopt;
  if (!bytes)
    return Failure{JsonError{std::string(key), "bytes in hex", "\"" + value->text + "\""}};
  value->text = to_base64(*bytes);
  return Unit{};
}

void rename_coin(JsonValue& value) {
  if (value.kind == JsonValue::Kind::kString && value.text == "matic") value.text = "pol";
  for (JsonValue& child : value.children) rename_coin(child);
}

}  // namespace buri::consensus::migration
