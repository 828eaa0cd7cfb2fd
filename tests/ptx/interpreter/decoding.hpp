#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ptx/interpreter/builder.hpp"

/// Turns one statement into one instruction. Every modifier must be taken by the opcode's decoder,
/// and every operand must have the width its type says, or the statement is refused.

namespace buri::ptx {

class Decoding {
 public:
  Decoding(Builder& builder, const Statement& statement);

  /// The opcode without modifiers: "mad".
  [[nodiscard]] std::string_view base() const { return base_; }
  [[nodiscard]] const Statement& statement() const { return statement_; }
  Builder& builder() { return builder_; }

  /// Takes modifier `name` if it is there.
  bool take(std::string_view name);
  /// Takes one of `names`, which must be there, and returns its place in the list.
  std::uint8_t take_one_of(std::span<const std::string_view> names);
  /// Takes every one of `names` that is there: hints without meaning here.
  void drop(std::span<const std::string_view> names);
  /// Takes the first type that is left; refuses when there is none, or a floating-point one.
  Type take_type();

  /// Checks the number of operands.
  bool expect_operands(std::size_t least, std::size_t most);
  [[nodiscard]] const Operand& operand(std::size_t index) const {
    return statement_.operands[index];
  }
  /// A register, literal or variable address of `bytes` (4 or 8) per lane.
  Unit32 source(const Operand& operand, unsigned bytes);
  Unit32 source(std::size_t index, unsigned bytes) { return source(operand(index), bytes); }
  /// A register to write; "_" gives the sink.
  Unit32 target(const Operand& operand, unsigned bytes);
  Unit32 target(std::size_t index, unsigned bytes) { return target(operand(index), bytes); }
  Unit32 register_named(std::string_view name, unsigned bytes);
  /// A register of any width, as ld, st and cvt allow, at least `bytes` wide.
  Register wide_register(const Operand& operand, unsigned bytes, bool is_target);
  /// Fills in space-relative base register and offset of [base + offset].
  void address(const Operand& operand);
  /// A literal operand.
  std::int64_t literal(std::size_t index);

  void reject(std::string reason);
  [[nodiscard]] bool rejected() const { return !error_.empty(); }
  /// The instruction, or the first reason against it.
  Result<Instruction, ParseError> finish();

  Instruction instruction;

 private:
  Builder& builder_;
  const Statement& statement_;
  std::string_view base_;
  std::vector<std::string_view> modifiers_;
  std::string error_;
};

/// Decodes all opcodes of one base name.
struct OpcodeDecoder {
  std::string_view base;
  void (*decode)(Decoding&);
};

/// One list per family of opcodes.
std::span<const OpcodeDecoder> arithmetic_decoders();
std::span<const OpcodeDecoder> carry_decoders();
std::span<const OpcodeDecoder> bit_decoders();
std::span<const OpcodeDecoder> compare_decoders();
std::span<const OpcodeDecoder> move_decoders();
std::span<const OpcodeDecoder> memory_decoders();
std::span<const OpcodeDecoder> atomic_decoders();
std::span<const OpcodeDecoder> control_decoders();
std::span<const OpcodeDecoder> warp_decoders();

/// An unconditional branch to instruction `target`.
Instruction branch_instruction(std::uint32_t target);

/// `base` made into a ret: to the caller whose place is kept in `return_pc`, or the end of the
/// thread.
Instruction return_instruction(Unit32 return_pc, Instruction base);
/// bar.sync and barrier.sync; the other forms of bar belong to the warp family.
void decode_block_barrier(Decoding& decoding);

/// Decodes `statement` and appends it to the module (with a branch around it when a guarded
/// instruction moves the pc).
Status<ParseError> append_instruction(Builder& builder, const Statement& statement);

}  // namespace buri::ptx
