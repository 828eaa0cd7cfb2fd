#include <cstdlib>

#include "accel/engine/profile.hpp"

/// Whatever decodes must encode to the very same text.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto profile = buri::accel::engine::decode_profile(text);
  if (profile && buri::accel::engine::encode_profile(*profile) != text) std::abort();
  return 0;
}
