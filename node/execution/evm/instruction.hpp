#pragma once

#include "base/u256.hpp"

namespace buri::execution::evm {

struct Frame;
struct Instruction;

/// Executes one instruction and goes on with the next as a tail call: the stack pointer (at the top
/// word; the stack grows upward) and the gas that is left stay in registers all the way.
using Handler = void (*)(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame);

/// One step of analysed code.
struct Instruction {
  union Argument {
    std::uint64_t value;
    const U256* word;           ///< a pushed constant of more than 64 bits
    const Instruction* target;  ///< of a jump whose destination is known
  };

  Handler handler;
  Argument argument;
};

/// What is checked once where a block of instructions begins, packed into an argument.
struct BlockCheck {
  std::uint32_t gas = 0;           ///< the constant part of all its instructions' prices
  std::uint16_t stack_needed = 0;  ///< words that must be there
  std::uint16_t stack_growth = 0;  ///< words that it adds at most on the way

  [[nodiscard]] std::uint64_t pack() const {
    return gas | std::uint64_t{stack_needed} << 32 | std::uint64_t{stack_growth} << 48;
  }
  static BlockCheck unpack(std::uint64_t value) {
    return {static_cast<std::uint32_t>(value), static_cast<std::uint16_t>(value >> 32),
            static_cast<std::uint16_t>(value >> 48)};
  }
};

}  // namespace buri::execution::evm
