#pragma once

#include <map>

#include "base/bytes.hpp"

namespace buri::testing {

/// The root of the Merkle Patricia trie (Ethereum yellow paper, appendix D) over these keys and
/// values: recursion over sorted nibbles, nothing kept. Values are not empty.
Hash256 naive_trie_root(const std::map<Bytes, Bytes>& entries);

}  // namespace buri::testing
