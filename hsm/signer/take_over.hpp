#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

/// Going on with a key without its sign-state and without a fence: nothing but the chain can tell
/// what the key has signed, so somebody has to watch it first (signer.md 6.6).

namespace buri::hsm::signer {

/// How many heights in a row must have been committed without a vote of the key.
inline constexpr std::int64_t kQuietHeights = 10;

/// The first height that may be signed when all of [first, last] were committed without a vote of
/// ours: two above what was seen, so that a vote already on its way is never contradicted. The
/// error says how many heights are missing.
inline Result<std::int64_t, std::string> take_over_height(std::int64_t first, std::int64_t last) {
  if (first < 1 || last < first || last - first + 1 < kQuietHeights) {
    return Failure{"at least " + std::to_string(kQuietHeights) +
                   " committed heights without a vote of this key have to be seen"};
  }
  return last + 2;
}

}  // namespace buri::hsm::signer
