#include "base/check.hpp"
#include "node/consensus/p2p/pex_message.hpp"

/// Any bytes are refused, or a message that is written and read again the same.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::consensus::p2p;
  const auto message = decode_pex_message({data, size});
  if (!message.ok()) {
    CHECK(!describe(message.error()).empty(), "every error has words");
    return 0;
  }
  const auto again = decode_pex_message(encode(message.value()));
  CHECK(again.ok() && again.value() == message.value(), "what was written is read the same");
  return 0;
}
