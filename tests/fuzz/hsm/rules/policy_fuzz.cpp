#include "base/check.hpp"
#include "hsm/rules/policy.hpp"

/// Any text is a policy or an error with a place; a policy equals itself.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto policy = buri::hsm::rules::parse_policy(buri::as_text({data, size}));
  if (!policy.ok()) {
    CHECK(!policy.error().expected.empty(), "an error says what was expected");
    return 0;
  }
  CHECK(compare(*policy, *policy).change == buri::hsm::rules::PolicyChange::kEqual,
        "a policy is as wide as itself");
  return 0;
}
