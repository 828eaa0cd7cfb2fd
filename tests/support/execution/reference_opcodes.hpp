#pragma once

#include <cstdint>
#include <optional>

#include "node/execution/evm/rules.hpp"

namespace buri::testing::reference {

/// A row of the instruction set: yellow paper, appendix H.2.
struct Operation {
  int removed = 0;  ///< delta: words taken
  int added = 0;    ///< alpha: words put back
  int price = 0;    ///< the part of its gas that never varies
};

/// The row of an opcode; nothing if these rules know none.
std::optional<Operation> operation(std::uint8_t opcode, const execution::evm::Rules& rules);

}  // namespace buri::testing::reference
