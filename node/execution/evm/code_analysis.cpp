#include "node/execution/evm/code_analysis.hpp"

#include <algorithm>

#include "base/u256_words.hpp"

namespace buri::execution::evm {
namespace {

using enum Opcode;

constexpr std::uint8_t byte_of(Opcode opcode) { return static_cast<std::uint8_t>(opcode); }
constexpr std::uint8_t kJumpByte = byte_of(kJump);
constexpr std::uint8_t kJumpiByte = byte_of(kJumpi);
constexpr std::uint8_t kJumpdestByte = byte_of(kJumpdest);

/// Where a jump goes whose destination is none.
const Instruction kNowhere{jump_nowhere, {.value = 0}};

/// After these the gas must be exact or the next instruction is a jump's other way.
bool ends_block_only(Opcode opcode) {
  switch (opcode) {
    case kJumpi:
    case kGas:
    case kSstore:
    case kCreate:
    case kCreate2:
    case kCall:
    case kCallcode:
    case kDelegatecall:
    case kStaticcall:
      return true;
    default:
      return false;
  }
}

bool ends_path(Opcode opcode) {
  switch (opcode) {
    case kStop:
    case kJump:
    case kReturn:
    case kRevert:
    case kSelfdestruct:
      return true;
    default:
      return false;
  }
}

}  // namespace

OpcodeFactsTable opcode_facts(const Rules& rules) {
  const GasSchedule prices = gas_schedule(rules);
  OpcodeFactsTable table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto opcode = static_cast<std::uint8_t>(i);
    const OpcodeRow& row = opcode_rows()[i];
    if (!is_defined(opcode, rules)) {
      table[i] = {invalid_opcode, 0, 0, 0, false, true, true};
      continue;
    }
    const bool last = ends_path(static_cast<Opcode>(opcode));
    table[i] = {opcode_handlers()[i],
                static_cast<std::int32_t>(constant_gas(opcode, prices)),
                row.inputs,
                row.outputs,
                true,
                last || ends_block_only(static_cast<Opcode>(opcode)),
                last};
  }
  return table;
}

CodeAnalysis::CodeAnalysis(ByteView code, const OpcodeFactsTable& facts, Tracing tracing)
    : code_(code), facts_(facts), tracing_(tracing) {
  result_->bytes_.assign(code.begin(), code.end());
  result_->instructions_.reserve(code.size() / 2 + 8);
}

std::shared_ptr<const AnalysedCode> CodeAnalysis::run() {
  while (!at_end()) {
    if (path_ended_) skip_to_jump_destination();
    if (at_end()) break;
    path_ended_ = false;
    if (tracing_ == Tracing::kOn) {
      analyse_traced();
    } else {
      analyse_block();
    }
  }
  if (tracing_ == Tracing::kOn) emit(trace_step, code_.size());
  emit(opcode_handlers()[byte_of(kStop)]);
  resolve();
  return result_;
}

bool CodeAnalysis::is_push(std::size_t position) const {
  const std::uint8_t opcode = opcode_at(position);
  return opcode >= byte_of(kPush0) && opcode <= byte_of(kPush32) && facts_[opcode].is_defined;
}

CodeAnalysis::Push CodeAnalysis::read_push(std::size_t position) const {
  const std::size_t length = immediate_bytes(code_[position]);
  const std::size_t first = position + 1;
  std::array<std::uint8_t, 32> word{};
  const std::size_t present = first < code_.size() ? std::min(length, code_.size() - first) : 0;
  // What the code ends before is zero.
  if (present != 0) std::memcpy(word.data() + 32 - length, code_.data() + first, present);
  return {load_word(word.data()), first + length};
}

void CodeAnalysis::skip_to_jump_destination() {
  while (!at_end() && code_[position_] != kJumpdestByte) {
    position_ += 1 + immediate_bytes(code_[position_]);
  }
}

void CodeAnalysis::emit(Handler handler, std::uint64_t value) {
  result_->instructions_.push_back({handler, {.value = value}});
}

void CodeAnalysis::emit_jump(Handler handler, const U256& destination) {
  jumps_.push_back({result_->instructions_.size(), destination});
  emit(handler);
}

void CodeAnalysis::emit_word(Handler handler, const U256& word) {
  words_.push_back({result_->instructions_.size(), result_->words_.size()});
  result_->words_.push_back(word);
  emit(handler);
}

void CodeAnalysis::open_block() {
  block_instruction_ = result_->instructions_.size();
  check_ = {};
  stack_height_ = 0;
  block_ended_ = false;
  emit(begin_block);
}

void CodeAnalysis::close_block() {
  result_->instructions_[block_instruction_].argument.value = check_.pack();
}

void CodeAnalysis::count(std::uint8_t opcode) {
  const OpcodeFacts& facts = facts_[opcode];
  check_.gas += static_cast<std::uint32_t>(facts.gas);
  const int needed = facts.inputs - stack_height_;
  if (needed > check_.stack_needed) check_.stack_needed = static_cast<std::uint16_t>(needed);
  stack_height_ += facts.outputs - facts.inputs;
  if (stack_height_ > check_.stack_growth) {
    check_.stack_growth = static_cast<std::uint16_t>(stack_height_);
  }
  block_ended_ = facts.ends_block;
  path_ended_ = facts.ends_path;
}

void CodeAnalysis::analyse_block() {
  // Beyond this a stack check could not hold in any case, and the fields of BlockCheck do not
  // overflow.
  constexpr std::size_t kMaxInstructions = 4096;
  open_block();
  if (code_[position_] == kJumpdestByte) {
    if (result_->targets_.empty()) result_->targets_.resize(code_.size());
    result_->targets_[position_] = static_cast<std::uint32_t>(block_instruction_ + 1);
    count(kJumpdestByte);
    ++position_;
  }
  for (std::size_t i = 0; i < kMaxInstructions; ++i) {
    if (at_end() || block_ended_ || code_[position_] == kJumpdestByte) break;
    analyse_instruction();
  }
  close_block();
}

