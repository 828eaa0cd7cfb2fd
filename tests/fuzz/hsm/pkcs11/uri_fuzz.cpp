#include <cstdlib>

#include "hsm/pkcs11/uri.hpp"

/// Whatever parses must parse to the same parts again after it was formatted, and every refusal has
/// a place inside the text.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::pkcs11;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto uri = parse_key_uri(text);
  if (!uri.ok()) {
    if (uri.error().position > size || describe(uri.error()).empty()) std::abort();
    return 0;
  }
  const std::string formatted = format_key_uri(*uri);
  if (formatted.size() > kMaxUriBytes) return 0;
  const auto again = parse_key_uri(formatted);
  if (!again.ok() || *again != *uri) std::abort();
  return 0;
}
