#include "tests/ptx/interpreter/module.hpp"

#include <algorithm>
#include <set>

#include "tests/ptx/interpreter/decoding.hpp"

/// Reads a module: declarations and functions around the instructions.

namespace buri::ptx {
namespace {

class Parser {
 public:
  Parser(Module& module, std::vector<Token> tokens)
      : module_(module), builder_(module), cursor_(std::move(tokens)) {}

  Status<ParseError> run() {
    while (cursor_.peek().kind != Token::Kind::kEnd) RETURN_IF_ERROR(read_top_level());
    RETURN_IF_ERROR(resolve_calls());
    return refuse_recursion();
  }

 private:
  Status<ParseError> read_top_level() {
    if (cursor_.accept(".section")) return skip_section();
    // Linkage words come before both functions and variables.
    std::size_t ahead = 0;
    while (cursor_.peek(ahead).is(".visible") || cursor_.peek(ahead).is(".weak") ||
           cursor_.peek(ahead).is(".extern")) {
      ++ahead;
    }
    if (cursor_.peek(ahead).is(".entry") || cursor_.peek(ahead).is(".func")) {
      for (; ahead != 0; --ahead) cursor_.next();
      return read_function();
    }
    ASSIGN_OR_RETURN(const Declaration declaration, cursor_.read_declaration());
    RETURN_IF_ERROR(builder_.declare(declaration, true));
    return cursor_.expect(";");
  }

  Status<ParseError> skip_section() {
    while (!cursor_.accept("}")) {
      if (cursor_.next().kind == Token::Kind::kEnd) return cursor_.error("unended section");
    }
    return Unit{};
  }

  Result<std::vector<Variable>, ParseError> read_parameters() {
    std::vector<Variable> parameters;
    if (!cursor_.accept("(")) return parameters;
    while (!cursor_.accept(")")) {
      if (!parameters.empty()) RETURN_IF_ERROR(cursor_.expect(","));
      ASSIGN_OR_RETURN(const Declaration declaration, cursor_.read_declaration());
      ASSIGN_OR_RETURN(const Variable variable, builder_.declare(declaration, false));
      parameters.push_back(variable);
    }
    return parameters;
  }

  /// Directives between the parameters and the body; .maxntid binds launches, the rest are hints.
  void read_directives(Function& function) {
    bool counts_threads = false;
    for (;; cursor_.next()) {
      std::uint64_t value = 0;
      if (cursor_.peek().kind == Token::Kind::kWord) {
        counts_threads = cursor_.peek().is(".maxntid");
        if (counts_threads) function.max_threads = 1;
      } else if (cursor_.peek().kind == Token::Kind::kNumber) {
        if (counts_threads && read_number(cursor_.peek().text, value))
          function.max_threads *= value;
      } else if (!cursor_.peek().is(",")) {
        return;
      }
    }
  }

  Status<ParseError> read_function() {
    Function function;
    function.is_kernel = cursor_.next().is(".entry");
    builder_.open_scope();
    ASSIGN_OR_RETURN(function.results, read_parameters());
    function.name = cursor_.next().text;
    ASSIGN_OR_RETURN(function.parameters, read_parameters());
    read_directives(function);
    if (cursor_.accept(";")) {  // a declaration; the definition follows
      builder_.close_scope();
      return Unit{};
    }
    function.entry = builder_.next_pc();
    function.return_pc = function.is_kernel ? kNoSource : builder_.allocate(4);
    builder_.return_pc = function.return_pc;
    builder_.function_name = function.name;
    builder_.labels.clear();
    builder_.branch_targets.clear();
    builder_.label_uses.clear();
    builder_.table_uses.clear();
    RETURN_IF_ERROR(cursor_.expect("{"));
    RETURN_IF_ERROR(read_body());
    builder_.close_scope();
    Instruction end;
    end.line = cursor_.peek().line;
    module_.code.push_back(return_instruction(function.return_pc, end));
    module_.opcodes.emplace_back("ret");
    module_.functions[function.name] = function;
    return resolve_labels();
  }

  Status<ParseError> read_body() {
    for (unsigned depth = 1; depth != 0;) {
      if (cursor_.peek().kind == Token::Kind::kEnd) return cursor_.error("unended function");
      if (cursor_.accept("{")) {
        ++depth;
        builder_.open_scope();
      } else if (cursor_.accept("}")) {
        if (--depth != 0) builder_.close_scope();
      } else {
        RETURN_IF_ERROR(read_line());
      }
    }
    return Unit{};
  }

  Status<ParseError> read_line() {
    if (cursor_.peek().kind == Token::Kind::kWord && cursor_.peek(1).is(":")) return read_label();
    if (cursor_.accept(";")) return Unit{};
    if (cursor_.accept(".reg")) return read_registers();
    if (cursor_.accept(".pragma")) {
      cursor_.next();
      return cursor_.expect(";");
    }
    if (cursor_.peek().text.starts_with('.')) {
      ASSIGN_OR_RETURN(const Declaration declaration, cursor_.read_declaration());
      RETURN_IF_ERROR(builder_.declare(declaration, false));
      return cursor_.expect(";");
    }
    ASSIGN_OR_RETURN(const Statement statement, cursor_.read_statement());
    return append_instruction(builder_, statement);
  }

