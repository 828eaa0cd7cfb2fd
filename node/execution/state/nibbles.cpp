#include "node/execution/state/nibbles.hpp"

#include <algorithm>

namespace buri::execution::state {
namespace {

constexpr std::uint8_t kOdd = 1;
constexpr std::uint8_t kLeaf = 2;

void append_pairs(Bytes& target, PathView path) {
  for (std::size_t i = 0; i + 1 < path.size(); i += 2) {
    target.push_back(static_cast<std::uint8_t>(path[i] << 4 | path[i + 1]));
  }
}

}  // namespace

Bytes to_nibbles(ByteView key) {
  Bytes nibbles(2 * key.size());
  for (std::size_t i = 0; i < key.size(); ++i) {
    nibbles[2 * i] = key[i] >> 4;
    nibbles[2 * i + 1] = key[i] & 15;
  }
  return nibbles;
}

std::size_t shared_length(PathView a, PathView b) {
  const std::size_t limit = std::min(a.size(), b.size());
  std::size_t length = 0;
  while (length < limit && a[length] == b[length]) ++length;
  return length;
}

void append_hex_prefix(Bytes& target, PathView path, bool is_leaf) {
  const bool is_odd = path.size() % 2 == 1;
  unsigned first = is_leaf ? unsigned{kLeaf} << 4 : 0;
  if (is_odd) first |= unsigned{kOdd} << 4 | path[0];
  target.push_back(static_cast<std::uint8_t>(first));
  append_pairs(target, path.subspan(is_odd ? 1 : 0));
}

bool read_hex_prefix(ByteView encoded, HexPrefix& result) {
  if (encoded.empty()) return false;
  const unsigned flags = encoded[0] >> 4;
  const bool is_odd = (flags & kOdd) != 0;
  if (flags > (kOdd | kLeaf)) return false;
  if (!is_odd && (encoded[0] & 15) != 0) return false;
  result.is_leaf = (flags & kLeaf) != 0;
  result.path.clear();
  if (is_odd) result.path.push_back(encoded[0] & 15);
  for (const std::uint8_t byte : encoded.subspan(1)) {
    result.path.push_back(byte >> 4);
    result.path.push_back(byte & 15);
  }
  return true;
}

}  // namespace buri::execution::state
