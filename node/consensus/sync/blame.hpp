#pragma once

#include <cstdint>

namespace buri::consensus::sync {

/// Which of two neighbouring blocks from peers is bad, where they do not go together.
enum class Blame : std::uint8_t {
  kFirst,
  kSecond,
  kBoth,    ///< one of them, and nothing tells which
  kNobody,  ///< the validators decided the first one: it is this node that is wrong
};

}  // namespace buri::consensus::sync
