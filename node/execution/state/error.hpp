#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

/// Why the state could not be read or changed.

namespace buri::execution::state {

struct StateError {
  enum class Kind : std::uint8_t {
    kStorage,      ///< the database refused; its own words are in `detail`
    kCorruption,   ///< a record or a trie node is missing or has a form that is never written
    kWrongRoot,    ///< a state has another root than was recorded for it
    kUnknownBlock  ///< the block is not the head's child, or its state is no longer kept
  };

  Kind kind = Kind::kStorage;
  std::string detail;  ///< one sentence for people, with expected and found where that fits
};

}  // namespace buri::execution::state
