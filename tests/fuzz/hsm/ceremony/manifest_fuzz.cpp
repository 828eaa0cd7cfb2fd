#include "base/check.hpp"
#include "hsm/ceremony/manifest.hpp"

/// A manifest encodes as it was read, and names no path outside its folder.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::ceremony;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = decode_manifest(text);
  if (!manifest.ok()) return 0;
  CHECK(encode_record(*manifest) == text, "a manifest encodes as it was read");
  for (const ManifestEntry& entry : manifest->files) {
    CHECK(!entry.path.starts_with('/') && entry.path.find("..") != 0, "a path stays inside");
  }
  return 0;
}
