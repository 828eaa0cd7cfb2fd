#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// PTX text to tokens (PTX ISA 9.0, section 4). Comments and the line directives .version, .target,
/// .address_size, .file and .loc carry no meaning for execution and are dropped.

namespace buri::ptx {

/// A word holds letters, digits and any of `_ $ % .`, so "add.cc.u32", "%tid.x" and ".reg" are one
/// token each.
struct Token {
  enum class Kind : std::uint8_t { kWord, kNumber, kString, kPunctuation, kEnd };
  Kind kind = Kind::kEnd;
  std::string_view text;  ///< borrows from the text that was read
  std::uint32_t line = 0;

  [[nodiscard]] bool is(std::string_view expected) const {
    return kind != Kind::kString && text == expected;
  }
};

/// Why a text is not PTX that this interpreter can run; the line counts from 1.
struct ParseError {
  std::uint32_t line = 0;
  std::string text;
};

/// The tokens of `text`, ended by one of kind kEnd. Borrows from `text`.
Result<std::vector<Token>, ParseError> read_tokens(std::string_view text);

}  // namespace buri::ptx
