#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ptx/interpreter/instruction.hpp"
#include "tests/ptx/interpreter/lexer.hpp"

/// A PTX module, decoded and ready to run.
///
/// Functions get their registers, .local arrays and .param buffers at fixed places, once: recursion
/// is refused. .local and .param share one private memory per lane.

namespace buri::ptx {

/// A named piece of memory.
struct Variable {
  Space space = Space::kGlobal;
  std::uint64_t address = 0;  ///< offset in its space; a host address for global
  std::uint32_t bytes = 0;
};

struct Function {
  std::string_view name;
  bool is_kernel = false;
  std::uint64_t max_threads = 0;  ///< of a block, from .maxntid; 0 when there is no limit
  std::uint32_t entry = 0;        ///< index of its first instruction
  Unit32 return_pc = kNoSource;   ///< where each lane's return place is kept; none in a kernel
  std::vector<Variable> parameters;
  std::vector<Variable> results;  ///< none or one
};

/// A call site: which of the caller's buffers feed which function.
struct Call {
  const Function* callee = nullptr;
  std::vector<Variable> arguments;
  std::vector<Variable> results;
};

/// A register that holds the same constant in every lane.
struct Preset {
  Unit32 unit;
  unsigned bytes;  ///< 4 or 8
  std::uint64_t value;
};

/// The bytes of one address space whose layout is known before launch; gaps separate arrays so that
/// running over the end of one does not reach the next.
struct Layout {
  std::vector<bool> valid;  ///< by byte: belongs to an array

  /// Reserves `bytes` and returns their offset.
  std::uint32_t reserve(std::uint32_t bytes, std::uint32_t alignment);
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(valid.size()); }
};

/// Where dynamic shared memory begins in the shared space, far behind every static array.
inline constexpr std::uint32_t kDynamicSharedBase = 1u << 20;

/// Generic addresses carry their space in the top byte; everything else is global.
inline constexpr std::uint64_t kSharedWindow = 1ull << 56;
inline constexpr std::uint64_t kPrivateWindow = 2ull << 56;
inline constexpr std::uint64_t kConstantWindow = 3ull << 56;

/// Immutable once parsed, except for the contents of its global and constant variables, which
/// launches and the host write; one launch at a time.
class Module {
 public:
  /// Decodes `source`. Every construct the interpreter cannot execute is an error with its line.
  static Result<std::unique_ptr<Module>, ParseError> parse(std::string source);

  [[nodiscard]] const Function* find_kernel(std::string_view name) const;
  [[nodiscard]] const Variable* find_variable(std::string_view name) const;
  /// Host address of a module-level variable's bytes. REQUIRES: space is global or constant.
  std::uint8_t* storage_of(const Variable& variable);
  /// Gives every module-level variable its initial value again.
  void reset_variables();
  /// The opcode of an instruction, as written.
  [[nodiscard]] std::string_view opcode(std::uint32_t pc) const { return opcodes[pc]; }

  std::string source;
  std::vector<Instruction> code;
  std::vector<std::string_view> opcodes;  ///< by pc
  std::map<std::string_view, Function> functions;
  std::map<std::string_view, Variable> variables;
  std::vector<std::unique_ptr<Call>> calls;
  std::vector<std::vector<std::uint32_t>> branch_tables;
  std::vector<Preset> presets;
  std::uint32_t register_units = kFirstFreeUnit;
  Layout private_layout;
  Layout shared_layout;
  std::vector<std::uint8_t> constants;
  std::vector<std::unique_ptr<std::vector<std::uint8_t>>> globals;
  std::vector<std::uint8_t> initial_constants;
  std::vector<std::vector<std::uint8_t>> initial_globals;
};

}  // namespace buri::ptx