  Status<ParseError> read_label() {
    const std::string_view label = cursor_.next().text;
    cursor_.next();
    builder_.labels[label] = builder_.next_pc();
    if (!cursor_.accept(".branchtargets")) return Unit{};
    auto& targets = builder_.branch_targets[label];
    do {
      targets.push_back(cursor_.next().text);
    } while (cursor_.accept(","));
    return cursor_.expect(";");
  }

  /// ".reg .b32 %r<33>;" declares %r0 to %r32, ".reg .u32 a, b;" declares a and b.
  Status<ParseError> read_registers() {
    Type type;
    const std::string_view name = cursor_.next().text;
    if (!read_type(name.substr(std::min<std::size_t>(1, name.size())), type) || type.bits > 64) {
      return cursor_.error("unsupported register type " + std::string(name));
    }
    do {
      const std::string_view prefix = cursor_.next().text;
      if (!cursor_.accept("<")) {
        builder_.declare_register(prefix, type.lane_bytes());
        continue;
      }
      std::uint64_t count = 0;
      if (!read_number(cursor_.next().text, count)) return cursor_.error("expected a count");
      builder_.declare_registers(prefix, static_cast<std::uint32_t>(count), type.lane_bytes());
      RETURN_IF_ERROR(cursor_.expect(">"));
    } while (cursor_.accept(","));
    return cursor_.expect(";");
  }

  Result<std::uint32_t, ParseError> place_of(std::string_view label) {
    const auto found = builder_.labels.find(label);
    if (found == builder_.labels.end()) {
      return cursor_.error("unknown label " + std::string(label));
    }
    return found->second;
  }

  Status<ParseError> resolve_labels() {
    for (const auto& [pc, label] : builder_.label_uses) {
      ASSIGN_OR_RETURN(module_.code[pc].immediate, place_of(label));
    }
    for (const auto& [pc, label] : builder_.table_uses) {
      std::vector<std::uint32_t> table;
      for (const std::string_view target : builder_.branch_targets[label]) {
        ASSIGN_OR_RETURN(const std::uint32_t place, place_of(target));
        table.push_back(place);
      }
      module_.code[pc].immediate = static_cast<std::int64_t>(module_.branch_tables.size());
      module_.branch_tables.push_back(std::move(table));
    }
    return Unit{};
  }

  Status<ParseError> resolve_calls() {
    for (const auto& [site, name] : builder_.call_uses) {
      const auto callee = module_.functions.find(name);
      if (callee == module_.functions.end() || callee->second.is_kernel) {
        return cursor_.error("call to unknown function " + std::string(name));
      }
      site->callee = &callee->second;
      if (!same_sizes(site->arguments, callee->second.parameters) ||
          !same_sizes(site->results, callee->second.results)) {
        return cursor_.error("a call of " + std::string(name) + " does not fit its parameters");
      }
    }
    return Unit{};
  }

  static bool same_sizes(const std::vector<Variable>& a, const std::vector<Variable>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Variable& x, const Variable& y) { return x.bytes == y.bytes; });
  }

  /// Functions own their registers, so none may be entered twice: callees must be definable in an
  /// order.
  Status<ParseError> refuse_recursion() {
    std::map<std::string_view, std::set<std::string_view>> callees;
    for (std::size_t k = 0; k < module_.calls.size(); ++k) {
      callees[builder_.callers[k]].insert(module_.calls[k]->callee->name);
    }
    std::set<std::string_view> settled;
    for (bool moved = true; moved;) {
      moved = false;
      for (const auto& [name, function] : module_.functions) {
        const auto& needed = callees[name];
        if (settled.contains(name) ||
            !std::includes(settled.begin(), settled.end(), needed.begin(), needed.end())) {
          continue;
        }
        settled.insert(name);
        moved = true;
      }
    }
    if (settled.size() == module_.functions.size()) return Unit{};
    return cursor_.error("recursion is unsupported");
  }

  Module& module_;
  Builder builder_;
  Cursor cursor_;
};

}  // namespace

Result<std::unique_ptr<Module>, ParseError> Module::parse(std::string source) {
  auto module = std::make_unique<Module>();
  module->source = std::move(source);
  ASSIGN_OR_RETURN(std::vector<Token> tokens, read_tokens(module->source));
  RETURN_IF_ERROR(Parser(*module, std::move(tokens)).run());
  module->initial_constants = module->constants;
  for (const auto& variable : module->globals) module->initial_globals.push_back(*variable);
  return module;
}

void Module::reset_variables() {
  constants = initial_constants;
  for (std::size_t k = 0; k < globals.size(); ++k) {
    std::copy(initial_globals[k].begin(), initial_globals[k].end(), globals[k]->begin());
  }
}

const Function* Module::find_kernel(std::string_view name) const {
  const auto found = functions.find(name);
  return found != functions.end() && found->second.is_kernel ? &found->second : nullptr;
}

const Variable* Module::find_variable(std::string_view name) const {
  const auto found = variables.find(name);
  return found == variables.end() ? nullptr : &found->second;
}

std::uint8_t* Module::storage_of(const Variable& variable) {
  if (variable.space == Space::kConstant) return constants.data() + variable.address;
  CHECK(variable.space == Space::kGlobal, "only global and constant variables have storage");
  return reinterpret_cast<std::uint8_t*>(variable.address);
}

}  // namespace buri::ptx
