#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What Go's encoding/json says of text that is no JSON: stock answers carry these sentences.

namespace buri::consensus::api {

/// "invalid character 'x' looking for beginning of value", "unexpected end of JSON input"; nothing
/// if the text is one document. Nesting is read up to a depth of 64, which no request needs.
std::optional<std::string> go_syntax_error(std::string_view text);

}  // namespace buri::consensus::api
