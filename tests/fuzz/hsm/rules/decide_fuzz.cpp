#include "base/check.hpp"
#include "hsm/wire/codec.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

/// Any request that decodes is judged without harm: a refusal says why, and what was granted is
/// answered from memory when it is asked for again.

namespace {

bool is_judged(const buri::hsm::wire::RequestBody& body) {
  return buri::hsm::rules::ledger_of(body).has_value() ||
         std::holds_alternative<buri::hsm::wire::ProveOfPossession>(body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = buri::hsm::wire::decode_request({data, size});
  if (!request.ok() || !is_judged(request->body)) return 0;
  buri::hsm::rules::testing::World world;
  const auto first = world.sign(request->body);
  if (!first.ok()) {
    CHECK(!first.error().expected.empty(), "a refusal says what was expected");
    return 0;
  }
  if (!first->record) return 0;
  const auto second = world.sign(request->body);
  CHECK(second.ok() && !second->record, "a repeated request changes nothing");
  CHECK(second->slots.empty() || second->is_replay(), "a repeated request is a replay");
  return 0;
}
