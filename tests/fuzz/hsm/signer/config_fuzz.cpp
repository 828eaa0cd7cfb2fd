#include "base/check.hpp"
#include "hsm/signer/config.hpp"

/// A configuration of any bytes: accepted or refused with a sentence.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = buri::hsm::signer::parse_config(text);
  CHECK(config.ok() || !config.error().empty(), "a refusal says why");
  return 0;
}
