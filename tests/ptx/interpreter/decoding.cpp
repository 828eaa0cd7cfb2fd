#include "tests/ptx/interpreter/decoding.hpp"

#include <map>

namespace buri::ptx {

Decoding::Decoding(Builder& builder, const Statement& statement)
    : builder_(builder), statement_(statement) {
  std::string_view rest = statement.opcode;
  const auto next_part = [&rest] {
    const std::string_view part = rest.substr(0, rest.find('.'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    return part;
  };
  base_ = next_part();
  while (!rest.empty()) modifiers_.push_back(next_part());
  instruction.line = statement.line;
}

void Decoding::reject(std::string reason) {
  if (error_.empty()) error_ = std::move(reason);
}

bool Decoding::take(std::string_view name) {
  for (auto at = modifiers_.begin(); at != modifiers_.end(); ++at) {
    if (*at == name) {
      modifiers_.erase(at);
      return true;
    }
  }
  return false;
}

std::uint8_t Decoding::take_one_of(std::span<const std::string_view> names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (take(names[i])) return static_cast<std::uint8_t>(i);
  }
  reject("a needed modifier is missing or unsupported");
  return 0;
}

void Decoding::drop(std::span<const std::string_view> names) {
  for (const std::string_view name : names) take(name);
}

Type Decoding::take_type() {
  Type type;
  for (auto at = modifiers_.begin(); at != modifiers_.end(); ++at) {
    if (!read_type(*at, type)) continue;
    modifiers_.erase(at);
    if (type.kind == 'f') reject("floating point is unsupported");
    if (type.bits > 64) reject("128-bit types are unsupported");
    return type;
  }
  reject("the type is missing");
  return type;
}

bool Decoding::expect_operands(std::size_t least, std::size_t most) {
  const std::size_t count = statement_.operands.size();
  if (count >= least && count <= most) return true;
  reject("wrong number of operands");
  return false;
}

Unit32 Decoding::register_named(std::string_view name, unsigned bytes) {
  const Register* found = builder_.find_register(name);
  if (found == nullptr) {
    reject("unknown register " + std::string(name));
    return kNoSource;
  }
  if (found->bytes != bytes) reject("register " + std::string(name) + " has another width");
  return found->unit;
}

Unit32 Decoding::source(const Operand& operand, unsigned bytes) {
  if (operand.kind == Operand::Kind::kNumber) {
    return builder_.preset(static_cast<std::uint64_t>(operand.number), bytes);
  }
  if (operand.kind != Operand::Kind::kName || operand.negated || !operand.second_name.empty()) {
    reject("unsupported source operand");
    return kNoSource;
  }
  if (builder_.find_register(operand.name) == nullptr) {
    const Variable* variable = builder_.find_variable(operand.name);
    if (variable != nullptr) return builder_.preset(variable->address, bytes);
  }
  return register_named(operand.name, bytes);
}

Unit32 Decoding::target(const Operand& operand, unsigned bytes) {
  if (operand.kind != Operand::Kind::kName || operand.negated) {
    reject("unsupported target operand");
    return kSink;
  }
  if (operand.name == "_") return builder_.allocate(bytes);
  return register_named(operand.name, bytes);
}

Register Decoding::wide_register(const Operand& operand, unsigned bytes, bool is_target) {
  const Register* found = builder_.find_register(operand.name);
  if (operand.kind == Operand::Kind::kName && found != nullptr) {
    if (found->bytes < bytes) reject("register " + std::string(operand.name) + " is too narrow");
    return *found;
  }
  return {is_target ? target(operand, bytes) : source(operand, bytes), bytes};
}

void Decoding::address(const Operand& operand) {
  if (operand.kind != Operand::Kind::kAddress) {
    reject("expected an address");
    return;
  }
  const Operand& base = operand.items.front();
  instruction.immediate = operand.number;
  instruction.a = kNoSource;
  if (base.kind == Operand::Kind::kNumber) {
    instruction.immediate += base.number;
    return;
  }
  if (const Register* found = builder_.find_register(base.name)) {
    instruction.a = found->unit;
    instruction.short_address = found->bytes == 4;
    return;
  }
  const Variable* variable = builder_.find_variable(base.name);
  if (variable == nullptr) {
    reject("unknown address base " + std::string(base.name));
    return;
  }
  instruction.immediate += static_cast<std::int64_t>(variable->address);
}

std::int64_t Decoding::literal(std::size_t index) {
  if (operand(index).kind != Operand::Kind::kNumber) reject("expected a literal");
  return operand(index).number;
}

Result<Instruction, ParseError> Decoding::finish() {
  if (error_.empty() && !modifiers_.empty()) {
    error_ = "unsupported modifier ." + std::string(modifiers_.front());
  }
  if (!error_.empty()) {
    return Failure{ParseError{statement_.line, std::string(statement_.opcode) + ": " + error_}};
  }
  return instruction;
}

namespace {

const std::map<std::string_view, void (*)(Decoding&)>& all_decoders() {
  static const auto table = [] {
    std::map<std::string_view, void (*)(Decoding&)> result;
    for (const auto family : {arithmetic_decoders(), carry_decoders(), bit_decoders(),
                              compare_decoders(), move_decoders(), memory_decoders(),
                              atomic_decoders(), control_decoders(), warp_decoders()}) {
      for (const OpcodeDecoder& decoder : family) result[decoder.base] = decoder.decode;
    }
    return result;
  }();
  return table;
}

void push(Builder& builder, const Instruction& instruction, std::string_view opcode) {
  builder.module().code.push_back(instruction);
  builder.module().opcodes.push_back(opcode);
}

}  // namespace

Status<ParseError> append_instruction(Builder& builder, const Statement& statement) {
  Decoding decoding(builder, statement);
  const auto decoder = all_decoders().find(decoding.base());
  if (decoder == all_decoders().end()) {
    return Failure{
        ParseError{statement.line, "unsupported instruction " + std::string(statement.opcode)}};
  }
  Instruction& instruction = decoding.instruction;
  if (!statement.guard.empty()) {
    instruction.guard = decoding.register_named(statement.guard, 4);
    instruction.guard_negated = statement.guard_negated;
  }
  decoder->second(decoding);
  ASSIGN_OR_RETURN(Instruction decoded, decoding.finish());
  // A guarded call, ret or barrier becomes a branch around an unguarded one.
  if (decoded.flow == Flow::kControl && !statement.guard.empty() && decoding.base() != "bra") {
    Instruction detour = branch_instruction(builder.next_pc() + 2);
    detour.line = statement.line;
    detour.guard = decoded.guard;
    detour.guard_negated = !decoded.guard_negated;
    push(builder, detour, "bra");
    decoded.guard = kNoSource;
  }
  push(builder, decoded, statement.opcode);
  return Unit{};
}

}  // namespace buri::ptx
