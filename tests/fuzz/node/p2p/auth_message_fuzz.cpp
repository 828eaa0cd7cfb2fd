#include "base/check.hpp"
#include "node/consensus/p2p/auth_message.hpp"

/// Any bytes either are refused or are the one encoding of the message they decode to.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::consensus::p2p;
  const buri::ByteView bytes(data, size);
  const auto message = decode_auth_message(bytes);
  if (!message.ok()) {
    CHECK(!describe(message.error()).empty(), "every error has words");
    return 0;
  }
  CHECK(buri::equal(encode(message.value()), bytes), "a message has one encoding");
  (void)verify(message->key, buri::Bytes(32, 0x5a), message->signature);
  return 0;
}
