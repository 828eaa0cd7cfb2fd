#include <utility>

#include "base/u256_words.hpp"
#include "node/execution/evm/analysed_code.hpp"
#include "node/execution/evm/dispatch.hpp"
#include "node/execution/evm/handlers.hpp"
#include "node/execution/evm/opcode.hpp"

/// Blocks, constants, the order of the stack, and jumps.

namespace buri::execution::evm {

void begin_block(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const BlockCheck check = BlockCheck::unpack(instruction->argument.value);
  gas -= check.gas;
  if (gas < 0) [[unlikely]]
    return halt(frame, gas, Status::kOutOfGas);
  // `stack` is below the lowest word, so the difference is the number of words.
  const auto height = static_cast<std::size_t>(top - frame.stack);
  if (height < check.stack_needed) [[unlikely]] {
    return halt(frame, gas, Status::kStackUnderflow);
  }
  if (height + check.stack_growth > kStackLimit) [[unlikely]] {
    return halt(frame, gas, Status::kStackOverflow);
  }
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

void push_value(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[1] = U256::from_uint64(instruction->argument.value);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top + 1, gas, frame);
}

void push_word(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[1] = *instruction->argument.word;
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top + 1, gas, frame);
}

void and_word(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[0] = bit_and(top[0], *instruction->argument.word);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

void jump_to(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const Instruction* target = instruction->argument.target;
  [[clang::musttail]] return target->handler(target, top, gas, frame);
}

void jump_nowhere(const Instruction*, U256*, std::int64_t gas, Frame& frame) {
  halt(frame, gas, Status::kInvalidJump);
}

void jump_if_to(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const Instruction* next = is_zero(top[0]) ? instruction + 1 : instruction->argument.target;
  [[clang::musttail]] return next->handler(next, top - 1, gas, frame);
}

void jump_if_top_to(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const Instruction* next = is_zero(top[0]) ? instruction + 1 : instruction->argument.target;
  [[clang::musttail]] return next->handler(next, top, gas, frame);
}

void invalid_opcode(const Instruction*, U256*, std::int64_t gas, Frame& frame) {
  halt(frame, gas, Status::kInvalidOpcode);
}

namespace {

void stop(const Instruction*, U256*, std::int64_t gas, Frame& frame) {
  halt(frame, gas, Status::kSuccess);
}

void jump(const Instruction*, U256* top, std::int64_t gas, Frame& frame) {
  const Instruction* target = frame.code.jump_target(top[0]);
  if (target == nullptr) [[unlikely]]
    return halt(frame, gas, Status::kInvalidJump);
  [[clang::musttail]] return target->handler(target, top - 1, gas, frame);
}

void jump_if(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const Instruction* next = instruction + 1;
  if (!is_zero(top[-1])) {
    next = frame.code.jump_target(top[0]);
    if (next == nullptr) [[unlikely]]
      return halt(frame, gas, Status::kInvalidJump);
  }
  [[clang::musttail]] return next->handler(next, top - 2, gas, frame);
}

void pop(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top - 1, gas, frame);
}

void gas_left(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[1] = U256::from_uint64(static_cast<std::uint64_t>(gas));
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top + 1, gas, frame);
}

/// DUP and SWAP of the word `kDepth` places below the top.
template <int kDepth>
void dup(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[1] = top[-kDepth];
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top + 1, gas, frame);
}

template <int kDepth>
void swap(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  std::swap(top[0], top[-kDepth]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

template <int kDepth>
void swap_pop(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  top[-kDepth] = top[0];
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top - 1, gas, frame);
}

/// What a joined comparison asks of the words on the stack, and how many it takes.
struct Holds {
  static bool less_top(const U256* top) { return less(top[0], top[-1]); }
  static bool greater_top(const U256* top) { return less(top[-1], top[0]); }
  static bool signed_less_top(const U256* top) { return signed_less(top[0], top[-1]); }
  static bool signed_greater_top(const U256* top) { return signed_less(top[-1], top[0]); }
  static bool equal_top(const U256* top) { return top[0] == top[-1]; }
  static bool zero_top(const U256* top) { return is_zero(top[0]); }
};

template <auto kHolds, int kWords, bool kWanted>
void compare_and_jump(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const Instruction* next = kHolds(top) == kWanted ? instruction->argument.target : instruction + 1;
  [[clang::musttail]] return next->handler(next, top - kWords, gas, frame);
}

template <bool kWanted>
HandlerTable comparing_jumps() {
  using enum Opcode;
  HandlerTable table{};
  const auto set = [&](Opcode opcode, Handler handler) {
    table[static_cast<std::uint8_t>(opcode)] = handler;
  };
  set(kLt, compare_and_jump<Holds::less_top, 2, kWanted>);
  set(kGt, compare_and_jump<Holds::greater_top, 2, kWanted>);
  set(kSlt, compare_and_jump<Holds::signed_less_top, 2, kWanted>);
  set(kSgt, compare_and_jump<Holds::signed_greater_top, 2, kWanted>);
  set(kEq, compare_and_jump<Holds::equal_top, 2, kWanted>);
  set(kIszero, compare_and_jump<Holds::zero_top, 1, kWanted>);
  return table;
}

template <std::size_t... kIndex>
void add_numbered(HandlerTable& table, std::index_sequence<kIndex...>) {
  constexpr auto kDup = static_cast<std::size_t>(Opcode::kDup1);
  constexpr auto kSwap = static_cast<std::size_t>(Opcode::kSwap1);
  ((table[kDup + kIndex] = dup<static_cast<int>(kIndex)>), ...);
  ((table[kSwap + kIndex] = swap<static_cast<int>(kIndex) + 1>), ...);
}

template <std::size_t... kIndex>
HandlerTable make_swap_pops(std::index_sequence<kIndex...>) {
  HandlerTable table{};
  constexpr auto kSwap = static_cast<std::size_t>(Opcode::kSwap1);
  ((table[kSwap + kIndex] = swap_pop<static_cast<int>(kIndex) + 1>), ...);
  return table;
}

}  // namespace

void add_stack_and_flow(HandlerTable& opcodes) {
  using enum Opcode;
  const auto set = [&](Opcode opcode, Handler handler) {
    opcodes[static_cast<std::uint8_t>(opcode)] = handler;
  };
  set(kStop, stop);
  set(kJump, jump);
  set(kJumpi, jump_if);
  set(kPop, pop);
  set(kGas, gas_left);
  add_numbered(opcodes, std::make_index_sequence<16>{});
}

const HandlerTable& jump_if_handlers() {
  static const HandlerTable table = comparing_jumps<true>();
  return table;
}
const HandlerTable& jump_unless_handlers() {
  static const HandlerTable table = comparing_jumps<false>();
  return table;
}
const HandlerTable& swap_pop_handlers() {
  static const HandlerTable table = make_swap_pops(std::make_index_sequence<16>{});
  return table;
}

}  // namespace buri::execution::evm
