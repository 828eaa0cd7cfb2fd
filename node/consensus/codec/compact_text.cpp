#include "node/consensus/codec/compact_text.hpp"

namespace buri::consensus::codec::detail {
namespace {

void append_byte(std::string& target, std::uint8_t byte) {
  switch (byte) {
    case '\n':
      target += "\\n";
      return;
    case '\r':
      target += "\\r";
      return;
    case '\t':
      target += "\\t";
      return;
    case '"':
      target += "\\\"";
      return;
    case '\\':
      target += "\\\\";
      return;
    default:
      break;
  }
  if (byte >= 0x20 && byte < 0x7F) {
    target += static_cast<char>(byte);
    return;
  }
  target += '\\';
  for (int shift = 6; shift >= 0; shift -= 3) {
    target += static_cast<char>('0' + (byte >> shift & 7));
  }
}

}  // namespace

void append_quoted_text(std::string& target, ByteView bytes) {
  target += '"';
  for (const std::uint8_t byte : bytes) append_byte(target, byte);
  target += '"';
}

}  // namespace buri::consensus::codec::detail
