#include "base/check.hpp"
#include "hsm/signer/anchor.hpp"
#include "hsm/signer/state_block.hpp"

/// Blocks of a sign-state file: what decodes is what encoding makes.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::signer;
  const buri::ByteView bytes(data, size);
  const StateIdentity identity{{}, "consensus"};
  if (const auto stored = decode_record(identity, bytes)) {
    const buri::Bytes again = encode_record(identity, *stored);
    CHECK(buri::equal(again, bytes.first(again.size())), "a record block encodes as it was read");
  }
  if (const auto stored = decode_signature(bytes)) {
    const buri::Bytes again = encode_signature(*stored);
    CHECK(decode_signature(again).has_value(), "a signature block is read again");
  }
  if (const auto anchor = decode_anchor(bytes)) {
    CHECK(buri::equal(encode_anchor(*anchor), bytes), "an anchor encodes as it was read");
  }
  return 0;
}
