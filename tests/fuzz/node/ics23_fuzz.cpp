#include "base/check.hpp"
#include "node/consensus/iavl/proof.hpp"

/// Any bytes either are refused or decode to a proof within its bounds. (The hashing behind a proof
/// needs an engine and reads nothing from outside.)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::consensus::iavl;
  const auto proof = decode_commitment_proof({data, size});
  if (!proof.ok()) {
    CHECK(!buri::describe(proof.error()).empty(), "every error has words");
    return 0;
  }
  if (const auto* existence = std::get_if<ExistenceProof>(&proof.value())) {
    CHECK(existence->path.size() <= kMaxPathSteps, "paths are bounded");
  }
  return 0;
}
