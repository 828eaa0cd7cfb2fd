#pragma once

#include <cstdint>

/// Why a fact of another chain is not at hand.

namespace buri::protocol {

/// What stands between this node and a fact of the root chain or of Bor.
enum class FactError : std::uint8_t {
  kUnavailable,  ///< no endpoint answered, or none in time
  kMissing,      ///< the chain has no such thing, or it is not final yet
};

}  // namespace buri::protocol
