#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/ptx/interpreter/lexer.hpp"

/// The shape of PTX instructions and declarations before any name is resolved. All text borrows
/// from the module's source.

namespace buri::ptx {

/// A scalar type suffix such as .u32; kind is one of 'b' 'u' 's' 'f' and 'p' for .pred.
struct Type {
  char kind = 'b';
  unsigned bits = 32;

  [[nodiscard]] bool is_signed() const { return kind == 's'; }
  /// Bytes of the register that holds such a value: 8 for 64-bit types, else 4.
  [[nodiscard]] unsigned lane_bytes() const { return bits == 64 ? 8 : 4; }
  /// Bytes of such a value in memory.
  [[nodiscard]] unsigned memory_bytes() const { return bits <= 8 ? 1 : bits / 8; }

  friend bool operator==(const Type&, const Type&) = default;
};

/// Reads "u32", "pred" and so on; false when `text` is no type.
bool read_type(std::string_view text, Type& type);

/// Reads a decimal, hexadecimal or octal literal with an optional U suffix; false for anything
/// else, floating-point literals included.
bool read_number(std::string_view text, std::uint64_t& value);

/// One operand as written.
struct Operand {
  enum class Kind : std::uint8_t {
    kName,     ///< register, variable, label or function
    kNumber,   ///< integer literal, sign applied
    kVector,   ///< {a, b}
    kAddress,  ///< [base + offset]; base is items[0]
    kList,     ///< (a, b) of a call
  };
  Kind kind = Kind::kName;
  std::string_view name;
  std::string_view second_name;  ///< the q of p|q
  bool negated = false;          ///< !p
  std::int64_t number = 0;       ///< the literal, or the offset of an address
  std::vector<Operand> items;
};

/// One instruction as written.
struct Statement {
  std::uint32_t line = 0;
  std::string_view guard;  ///< predicate register, empty for none
  bool guard_negated = false;
  std::string_view opcode;  ///< with all its modifiers: "mad.lo.cc.u32"
  std::vector<Operand> operands;
};

/// One variable declaration as written.
struct Declaration {
  std::uint32_t line = 0;
  std::string_view name;
  std::string_view space;  ///< ".shared", ".const", ...
  Type type;
  std::uint32_t alignment = 1;  ///< bytes, at least the element size
  std::uint32_t count = 1;      ///< elements; 0 for an unsized extern array
  bool is_extern = false;
  std::vector<std::uint64_t> initial;
};

/// Walks over tokens. Every read_* member moves past what it read; after an error the cursor stands
/// anywhere and is not used again.
class Cursor {
 public:
  explicit Cursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& next() {
    const Token& token = peek();
    at_ = std::min(at_ + 1, tokens_.size() - 1);
    return token;
  }
  /// Moves past `text` if it is next.
  bool accept(std::string_view text) {
    if (!peek().is(text)) return false;
    next();
    return true;
  }
  /// Moves past `text`, or says what stands there instead.
  Status<ParseError> expect(std::string_view text);
  [[nodiscard]] Failure<ParseError> error(std::string text) const {
    return Failure{ParseError{peek().line, std::move(text)}};
  }

  /// An instruction up to and including its semicolon.
  Result<Statement, ParseError> read_statement();
  /// A variable or parameter declaration, up to but not including its terminator.
  Result<Declaration, ParseError> read_declaration();

 private:
  Result<Operand, ParseError> read_operand();
  Result<Operand, ParseError> read_list(Operand::Kind kind, std::string_view closing);
  Result<Operand, ParseError> read_address();
  Result<std::int64_t, ParseError> read_signed();
  Status<ParseError> read_array_size(Declaration& declaration);
  Status<ParseError> read_initial(Declaration& declaration);

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace buri::ptx
