#include "tests/conformance/execution/archive.hpp"

#include <lzma.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

namespace buri::testing {
namespace {

constexpr std::size_t kBlockBytes = 512;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string decompress(const std::string& packed) {
  lzma_stream stream = LZMA_STREAM_INIT;
  CHECK(lzma_stream_decoder(&stream, UINT64_MAX, 0) == LZMA_OK, "liblzma could not start");
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::string text;
  std::string buffer(std::size_t{1} << 20, '\0');
  lzma_ret state = LZMA_OK;
  while (state == LZMA_OK) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(buffer.data());
    stream.avail_out = buffer.size();
    state = lzma_code(&stream, LZMA_FINISH);
    text.append(buffer, 0, buffer.size() - stream.avail_out);
  }
  lzma_end(&stream);
  CHECK(state == LZMA_STREAM_END, "a suite's archive is damaged");
  return text;
}

/// A field of a tar header up to its first zero byte.
std::string_view field(std::string_view header, std::size_t offset, std::size_t length) {
  const std::string_view whole = header.substr(offset, length);
  return whole.substr(0, whole.find('\0'));
}

}  // namespace

std::optional<std::string> fixture_path(std::string_view file) {
  const char* folder = std::getenv("BURI_FIXTURES");
  std::string path = folder != nullptr ? folder : "../shared/fixtures";
  path.append("/").append(file);
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

std::string read_xz(const std::string& path) { return decompress(read_file(path)); }

void visit_archive(const std::string& path,
                   const std::function<void(std::string_view, std::string_view)>& visit) {
  const std::string text = read_xz(path);
  std::string_view rest = text;
  std::string long_name;
  while (rest.size() >= kBlockBytes && rest[0] != '\0') {
    const std::string_view header = rest.substr(0, kBlockBytes);
    const std::size_t bytes = std::stoull(std::string(field(header, 124, 12)), nullptr, 8);
    const std::string_view content = rest.substr(kBlockBytes, bytes);
    std::string name(field(header, 0, 100));
    const std::string_view prefix = field(header, 345, 155);
    if (header.substr(257, 6) == std::string_view("ustar\0", 6) && !prefix.empty()) {
      name = std::string(prefix) + "/" + name;
    }
    if (!long_name.empty()) name = std::exchange(long_name, {});
    const char kind = header[156];
    if (kind == 'L') long_name = std::string(field(content, 0, content.size()));
    if (kind == '0' || kind == '\0') visit(name, content);
    rest.remove_prefix(kBlockBytes + (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes);
  }
}

}  // namespace buri::testing
