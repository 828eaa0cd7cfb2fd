#pragma once

#include <string>

#include "base/json.hpp"

namespace buri::consensus::codec {

/// Appends a document that was read as text again: members in their order, numbers as they were
/// written, no space.
void append_json_value(std::string& target, const JsonValue& value);

}  // namespace buri::consensus::codec
