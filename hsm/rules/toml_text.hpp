#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// TOML of ours is ASCII: letters that only look like others have no place in a policy, and toml++
/// 3.3 reaches undefined behaviour when it meets letters such as U+0279 where a blank may stand.

namespace buri::hsm::rules {

/// A place in a text, counted from 1.
struct TextPlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  friend bool operator==(const TextPlace&, const TextPlace&) = default;
};

/// Where the first byte stands that is not ASCII; nothing if there is none.
constexpr std::optional<TextPlace> first_beyond_ascii(std::string_view text) {
  TextPlace place;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0x7f) return place;
    place = c == '\n' ? TextPlace{place.line + 1, 1} : TextPlace{place.line, place.column + 1};
  }
  return std::nullopt;
}

}  // namespace buri::hsm::rules