/// One instruction as a block of its own, after the one that reports it.
void CodeAnalysis::analyse_traced() {
  const std::uint8_t opcode = code_[position_];
  if (opcode == kJumpdestByte) {
    if (result_->targets_.empty()) result_->targets_.resize(code_.size());
    result_->targets_[position_] = static_cast<std::uint32_t>(result_->instructions_.size() + 1);
  }
  emit(trace_step, position_);
  open_block();
  if (is_push(position_)) {
    const Push push = read_push(position_);
    count(opcode);
    emit_word(push_word, push.value);
    position_ = push.next;
  } else {
    analyse_plain(opcode);
  }
  close_block();
}

void CodeAnalysis::analyse_instruction() {
  const std::uint8_t opcode = code_[position_];
  if (is_push(position_)) return analyse_push();
  if (join_comparison(opcode) || join_swap(opcode) || join_dup(opcode)) return;
  analyse_plain(opcode);
}

void CodeAnalysis::analyse_plain(std::uint8_t opcode) {
  count(opcode);
  if (opcode == byte_of(kPc)) {
    emit(push_value, position_);
  } else if (opcode != kJumpdestByte) {
    emit(facts_[opcode].handler, opcode);
  }
  ++position_;
}

void CodeAnalysis::analyse_push() {
  const Push push = read_push(position_);
  count(code_[position_]);
  position_ = push.next;
  if (join_push(push)) return;
  if (fits_uint64(push.value)) {
    emit(push_value, push.value.limbs[0]);
  } else {
    emit_word(push_word, push.value);
  }
}

bool CodeAnalysis::join_push(const Push& push) {
  const std::uint8_t opcode = opcode_at(position_);
  if (opcode == byte_of(kSwap1) && fits_uint64(push.value)) {
    const std::uint8_t after = opcode_at(position_ + 1);
    const Handler swapped = swapped_constant_handlers()[after];
    if (swapped == nullptr) return false;
    count(opcode);
    count(after);
    emit(swapped, push.value.limbs[0]);
    position_ += 2;
    return true;
  }
  if (opcode == kJumpByte) {
    emit_jump(jump_to, push.value);
  } else if (opcode == kJumpiByte) {
    emit_jump(jump_if_to, push.value);
  } else if (const Handler joined = constant_handlers()[opcode];
             joined != nullptr && fits_uint64(push.value)) {
    emit(joined, push.value.limbs[0]);
  } else if (opcode == byte_of(kAnd)) {
    emit_word(and_word, push.value);
  } else {
    return false;
  }
  count(opcode);
  ++position_;
  return true;
}

/// A comparison, perhaps ISZERO, PUSH, JUMPI.
bool CodeAnalysis::join_comparison(std::uint8_t opcode) {
  if (jump_if_handlers()[opcode] == nullptr) return false;
  std::size_t next = position_ + 1;
  const bool negated = opcode_at(next) == byte_of(kIszero);
  if (negated) ++next;
  if (!is_push(next)) return false;
  const Push push = read_push(next);
  if (opcode_at(push.next) != kJumpiByte) return false;
  count(opcode);
  if (negated) count(byte_of(kIszero));
  count(code_[next]);
  count(kJumpiByte);
  const Handler handler = (negated ? jump_unless_handlers() : jump_if_handlers())[opcode];
  emit_jump(handler, push.value);
  position_ = push.next + 1;
  return true;
}

/// SWAP and POP, SWAP1 and arithmetic.
bool CodeAnalysis::join_swap(std::uint8_t opcode) {
  const std::uint8_t next = opcode_at(position_ + 1);
  Handler joined = nullptr;
  if (next == byte_of(kPop)) {
    joined = swap_pop_handlers()[opcode];
  } else if (opcode == byte_of(kSwap1)) {
    joined = swap_handlers()[next];
  }
  if (joined == nullptr) return false;
  count(opcode);
  count(next);
  emit(joined);
  position_ += 2;
  return true;
}

/// DUP and arithmetic; DUP1, PUSH and JUMPI.
bool CodeAnalysis::join_dup(std::uint8_t opcode) {
  if (opcode < byte_of(kDup1) || opcode > byte_of(kDup16)) return false;
  const std::uint8_t next = opcode_at(position_ + 1);
  if (const Handler joined = dup_handlers()[next]; joined != nullptr) {
    count(opcode);
    count(next);
    emit(joined, std::uint64_t{opcode} - byte_of(kDup1));
    position_ += 2;
    return true;
  }
  if (opcode != byte_of(kDup1) || !is_push(position_ + 1)) return false;
  const Push push = read_push(position_ + 1);
  if (opcode_at(push.next) != kJumpiByte) return false;
  count(opcode);
  count(next);
  count(kJumpiByte);
  emit_jump(jump_if_top_to, push.value);
  position_ = push.next + 1;
  return true;
}

void CodeAnalysis::resolve() {
  std::vector<Instruction>& instructions = result_->instructions_;
  instructions.shrink_to_fit();
  for (const PendingWord& word : words_) {
    instructions[word.instruction].argument.word = &result_->words_[word.word];
  }
  for (const PendingJump& jump : jumps_) {
    const Instruction* target = result_->jump_target(jump.destination);
    instructions[jump.instruction].argument.target = target != nullptr ? target : &kNowhere;
  }
}

}  // namespace buri::execution::evm
