#pragma once

#include "node/execution/evm/frame.hpp"
#include "node/execution/evm/instruction.hpp"

/// How operations become handlers. An operation is a small function over stack words, or over the
/// frame; the templates here move the stack and go on with the next instruction. Every handler ends
/// in a tail call, so that a run of code is a chain of jumps without a loop around it.

namespace buri::execution::evm {

/// Ends the frame. The handler that calls it returns to whoever started the frame.
inline void halt(Frame& frame, std::int64_t gas, Status status) {
  frame.status = status;
  frame.gas_left = takes_all_gas(status) ? 0 : gas;
}

/// kOperation(a, b) of the two upper words, a on top.
template <auto kOperation>
void binary(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[-1] = kOperation(top[0], top[-1]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top - 1, gas, frame);
}

/// kOperation(constant, a): a joined PUSH of at most 64 bits.
template <auto kOperation>
void with_constant(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[0] = kOperation(U256::from_uint64(instruction->argument.value), top[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

/// kOperation(a, constant): a joined PUSH and SWAP1.
template <auto kOperation>
void with_swapped_constant(const Instruction* instruction, U256* top, std::int64_t gas,
                           Frame& frame) {
  top[0] = kOperation(top[0], U256::from_uint64(instruction->argument.value));
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

/// kOperation(w, a), w being the word so many places below the top: a joined DUP.
template <auto kOperation>
void with_word_below(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[0] = kOperation(*(top - instruction->argument.value), top[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

/// kOperation(b, a) of the two upper words, a on top: a joined SWAP1.
template <auto kOperation>
void swapped_binary(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[-1] = kOperation(top[-1], top[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top - 1, gas, frame);
}

template <auto kOperation>
void unary(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[0] = kOperation(top[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

template <auto kOperation>
void ternary(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[-2] = kOperation(top[0], top[-1], top[-2]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top - 2, gas, frame);
}

/// Pushes what kRead(frame) says.
template <auto kRead>
void push_read(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[1] = kRead(frame);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top + 1, gas, frame);
}

/// Changes the top word by kRead(frame, word).
template <auto kRead>
void replace_read(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[0] = kRead(frame, top[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

/// kOperation(instruction, top, gas, frame) may fail and changes the gas; it moves the stack by
/// kDelta words.
template <auto kOperation, int kDelta>
void fallible(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const Status status = kOperation(instruction, top, gas, frame);
  if (status != Status::kRunning) [[unlikely]]
    return halt(frame, gas, status);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top + kDelta, gas, frame);
}

}  // namespace buri::execution::evm
