#include "base/bytes.hpp"
#include "base/check.hpp"
#include "node/protocol/endpoints/settings.hpp"

/// Any text either is refused with a line or gives endpoints that can be asked.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto settings = buri::protocol::endpoints::read_settings(buri::as_text({data, size}));
  if (!settings.ok()) {
    CHECK(settings.error().starts_with("line "), "an error names its line");
    return 0;
  }
  CHECK(!settings->eth_rpc.empty() && !settings->bor_rpc.empty(), "there is somebody to ask");
  CHECK(settings->bor_rpc_timeout.count() > 0, "a call has time");
  CHECK(settings->bor_rpc_timeout <= buri::protocol::endpoints::kMaxBorRpcTimeout, "but not much");
  return 0;
}
