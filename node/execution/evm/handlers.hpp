#pragma once

#include <array>

#include "node/execution/evm/instruction.hpp"

/// Every handler, for the analysis that lays them out. Which opcodes the rules define is not asked
/// here.

namespace buri::execution::evm {

using HandlerTable = std::array<Handler, 256>;

/// The handler of each opcode by itself. PUSH, JUMPDEST and PC have none: see below. An opcode that
/// no rules define has `invalid_opcode`.
const HandlerTable& opcode_handlers();
/// PUSH of at most 64 bits (the argument's value) joined with the opcode after it; null where the
/// pair is not joined.
const HandlerTable& constant_handlers();
/// PUSH of at most 64 bits, SWAP1 and the opcode: the constant is its second operand.
const HandlerTable& swapped_constant_handlers();
/// DUP1..DUP16 and the opcode; the argument's value is how far below the top the word lies.
const HandlerTable& dup_handlers();
/// SWAP1 and the opcode: its operands change places.
const HandlerTable& swap_handlers();
/// A comparison, PUSH and JUMPI in one: jumps to the argument's target where the comparison holds.
const HandlerTable& jump_if_handlers();
/// The same with an ISZERO after the comparison: jumps where it does not hold.
const HandlerTable& jump_unless_handlers();
/// SWAP1..SWAP16 joined with POP, by SWAP's opcode.
const HandlerTable& swap_pop_handlers();

// Parts of the tables, by file.
void add_arithmetic(HandlerTable& opcodes, HandlerTable& constants);
void add_stack_and_flow(HandlerTable& opcodes);
void add_memory(HandlerTable& opcodes, HandlerTable& constants);
void add_context(HandlerTable& opcodes);
void add_storage(HandlerTable& opcodes);
void add_calls(HandlerTable& opcodes);

// Handlers without an opcode of their own.
void begin_block(const Instruction*, U256*, std::int64_t, Frame&);   ///< argument: BlockCheck
void push_value(const Instruction*, U256*, std::int64_t, Frame&);    ///< argument: value
void push_word(const Instruction*, U256*, std::int64_t, Frame&);     ///< argument: word
void and_word(const Instruction*, U256*, std::int64_t, Frame&);      ///< PUSH of a word, AND
void jump_to(const Instruction*, U256*, std::int64_t, Frame&);       ///< argument: target
void jump_nowhere(const Instruction*, U256*, std::int64_t, Frame&);  ///< what such a target is
void jump_if_to(const Instruction*, U256*, std::int64_t, Frame&);    ///< argument: target
/// DUP1, PUSH and JUMPI in one: the condition stays on the stack. Argument: target.
void jump_if_top_to(const Instruction*, U256*, std::int64_t, Frame&);
void invalid_opcode(const Instruction*, U256*, std::int64_t, Frame&);
void trace_step(const Instruction*, U256*, std::int64_t, Frame&);  ///< argument: code position

}  // namespace buri::execution::evm
