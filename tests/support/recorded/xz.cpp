#include "tests/support/recorded/xz.hpp"

#include <lzma.h>

#include <array>
#include <fstream>
#include <iterator>

#include "base/check.hpp"

namespace buri::testing {

std::optional<std::string> read_xz(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string packed{std::istreambuf_iterator<char>(file), {}};
  lzma_stream stream = LZMA_STREAM_INIT;
  CHECK(lzma_stream_decoder(&stream, UINT64_MAX, 0) == LZMA_OK, "liblzma starts");
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::string text;
  std::array<char, 65536> part{};
  lzma_ret result = LZMA_OK;
  while (result == LZMA_OK) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(part.data());
    stream.avail_out = part.size();
    result = lzma_code(&stream, LZMA_FINISH);
    text.append(part.data(), part.size() - stream.avail_out);
  }
  CHECK(result == LZMA_STREAM_END, "an .xz file is whole");
  lzma_end(&stream);
  return text;
}

void for_each_line(std::string_view text, const std::function<void(std::string_view)>& visit) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    visit(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

}  // namespace buri::testing
