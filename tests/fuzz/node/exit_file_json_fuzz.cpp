#include "base/check.hpp"
#include "node/cli/verify_checkpoint.hpp"

/// Any text either is refused with the field at fault or is what `buri verify` reads as this input.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = buri::parse_json(buri::as_text({data, size}));
  if (!document.ok()) return 0;
  const auto input = buri::cli::decode_exit_input(buri::JsonCursor(document.value()));
  if (!input.ok()) CHECK(!input.error().path.empty(), "an error names its field");
  return 0;
}
