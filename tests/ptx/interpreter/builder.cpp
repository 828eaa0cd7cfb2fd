#include "tests/ptx/interpreter/builder.hpp"

#include <cstring>

namespace buri::ptx {
namespace {

/// Bytes left free behind every array, so that a short overrun lands nowhere.
constexpr std::uint32_t kGapBytes = 64;

/// The bytes of a variable's initial value; the rest is zero, as PTX says.
std::vector<std::uint8_t> initial_bytes(const Declaration& declaration, std::uint32_t bytes) {
  std::vector<std::uint8_t> result(bytes);
  const unsigned element = declaration.type.memory_bytes();
  for (std::size_t i = 0; i < declaration.initial.size(); ++i) {
    std::memcpy(&result[i * element], &declaration.initial[i], element);
  }
  return result;
}

}  // namespace

std::uint32_t Layout::reserve(std::uint32_t bytes, std::uint32_t alignment) {
  const std::uint32_t begin = (size() + alignment - 1) / alignment * alignment;
  valid.resize(begin, false);
  valid.resize(begin + bytes, true);
  valid.resize(begin + bytes + kGapBytes, false);
  return begin;
}

Unit32 Builder::allocate(unsigned bytes) {
  const Unit32 unit = module_.register_units;
  module_.register_units += bytes / 4;
  return unit;
}

Unit32 Builder::preset(std::uint64_t value, unsigned bytes) {
  if (bytes == 4) value &= 0xffffffffu;
  const auto [entry, is_new] = presets_.try_emplace({value, bytes}, kNoSource);
  if (is_new) {
    entry->second = allocate(bytes);
    module_.presets.push_back({entry->second, bytes, value});
  }
  return entry->second;
}

void Builder::declare_register(std::string_view name, unsigned bytes) {
  scopes_.back().registers[name] = {allocate(bytes), bytes};
}

void Builder::declare_registers(std::string_view prefix, std::uint32_t count, unsigned bytes) {
  for (std::uint32_t i = 0; i < count; ++i) {
    names_.push_back(std::make_unique<std::string>(std::string(prefix) + std::to_string(i)));
    declare_register(*names_.back(), bytes);
  }
}

Variable Builder::place(const Declaration& declaration, std::uint32_t bytes) {
  if (declaration.space == ".shared") {
    return {Space::kShared, module_.shared_layout.reserve(bytes, declaration.alignment), bytes};
  }
  if (declaration.space == ".const") {
    const std::uint64_t begin = (module_.constants.size() + declaration.alignment - 1) /
                                declaration.alignment * declaration.alignment;
    module_.constants.resize(begin);
    const auto initial = initial_bytes(declaration, bytes);
    module_.constants.insert(module_.constants.end(), initial.begin(), initial.end());
    return {Space::kConstant, begin, bytes};
  }
  if (declaration.space == ".global") {
    auto storage = std::make_unique<std::vector<std::uint8_t>>(initial_bytes(declaration, bytes));
    const auto address = reinterpret_cast<std::uint64_t>(storage->data());
    module_.globals.push_back(std::move(storage));
    return {Space::kGlobal, address, bytes};
  }
  // .local and .param; 16-byte alignment lets call buffers be copied whatever their type.
  const std::uint32_t alignment = std::max<std::uint32_t>(declaration.alignment, 16);
  return {Space::kPrivate, module_.private_layout.reserve(bytes, alignment), bytes};
}

Result<Variable, ParseError> Builder::declare(const Declaration& declaration, bool module_level) {
  const std::uint32_t bytes = declaration.count * declaration.type.memory_bytes();
  if (declaration.is_extern && (declaration.space != ".shared" || declaration.count != 0)) {
    return Failure{ParseError{declaration.line, "only unsized shared arrays may be extern"}};
  }
  // The unsized shared array begins where a launch puts its dynamic shared memory: see
  // kDynamicSharedBase.
  const Variable variable = declaration.is_extern ? Variable{Space::kShared, kDynamicSharedBase, 0}
                                                  : place(declaration, bytes);
  scopes_.back().variables[declaration.name] = variable;
  if (module_level) module_.variables[declaration.name] = variable;
  return variable;
}

const Register* Builder::find_register(std::string_view name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->registers.find(name);
    if (found != scope->registers.end()) return &found->second;
  }
  return nullptr;
}

const Variable* Builder::find_variable(std::string_view name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->variables.find(name);
    if (found != scope->variables.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace buri::ptx
