#include "base/check.hpp"
#include "hsm/signer/move.hpp"

/// A move file: what decodes is what encoding makes.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto records = buri::hsm::signer::decode_move(text);
  if (records.ok()) {
    CHECK(buri::hsm::signer::encode_move(*records) == text, "a move file encodes as it was read");
  }
  return 0;
}
