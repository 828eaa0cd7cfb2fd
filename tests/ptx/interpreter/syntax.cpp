#include "tests/ptx/interpreter/syntax.hpp"

#include <algorithm>
#include <charconv>

namespace buri::ptx {

bool read_type(std::string_view text, Type& type) {
  if (text == "pred") {
    type = {'p', 1};
    return true;
  }
  if (text.size() < 2 || std::string_view("busf").find(text[0]) == std::string_view::npos) {
    return false;
  }
  unsigned bits = 0;
  const auto [end, code] = std::from_chars(text.data() + 1, text.data() + text.size(), bits);
  if (code != std::errc{} || end != text.data() + text.size()) return false;
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64 && bits != 128) return false;
  type = {text[0], bits};
  return true;
}

bool read_number(std::string_view text, std::uint64_t& value) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  if (text.ends_with('U')) text.remove_suffix(1);
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return code == std::errc{} && end == text.data() + text.size();
}

Status<ParseError> Cursor::expect(std::string_view text) {
  if (accept(text)) return Unit{};
  return error("expected '" + std::string(text) + "', found '" + std::string(peek().text) + "'");
}

Result<std::int64_t, ParseError> Cursor::read_signed() {
  const bool negative = accept("-");
  std::uint64_t value = 0;
  if (!read_number(peek().text, value)) {
    return error("expected an integer, found '" + std::string(peek().text) + "'");
  }
  next();
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

Result<Operand, ParseError> Cursor::read_list(Operand::Kind kind, std::string_view closing) {
  Operand operand;
  operand.kind = kind;
  next();
  while (!accept(closing)) {
    if (!operand.items.empty()) RETURN_IF_ERROR(expect(","));
    ASSIGN_OR_RETURN(Operand item, read_operand());
    operand.items.push_back(std::move(item));
  }
  return operand;
}

Result<Operand, ParseError> Cursor::read_address() {
  Operand operand;
  operand.kind = Operand::Kind::kAddress;
  next();
  ASSIGN_OR_RETURN(Operand base, read_operand());
  operand.items.push_back(std::move(base));
  if (accept("+")) {
    ASSIGN_OR_RETURN(operand.number, read_signed());
  } else if (peek().is("-")) {
    ASSIGN_OR_RETURN(operand.number, read_signed());
  }
  RETURN_IF_ERROR(expect("]"));
  return operand;
}

Result<Operand, ParseError> Cursor::read_operand() {
  if (peek().is("{")) return read_list(Operand::Kind::kVector, "}");
  if (peek().is("(")) return read_list(Operand::Kind::kList, ")");
  if (peek().is("[")) return read_address();
  Operand operand;
  if (peek().is("-") || peek().kind == Token::Kind::kNumber) {
    operand.kind = Operand::Kind::kNumber;
    ASSIGN_OR_RETURN(operand.number, read_signed());
    return operand;
  }
  operand.negated = accept("!");
  if (peek().kind != Token::Kind::kWord) {
    return error("expected an operand, found '" + std::string(peek().text) + "'");
  }
  operand.name = next().text;
  if (accept("|")) operand.second_name = next().text;
  return operand;
}

Result<Statement, ParseError> Cursor::read_statement() {
  Statement statement;
  statement.line = peek().line;
  if (accept("@")) {
    statement.guard_negated = accept("!");
    statement.guard = next().text;
  }
  if (peek().kind != Token::Kind::kWord) {
    return error("expected an instruction, found '" + std::string(peek().text) + "'");
  }
  statement.opcode = next().text;
  while (!accept(";")) {
    if (!statement.operands.empty()) RETURN_IF_ERROR(expect(","));
    ASSIGN_OR_RETURN(Operand operand, read_operand());
    statement.operands.push_back(std::move(operand));
  }
  return statement;
}

Status<ParseError> Cursor::read_array_size(Declaration& declaration) {
  while (accept("[")) {
    if (accept("]")) {
      declaration.count = 0;
      continue;
    }
    ASSIGN_OR_RETURN(const std::int64_t size, read_signed());
    declaration.count *= static_cast<std::uint32_t>(size);
    RETURN_IF_ERROR(expect("]"));
  }
  return Unit{};
}

Status<ParseError> Cursor::read_initial(Declaration& declaration) {
  if (!accept("=")) return Unit{};
  const bool braced = accept("{");
  do {
    ASSIGN_OR_RETURN(const std::int64_t value, read_signed());
    declaration.initial.push_back(static_cast<std::uint64_t>(value));
  } while (braced && accept(","));
  if (braced) RETURN_IF_ERROR(expect("}"));
  if (declaration.initial.size() > declaration.count) return error("too many initial values");
  return Unit{};
}

Result<Declaration, ParseError> Cursor::read_declaration() {
  Declaration declaration;
  declaration.line = peek().line;
  bool typed = false;
  while (peek().kind == Token::Kind::kWord && peek().text.starts_with('.')) {
    const std::string_view word = next().text;
    if (word == ".extern") {
      declaration.is_extern = true;
    } else if (word == ".align") {
      ASSIGN_OR_RETURN(const std::int64_t bytes, read_signed());
      declaration.alignment = static_cast<std::uint32_t>(bytes);
    } else if (word == ".global" || word == ".const" || word == ".shared" || word == ".local" ||
               word == ".param") {
      // A pointer parameter also names the space it points to: ".param .u64 .ptr .global .align 1".
      if (declaration.space.empty()) declaration.space = word;
    } else if (!typed && read_type(word.substr(1), declaration.type)) {
      typed = true;
    } else if (word != ".visible" && word != ".weak" && word != ".ptr") {
      return error("unsupported word in a declaration: " + std::string(word));
    }
  }
  if (!typed || declaration.space.empty() || peek().kind != Token::Kind::kWord) {
    return error("a declaration lacks its space, type or name");
  }
  if (declaration.type.bits > 64) return error("128-bit types are unsupported");
  declaration.name = next().text;
  RETURN_IF_ERROR(read_array_size(declaration));
  RETURN_IF_ERROR(read_initial(declaration));
  declaration.alignment = std::max(declaration.alignment, declaration.type.memory_bytes());
  return declaration;
}

}  // namespace buri::ptx
