#include "base/u256_division.hpp"
#include "base/u256_words.hpp"
#include "node/execution/evm/dispatch.hpp"
#include "node/execution/evm/handlers.hpp"
#include "node/execution/evm/opcode.hpp"

/// Arithmetic, comparison and bits. Operations take the top word first.

namespace buri::execution::evm {
namespace {

U256 from_bool(bool value) { return U256::from_uint64(value ? 1 : 0); }

U256 less_word(const U256& a, const U256& b) { return from_bool(less(a, b)); }
U256 greater_word(const U256& a, const U256& b) { return from_bool(less(b, a)); }
U256 signed_less_word(const U256& a, const U256& b) { return from_bool(signed_less(a, b)); }
U256 signed_greater_word(const U256& a, const U256& b) { return from_bool(signed_less(b, a)); }
U256 equal_word(const U256& a, const U256& b) { return from_bool(a == b); }
U256 is_zero_word(const U256& a) { return from_bool(is_zero(a)); }

/// A count of bits or an index, as far as it matters: everything large is alike.
std::uint64_t saturated(const U256& a) { return fits_uint64(a) ? a.limbs[0] : ~std::uint64_t{0}; }

U256 shl(const U256& count, const U256& a) { return shift_left(a, saturated(count)); }
U256 shr(const U256& count, const U256& a) { return shift_right(a, saturated(count)); }
U256 sar(const U256& count, const U256& a) { return shift_right_signed(a, saturated(count)); }
U256 byte_word(const U256& index, const U256& a) {
  return U256::from_uint64(byte_at(a, saturated(index)));
}
U256 sign_extend_word(const U256& index, const U256& a) { return sign_extend(a, saturated(index)); }
U256 count_leading_zeros(const U256& a) { return U256::from_uint64(256 - bit_width(a)); }

/// EXP: 50 gas for every byte of the exponent.
Status power(const Instruction*, U256* top, std::int64_t& gas, Frame&) {
  constexpr std::int64_t kExponentByteGas = 50;
  gas -= kExponentByteGas * static_cast<std::int64_t>((bit_width(top[-1]) + 7) / 8);
  if (gas < 0) return Status::kOutOfGas;
  top[-1] = wrapping_power(top[0], top[-1]);
  return Status::kRunning;
}

void set(HandlerTable& table, Opcode opcode, Handler handler) {
  table[static_cast<std::uint8_t>(opcode)] = handler;
}

template <auto kOperation>
void set_both(HandlerTable& opcodes, HandlerTable& constants, Opcode opcode) {
  set(opcodes, opcode, binary<kOperation>);
  set(constants, opcode, with_constant<kOperation>);
}

}  // namespace

void add_arithmetic(HandlerTable& opcodes, HandlerTable& constants) {
  using enum Opcode;
  set_both<wrapping_add>(opcodes, constants, kAdd);
  set_both<wrapping_multiply>(opcodes, constants, kMul);
  set_both<wrapping_subtract>(opcodes, constants, kSub);
  set_both<less_word>(opcodes, constants, kLt);
  set_both<greater_word>(opcodes, constants, kGt);
  set_both<signed_less_word>(opcodes, constants, kSlt);
  set_both<signed_greater_word>(opcodes, constants, kSgt);
  set_both<equal_word>(opcodes, constants, kEq);
  set_both<bit_and>(opcodes, constants, kAnd);
  set_both<bit_or>(opcodes, constants, kOr);
  set_both<shl>(opcodes, constants, kShl);
  set_both<shr>(opcodes, constants, kShr);
  set_both<sar>(opcodes, constants, kSar);
  set_both<byte_word>(opcodes, constants, kByte);
  set(opcodes, kDiv, binary<quotient_or_zero>);
  set(opcodes, kSdiv, binary<signed_quotient_or_zero>);
  set(opcodes, kMod, binary<remainder_or_zero>);
  set(opcodes, kSmod, binary<signed_remainder_or_zero>);
  set(opcodes, kAddmod, ternary<add_modulo>);
  set(opcodes, kMulmod, ternary<multiply_modulo>);
  set(opcodes, kExp, fallible<power, -1>);
  set(opcodes, kSignextend, binary<sign_extend_word>);
  set(opcodes, kIszero, unary<is_zero_word>);
  set(opcodes, kXor, binary<bit_xor>);
  set(opcodes, kNot, unary<bit_not>);
  set(opcodes, kClz, unary<count_leading_zeros>);
}

const HandlerTable& swapped_constant_handlers() {
  static const HandlerTable table = [] {
    HandlerTable joined{};
    set(joined, Opcode::kSub, with_swapped_constant<wrapping_subtract>);
    set(joined, Opcode::kDiv, with_swapped_constant<quotient_or_zero>);
    set(joined, Opcode::kLt, with_swapped_constant<less_word>);
    set(joined, Opcode::kGt, with_swapped_constant<greater_word>);
    return joined;
  }();
  return table;
}

const HandlerTable& dup_handlers() {
  static const HandlerTable table = [] {
    HandlerTable joined{};
    set(joined, Opcode::kAdd, with_word_below<wrapping_add>);
    set(joined, Opcode::kSub, with_word_below<wrapping_subtract>);
    set(joined, Opcode::kMul, with_word_below<wrapping_multiply>);
    set(joined, Opcode::kLt, with_word_below<less_word>);
    set(joined, Opcode::kGt, with_word_below<greater_word>);
    set(joined, Opcode::kEq, with_word_below<equal_word>);
    set(joined, Opcode::kAnd, with_word_below<bit_and>);
    return joined;
  }();
  return table;
}

const HandlerTable& swap_handlers() {
  static const HandlerTable table = [] {
    HandlerTable joined{};
    set(joined, Opcode::kAdd, binary<wrapping_add>);
    set(joined, Opcode::kMul, binary<wrapping_multiply>);
    set(joined, Opcode::kSub, swapped_binary<wrapping_subtract>);
    set(joined, Opcode::kDiv, swapped_binary<quotient_or_zero>);
    set(joined, Opcode::kLt, swapped_binary<less_word>);
    set(joined, Opcode::kGt, swapped_binary<greater_word>);
    return joined;
  }();
  return table;
}

}  // namespace buri::execution::evm
