#include "base/check.hpp"
#include "hsm/signer/privval/session.hpp"

/// A privval connection of any bytes: what decodes is what encoding makes, and a session never
/// keeps more than one message.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm;
  using namespace buri::hsm::signer::privval;
  const buri::ByteView bytes(data, size);
  buri::ByteView rest = bytes;
  for (;;) {
    const buri::ByteView before = rest;
    const auto message = take_message(rest);
    if (!message.ok() || !*message) break;
    const auto decoded = decode_message(**message);
    if (!decoded.ok()) continue;
    const buri::ByteView framed = before.first(before.size() - rest.size());
    CHECK(buri::equal(encode_message(*decoded), framed), "a message encodes as it was read");
  }
  Session session([](const wire::RequestBody&) { return wire::Signed{}; });
  (void)session.take(bytes);
  return 0;
}
