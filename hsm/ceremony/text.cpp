#include "hsm/ceremony/text.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "accel/hasher.hpp"
#include "base/hex.hpp"

namespace buri::hsm::ceremony {
namespace {

/// Bytes of the UTF-8 character that `text` begins with; 0 if it is none, overlong, a surrogate or
/// beyond U+10FFFF (RFC 3629).
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4 : (first >= 0xe0 ? 3 : 2);
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool beyond = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return overlong || beyond ? 0 : size;
}

/// Whether `text` follows `form`, in which '0' stands for a digit, 'F' for an upper-case hex digit
/// and every other character for itself.
bool follows(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool hex = digit || (text[i] >= 'A' && text[i] <= 'F');
    const bool fits = form[i] == '0' ? digit : (form[i] == 'F' ? hex : text[i] == form[i]);
    if (!fits) return false;
  }
  return true;
}

}  // namespace

bool is_plain_text(std::string_view text, std::size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes || text.front() == ' ' || text.back() == ' ') {
    return false;
  }
  while (!text.empty()) {
    const auto first = static_cast<std::uint8_t>(text.front());
    const std::size_t size = character_bytes(text);
    if (size == 0 || first < 0x20 || first == 0x7f) return false;
    // U+0080 to U+009F are control characters, too.
    if (first == 0xc2 && static_cast<std::uint8_t>(text[1]) < 0xa0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string utc_text(WallTime time) {
  const std::time_t seconds = WallTime::clock::to_time_t(time);
  std::tm parts{};
  (void)gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

bool is_utc_text(std::string_view text) { return follows(text, "0000-00-00T00:00:00Z"); }

Hash256 sha256(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().sha256_batch({&message, 1}, {&digest, 1});
  return digest;
}

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

std::string check_value(ByteView digest) {
  const std::string hex = to_upper_hex(digest.first(6));
  return hex.substr(0, 4) + "-" + hex.substr(4, 4) + "-" + hex.substr(8);
}

bool is_check_value(std::string_view text) { return follows(text, "FFFF-FFFF-FFFF"); }

}  // namespace buri::hsm::ceremony
