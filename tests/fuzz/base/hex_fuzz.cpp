#include "base/hex.hpp"

#include "base/check.hpp"

/// Any text either is refused or decodes to bytes which print and decode to themselves.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = buri::from_hex(buri::as_text({data, size}));
  if (!bytes) return 0;
  CHECK(buri::from_hex(buri::to_hex(*bytes)) == *bytes, "lower-case hex decodes to its bytes");
  CHECK(buri::from_hex(buri::to_upper_hex(*bytes)) == *bytes,
        "upper-case hex decodes to its bytes");
  return 0;
}
