#include "base/check.hpp"
#include "hsm/ceremony/plan.hpp"
#include "hsm/ceremony/script.hpp"

/// A draft or a plan: a plan encodes as it was read, and whatever was read makes a script.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::ceremony;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto draft = decode_draft(text);
  if (draft.ok()) (void)to_html(make_script({"1", "2026-11-26T00:00:00Z", {}, *draft}));
  const auto plan = decode_plan(text);
  if (plan.ok()) CHECK(encode_plan(*plan) == text, "a plan encodes as it was read");
  return 0;
}
