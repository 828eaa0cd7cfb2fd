#pragma once

#include <string>

#include "base/json.hpp"

namespace buri {

/// The document as text without blanks, its numbers as they were written.
std::string to_json(const JsonValue& document);

}  // namespace buri
