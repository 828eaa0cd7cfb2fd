#pragma once

#include "base/bytes.hpp"

/// Paths of the Merkle Patricia trie: strings of half bytes, held one a byte.

namespace buri::execution::state {

/// A borrowed path; every byte is below 16.
using PathView = ByteView;

/// The path of a key, high half first.
Bytes to_nibbles(ByteView key);

/// How many nibbles two paths share from their start.
std::size_t shared_length(PathView a, PathView b);

/// Appends the hex-prefix form (yellow paper, appendix C): flags for the kind of node and the
/// parity, then the nibbles in pairs.
void append_hex_prefix(Bytes& target, PathView path, bool is_leaf);

/// What a hex-prefix string says.
struct HexPrefix {
  Bytes path;
  bool is_leaf = false;
};

/// Reads a hex-prefix string; false if no writer makes it (unknown flag, padding not zero, empty).
bool read_hex_prefix(ByteView encoded, HexPrefix& result);

}  // namespace buri::execution::state
