#include "base/host_name.hpp"

#include <algorithm>
#include <cstddef>

namespace buri {
namespace {

// 255 octets on the wire, of which two are the first length and the root.
constexpr std::size_t kMaxCharacters = 253;

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

}  // namespace

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxCharacters &&
         std::ranges::all_of(text, is_host_character);
}

}  // namespace buri
