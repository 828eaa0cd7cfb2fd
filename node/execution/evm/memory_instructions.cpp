#include "node/execution/evm/analysed_code.hpp"
#include "node/execution/evm/dispatch.hpp"
#include "node/execution/evm/evm.hpp"
#include "node/execution/evm/handlers.hpp"
#include "node/execution/evm/journaled_state.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/evm/opcode.hpp"
#include "node/execution/evm/prices.hpp"

/// Memory: reading, writing, copying into it, hashing it, and ending a frame with a part of it.

namespace buri::execution::evm {
namespace {

constexpr std::int64_t kCopyWordGas = 3;
constexpr std::int64_t kKeccakWordGas = 6;

void mload(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  if (!frame.memory.holds(top[0], 32)) [[unlikely]] {
    gas = frame.memory.grow(top[0], 32, gas);
    if (gas < 0) return halt(frame, gas, Status::kOutOfGas);
  }
  top[0] = load_word(frame.memory.data() + top[0].limbs[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

void mstore(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  if (!frame.memory.holds(top[0], 32)) [[unlikely]] {
    gas = frame.memory.grow(top[0], 32, gas);
    if (gas < 0) return halt(frame, gas, Status::kOutOfGas);
  }
  store_word(top[-1], frame.memory.data() + top[0].limbs[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top - 2, gas, frame);
}

void mload_constant(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const U256 offset = U256::from_uint64(instruction->argument.value);
  if (!frame.memory.holds(offset, 32)) [[unlikely]] {
    gas = frame.memory.grow(offset, 32, gas);
    if (gas < 0) return halt(frame, gas, Status::kOutOfGas);
  }
  top[1] = load_word(frame.memory.data() + offset.limbs[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top + 1, gas, frame);
}

void mstore_constant(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const U256 offset = U256::from_uint64(instruction->argument.value);
  if (!frame.memory.holds(offset, 32)) [[unlikely]] {
    gas = frame.memory.grow(offset, 32, gas);
    if (gas < 0) return halt(frame, gas, Status::kOutOfGas);
  }
  store_word(top[0], frame.memory.data() + offset.limbs[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top - 1, gas, frame);
}

void mstore8(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  gas = frame.memory.grow(top[0], 1, gas);
  if (gas < 0) return halt(frame, gas, Status::kOutOfGas);
  frame.memory.data()[top[0].limbs[0]] = static_cast<std::uint8_t>(top[-1].limbs[0]);
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top - 2, gas, frame);
}

U256 msize(const Frame& frame) { return U256::from_uint64(frame.memory.size()); }

/// A place in memory and the words to copy there.
struct CopyTarget {
  const U256& offset;
  const U256& length;
};

/// Makes room for a copy and pays for it.
Status prepare_copy(const CopyTarget& target, std::int64_t& gas, Frame& frame) {
  gas = frame.memory.grow(target.offset, target.length, gas);
  if (gas < 0) return Status::kOutOfGas;
  gas -= kCopyWordGas * words(target.length.limbs[0]);
  return gas < 0 ? Status::kOutOfGas : Status::kRunning;
}

/// Copies from `source` at `from`; what lies beyond its end is zero.
void copy_padded(const CopyTarget& target, ByteView source, const U256& from, Frame& frame) {
  const std::uint64_t length = target.length.limbs[0];
  if (length == 0) return;
  std::uint8_t* to = frame.memory.data() + target.offset.limbs[0];
  std::uint64_t present = 0;
  if (fits_uint64(from) && from.limbs[0] < source.size()) {
    present = std::min<std::uint64_t>(length, source.size() - from.limbs[0]);
    std::memcpy(to, source.data() + from.limbs[0], present);
  }
  std::memset(to + present, 0, length - present);
}

Status calldatacopy(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  const CopyTarget target{top[0], top[-2]};
  const Status status = prepare_copy(target, gas, frame);
  if (status == Status::kRunning) copy_padded(target, frame.input, top[-1], frame);
  return status;
}

Status codecopy(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  const CopyTarget target{top[0], top[-2]};
  const Status status = prepare_copy(target, gas, frame);
  if (status == Status::kRunning) copy_padded(target, frame.code.bytes(), top[-1], frame);
  return status;
}

Status extcodecopy(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  const CopyTarget target{top[-1], top[-3]};
  Account& account = use_account(frame, top[0], gas);
  if (gas < 0) return Status::kOutOfGas;
  const Status status = prepare_copy(target, gas, frame);
  if (status == Status::kRunning) copy_padded(target, frame.state.code(account), top[-2], frame);
  return status;
}

Status returndatacopy(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  const CopyTarget target{top[0], top[-2]};
  const U256& from = top[-1];
  const U256 end = wrapping_add(from, top[-2]);
  const bool overflows = less(end, from);
  if (overflows || less(U256::from_uint64(frame.return_data.size()), end)) {
    return Status::kReturnDataOutOfBounds;
  }
  const Status status = prepare_copy(target, gas, frame);
  if (status == Status::kRunning) copy_padded(target, frame.return_data, from, frame);
  return status;
}

Status mcopy(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  const CopyTarget target{top[0], top[-2]};
  gas = frame.memory.grow(top[-1], top[-2], gas);
  if (gas < 0) return Status::kOutOfGas;
  const Status status = prepare_copy(target, gas, frame);
  if (status == Status::kRunning && target.length.limbs[0] != 0) {
    std::memmove(frame.memory.data() + target.offset.limbs[0],
                 frame.memory.data() + top[-1].limbs[0], target.length.limbs[0]);
  }
  return status;
}

Status hash_memory(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  gas = frame.memory.grow(top[0], top[-1], gas);
  if (gas < 0) return Status::kOutOfGas;
  gas -= kKeccakWordGas * words(top[-1].limbs[0]);
  if (gas < 0) return Status::kOutOfGas;
  const ByteView message = frame.memory.view(top[0].limbs[0], top[-1].limbs[0]);
  const bool is_pair = message.size() == KeccakMemo::kMessageBytes;
  const Hash256 digest = is_pair ? frame.evm.keccak_memo().hash(message) : keccak256(message);
  top[-1] = load_word(digest.data());
  return Status::kRunning;
}

template <Status kEnd>
void end_with_output(const Instruction*, U256* top, std::int64_t gas, Frame& frame) {
  gas = frame.memory.grow(top[0], top[-1], gas);
  if (gas < 0) return halt(frame, gas, Status::kOutOfGas);
  frame.output = frame.memory.view(top[0].limbs[0], top[-1].limbs[0]);
  halt(frame, gas, kEnd);
}

}  // namespace

void add_memory(HandlerTable& opcodes, HandlerTable& constants) {
  using enum Opcode;
  const auto set = [](HandlerTable& table, Opcode opcode, Handler handler) {
    table[static_cast<std::uint8_t>(opcode)] = handler;
  };
  set(opcodes, kMload, mload);
  set(opcodes, kMstore, mstore);
  set(opcodes, kMstore8, mstore8);
  set(opcodes, kMsize, push_read<msize>);
  set(opcodes, kCalldatacopy, fallible<calldatacopy, -3>);
  set(opcodes, kCodecopy, fallible<codecopy, -3>);
  set(opcodes, kExtcodecopy, fallible<extcodecopy, -4>);
  set(opcodes, kReturndatacopy, fallible<returndatacopy, -3>);
  set(opcodes, kMcopy, fallible<mcopy, -3>);
  set(opcodes, kKeccak256, fallible<hash_memory, -1>);
  set(opcodes, kReturn, end_with_output<Status::kSuccess>);
  set(opcodes, kRevert, end_with_output<Status::kRevert>);
  set(constants, kMload, mload_constant);
  set(constants, kMstore, mstore_constant);
}

}  // namespace buri::execution::evm
