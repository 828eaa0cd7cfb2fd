#include "base/check.hpp"
#include "hsm/wire/plain_extension.hpp"
#include "hsm/wire/vote_extension.hpp"

/// What is read as an extension of either kind is exactly what building it gives (signer.md T31).

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView bytes(data, size);
  if (const auto extension = buri::hsm::wire::decode_vote_extension(bytes); extension.ok()) {
    CHECK(buri::equal(encode_vote_extension(*extension), bytes), "an extension has one encoding");
  }
  if (const auto checkpoint = buri::hsm::wire::parse_plain_checkpoint(bytes)) {
    CHECK(buri::equal(plain_checkpoint(*checkpoint), bytes), "a checkpoint has one encoding");
  }
  return 0;
}
