#include "base/bytes.hpp"
#include "base/check.hpp"
#include "node/protocol/endpoints/grpc_address.hpp"
#include "node/protocol/endpoints/settings.hpp"

/// Any text either is refused or is an address whose label reads back as the same server; nothing
/// of a user name or path gets into the label.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::protocol::endpoints;
  const std::string_view text = buri::as_text({data, size});
  (void)parse_grpc_address(text, true);
  (void)parse_duration(text);
  const auto url = parse_url(text);
  if (!url.ok()) return 0;
  const auto again = parse_url(url->label());
  CHECK(again.ok() && again->host == url->host && again->port == url->port,
        "a label is an address");
  CHECK(again->target == "/" && again->authorization.empty(), "a label holds no secret");
  return 0;
}
