#include "base/codec/base64.hpp"

/// Accepted text is the only text of its bytes, and every byte string has one.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView input(data, size);
  const auto bytes = buri::from_base64(buri::as_text(input));
  if (bytes) CHECK(buri::to_base64(*bytes) == buri::as_text(input), "accepted base64 is canonical");
  const auto round_trip = buri::from_base64(buri::to_base64(input));
  CHECK(round_trip && buri::equal(*round_trip, input), "base64 decodes to what was encoded");
  return 0;
}
