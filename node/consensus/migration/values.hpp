#pragma once

#include <string>
#include <string_view>

#include "base/json_cursor.hpp"

/// Changing JSON values: what the migration of a genesis is made of.

namespace buri::consensus::migration {

/// The member of that name, null if there is none.
JsonValue* find(JsonValue& object, std::string_view key);
/// Errors: there is none.
Result<JsonValue*, JsonError> member(JsonValue& object, std::string_view key);
/// Errors: there is none of the old name.
Status<JsonError> rename(JsonValue& object, std::string_view from, std::string_view to);
/// Sets a member, in place of the one of that name if there is one.
void put(JsonValue& object, std::string_view key, JsonValue value);
void remove(JsonValue& object, std::string_view key);

/// A string value, and an object or array without children.
JsonValue string_value(std::string text);
JsonValue empty_value(JsonValue::Kind kind);

/// The text of a string member. Errors: it is missing or no string.
Result<std::string, JsonError> text_of(JsonValue& object, std::string_view key);
/// The number in a string member or in one that is a number.
Result<std::uint64_t, JsonError> number_of(JsonValue& object, std::string_view key);
/// Turns a member from "0x…" into base64. Errors: it is missing or no such text.
Status<JsonError> hex_to_base64(JsonValue& object, std::string_view key);

/// Turns every string "matic" that is a value into "pol", the coin's name of today.
void rename_coin(JsonValue& value);

}  // namespace buri::consensus::migration
