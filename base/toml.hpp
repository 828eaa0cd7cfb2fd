#pragma once

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 0
#include <toml++/impl/preprocessor.h>
// In toml++ 3.3 malformed texts, such as "[[[", break what its parser asserts of itself. In a
// release it has the compiler assume that instead, which drops the branch that reports the error.
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT_ASSUME(expression) static_assert(true)
#include <toml++/toml.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// TOML 1.0, read by toml++. Nothing else may include toml++: its parser is compiled once, with the
/// settings above.

namespace buri {

/// Where a text is not what it should be.
struct TomlFault {
  std::uint32_t line = 1;  ///< as the column, counted from 1
  std::uint32_t column = 1;
  bool is_ascii = true;  ///< false: another character stands there
  std::string found;  ///< in words; where is_ascii, it may quote the text, which may hold a secret
};

/// Reads a whole text, which must be ASCII: letters that only look like others have no place in a
/// configuration, and toml++ 3.3 reaches undefined behaviour when it meets letters such as U+0279
/// where a blank may stand. Nesting is bounded by toml++. Thread-safe.
Result<toml::table, TomlFault> parse_toml(std::string_view text);

}  // namespace buri
