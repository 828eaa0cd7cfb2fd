#include "base/codec/rlp.hpp"

/// Whatever the reader accepts, the writer writes back byte for byte: one encoding per value.

namespace {

constexpr int kMaxDepth = 16;

/// Re-encodes all items; false when one is refused (or nested deeper than this test follows).
bool rewrite(buri::RlpReader reader, buri::RlpWriter& writer, int depth) {
  if (depth > kMaxDepth) return false;
  while (!reader.at_end()) {
    const auto item = reader.next();
    if (!item.ok()) return false;
    if (item.value().is_list) {
      buri::RlpWriter inner;
      if (!rewrite(buri::RlpReader(item.value().payload), inner, depth + 1)) return false;
      writer.list(inner);
    } else {
      writer.bytes(item.value().payload);
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView input(data, size);
  buri::RlpWriter writer;
  if (rewrite(buri::RlpReader(input), writer, 0)) {
    CHECK(buri::equal(writer.items(), input), "accepted RLP is canonical");
  }
  const auto integer = buri::RlpReader(input).next_u256();
  if (integer.ok()) {
    const buri::Bytes written = buri::RlpWriter().integer(integer.value()).items();
    CHECK(buri::equal(written, input.first(written.size())), "accepted integers are canonical");
  }
  return 0;
}
