#include "node/consensus/runtime/keys.hpp"

#include <fmt/format.h>

#include "node/consensus/codec/json.hpp"

namespace buri::consensus::runtime {

Key& Key::time(const codec::Timestamp& moment) {
  std::string text = codec::to_rfc3339({moment.seconds, 0});
  text.pop_back();
  return this->text(text + fmt::format(".{:09}", moment.nanos));
}

Bytes number_value(std::uint64_t value) {
  Bytes bytes(8);
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(value >> (8 * (7 - i)));
  }
  return bytes;
}

Outcome<std::uint64_t> read_number(ByteView value) {
  if (value.size() != 8) return Failure{fatal("a stored number has not eight bytes")};
  std::uint64_t number = 0;
  for (const std::uint8_t byte : value) number = number << 8 | byte;
  return number;
}

}  // namespace buri::consensus::runtime
