#include "base/check.hpp"
#include "hsm/wire/codec.hpp"

/// What decodes as a request or a response encodes to the same bytes again (signer.md T31).

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView frame(data, size);
  if (const auto request = buri::hsm::wire::decode_request(frame); request.ok()) {
    CHECK(buri::equal(encode_request(*request), frame), "a request has one encoding");
    CHECK(buri::hsm::wire::peek_request_id(frame) == request->id, "the id is in front");
  }
  if (const auto response = buri::hsm::wire::decode_response(frame); response.ok()) {
    CHECK(buri::equal(encode_response(*response), frame), "a response has one encoding");
  }
  return 0;
}
