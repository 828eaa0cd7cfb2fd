#include <cstdlib>

#include "hsm/pkcs11/frames.hpp"

/// Whatever decodes must encode to the very same bytes.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::pkcs11;
  const buri::ByteView bytes(data, size);
  const auto request = decode_request(bytes);
  if (request && !buri::equal(encode(*request), bytes)) std::abort();
  const auto reply = decode_reply(bytes);
  if (reply && !buri::equal(encode(*reply), bytes)) std::abort();
  return 0;
}
