#include "tests/support/execution/reference_run.hpp"

#include "node/execution/evm/keccak.hpp"
#include "tests/support/execution/reference_opcodes.hpp"

namespace buri::testing::reference {
namespace {

using execution::evm::keccak256;

constexpr std::size_t kStackLimit = 1024;

/// Appendix H.1: what so many words of memory cost.
Word memory_price(const Word& words) { return 3 * words + words * words / 512; }

}  // namespace

Answer Run::execute() {
  while (!end_) step(position_ < code_.size() ? code_[position_] : 0);
  if (*end_ == End::kFailure) return {End::kFailure, 0, {}, {}};
  return {*end_, gas_.get_si(), output_, {}};
}

/// Section 9.4.2: what halts before an instruction does anything.
void Run::step(std::uint8_t opcode) {
  if (machine_.on_step) {
    machine_.on_step({message_.depth, std::min(position_, code_.size()), opcode, gas_.get_si(),
                      stack_, memory_});
  }
  const auto row = operation(opcode, machine_.environment.rules);
  if (!row) return fail();
  if (!pay(row->price)) return;
  const auto height = static_cast<int>(stack_.size());
  if (height < row->removed) return fail();
  if (height - row->removed + row->added > static_cast<int>(kStackLimit)) return fail();
  ++position_;
  dispatch(opcode);
}

void Run::dispatch(std::uint8_t opcode) {
  if (opcode == 0x00) {
    end_ = End::kSuccess;
  } else if (opcode <= 0x0b) {
    arithmetic(opcode);
  } else if (opcode <= 0x1e) {
    comparison(opcode);
  } else if (opcode == 0x20 || (opcode >= 0x50 && opcode <= 0x53) || opcode == 0x59) {
    memory(opcode);
  } else if (opcode == 0x37 || opcode == 0x39 || opcode == 0x3e || opcode == 0x5e) {
    copy(opcode);
  } else if (opcode == 0x31 || opcode == 0x3b || opcode == 0x3c || opcode == 0x3f) {
    account(opcode);
  } else if (opcode <= 0x3d) {
    context(opcode);
  } else if (opcode <= 0x4a) {
    block(opcode);
  } else if (opcode == 0x54 || opcode == 0x55 || opcode == 0x5c || opcode == 0x5d) {
    storage(opcode);
  } else {
    flow(opcode);
  }
}

Word Run::pop() {
  Word top = stack_.back();
  stack_.pop_back();
  return top;
}

bool Run::pay(const Word& price) {
  if (price > gas_) {
    fail();
    return false;
  }
  gas_ -= price;
  return true;
}

/// M, appendix H.1: the words that memory must have to hold the range.
Word Run::words_for(const Range& range) const {
  if (range.length == 0) return 0;
  return (range.offset + range.length + 31) / 32;
}

bool Run::pay(const Word& price, const Range& first, const Range& second) {
  const Word now(static_cast<unsigned long>(memory_.size() / 32));
  Word needed = now;
  if (words_for(first) > needed) needed = words_for(first);
  if (words_for(second) > needed) needed = words_for(second);
  if (!pay(price + memory_price(needed) - memory_price(now))) return false;
  memory_.resize(needed.get_ui() * 32);
  return true;
}

Bytes Run::read_memory(const Range& range) const {
  if (range.length == 0) return {};
  const auto from = memory_.begin() + static_cast<std::ptrdiff_t>(range.offset.get_ui());
  return {from, from + static_cast<std::ptrdiff_t>(range.length.get_ui())};
}

void Run::write_memory(const Word& to, const Bytes& source, const Word& from, const Word& length) {
  for (std::size_t i = 0; i < length.get_ui(); ++i) {
    const Word at = from + static_cast<unsigned long>(i);
    const bool is_there = at < static_cast<unsigned long>(source.size());
    memory_[to.get_ui() + i] = is_there ? source[at.get_ui()] : std::uint8_t{0};
  }
}

void Run::memory(std::uint8_t opcode) {
  const Word first = opcode == 0x59 ? Word(0) : pop();
  switch (opcode) {
    case 0x20: {  // KECCAK256
      const Range range{first, pop()};
      if (!pay(6 * ((range.length + 31) / 32), range)) return;
      return put(to_word(ByteView(keccak256(read_memory(range)))));
    }
    case 0x50:  // POP
      return;
    case 0x51:  // MLOAD
      if (!pay(0, {first, 32})) return;
      return put(to_word(ByteView(read_memory({first, 32}))));
    case 0x52: {  // MSTORE
      const Hash256 word = to_u256(pop()).to_word();
      if (!pay(0, {first, 32})) return;
      return write_memory(first, Bytes(word.bytes.begin(), word.bytes.end()), 0, 32);
    }
    case 0x53: {  // MSTORE8
      const Hash256 word = to_u256(pop()).to_word();
      if (!pay(0, {first, 1})) return;
      return write_memory(first, Bytes{word.bytes.back()}, 0, 1);
    }
    default:  // MSIZE
      return put(memory_.size());
  }
}

void Run::copy(std::uint8_t opcode) {
  const Word to = pop();
  const Word from = pop();
  const Word length = pop();
  const Word price = 3 * ((length + 31) / 32);
  if (opcode == 0x5e) {  // MCOPY
    if (!pay(price, {to, length}, {from, length})) return;
    return write_memory(to, read_memory({from, length}), 0, length);
  }
  if (opcode == 0x3e && from + length > static_cast<unsigned long>(return_data_.size())) {
    return fail();  // RETURNDATACOPY alone reads nothing beyond the end
  }
  if (!pay(price, {to, length})) return;
  const Bytes& source = opcode == 0x37 ? message_.input : opcode == 0x39 ? code_ : return_data_;
  write_memory(to, source, from, length);
}

void Run::jump(const Word& destination) {
  // D_J: a JUMPDEST that is no part of a PUSH.
  std::size_t position = 0;
  while (position < code_.size() && destination > static_cast<unsigned long>(position)) {
    const std::uint8_t opcode = code_[position];
    position += opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x60 + 2u : 1u;
  }
  const bool is_there = position < code_.size() && code_[position] == 0x5b &&
                        destination == static_cast<unsigned long>(position);
  if (!is_there) return fail();
  position_ = position;
}

void Run::push(std::size_t bytes) {
  Word value = 0;
  for (std::size_t i = 0; i < bytes; ++i, ++position_) {
    value = value * 256 + (position_ < code_.size() ? code_[position_] : 0);
  }
  put(value);
}

void Run::flow(std::uint8_t opcode) {
  const auto swap_place = stack_.size() - 1 - (opcode - 0x90u + 1);
  if (opcode == 0x56) return jump(pop());
  if (opcode == 0x57) {
    const Word destination = pop();
    if (pop() != 0) jump(destination);
    return;
  }
  if (opcode == 0x58) return put(position_ - 1);
  if (opcode == 0x5a) return put(gas_);
  if (opcode == 0x5b) return;
  if (opcode == 0x5f) return put(std::uint64_t{0});
  if (opcode <= 0x7f) return push(opcode - 0x60u + 1);
  if (opcode <= 0x8f) return put(Word(stack_[stack_.size() - 1 - (opcode - 0x80u)]));
  if (opcode <= 0x9f) return std::swap(stack_.back(), stack_[swap_place]);
  if (opcode <= 0xa4) return log(opcode - 0xa0u);
  switch (opcode) {
    case 0xf0:
      return create(false);
    case 0xf5:
      return create(true);
    case 0xf3:
      return finish_with_output(End::kSuccess);
    case 0xfd:
      return finish_with_output(End::kRevert);
    case 0xff:
      return selfdestruct();
    default:
      return call(opcode);
  }
}

void Run::finish_with_output(End end) {
  const Word offset = pop();
  const Range range{offset, pop()};
  if (!pay(0, range)) return;
  output_ = read_memory(range);
  end_ = end;
}

}  // namespace buri::testing::reference
