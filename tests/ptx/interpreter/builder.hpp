#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/ptx/interpreter/module.hpp"
#include "tests/ptx/interpreter/syntax.hpp"

/// A module under construction: scopes of names, places for registers and variables.

namespace buri::ptx {

struct Register {
  Unit32 unit = kNoSource;
  unsigned bytes = 4;
};

class Builder {
 public:
  explicit Builder(Module& module) : module_(module) { open_scope(); }

  Module& module() { return module_; }
  void open_scope() { scopes_.emplace_back(); }
  void close_scope() { scopes_.pop_back(); }

  /// A fresh register of 4 or 8 bytes per lane.
  Unit32 allocate(unsigned bytes);
  /// The register that holds `value` in every lane; equal constants share one.
  Unit32 preset(std::uint64_t value, unsigned bytes);

  /// Declares `name` (or name0, name1, ... when count is given) in the innermost scope.
  void declare_register(std::string_view name, unsigned bytes);
  void declare_registers(std::string_view prefix, std::uint32_t count, unsigned bytes);
  /// Gives a variable its place; module-level ones are visible to the host.
  Result<Variable, ParseError> declare(const Declaration& declaration, bool module_level);

  [[nodiscard]] const Register* find_register(std::string_view name) const;
  [[nodiscard]] const Variable* find_variable(std::string_view name) const;

  /// The next instruction's index.
  [[nodiscard]] std::uint32_t next_pc() const {
    return static_cast<std::uint32_t>(module_.code.size());
  }

  /// State of the function being read, reset by the parser.
  std::map<std::string_view, std::uint32_t> labels;
  std::map<std::string_view, std::vector<std::string_view>> branch_targets;
  std::vector<std::pair<std::uint32_t, std::string_view>> label_uses;  ///< (pc of bra, label)
  std::vector<std::pair<std::uint32_t, std::string_view>> table_uses;  ///< (pc of brx.idx, label)
  Unit32 return_pc = kNoSource;

  /// Calls by name, resolved when the whole module is read.
  std::vector<std::pair<Call*, std::string_view>> call_uses;
  /// The function each call stands in, by place in module().calls, for the recursion check.
  std::vector<std::string_view> callers;
  std::string_view function_name;

 private:
  struct Scope {
    std::map<std::string_view, Register> registers;
    std::map<std::string_view, Variable> variables;
  };

  Variable place(const Declaration& declaration, std::uint32_t bytes);

  Module& module_;
  std::vector<Scope> scopes_;
  std::map<std::pair<std::uint64_t, unsigned>, Unit32> presets_;
  std::vector<std::unique_ptr<std::string>> names_;
};

}  // namespace buri::ptx
