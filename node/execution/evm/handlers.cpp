#include "node/execution/evm/handlers.hpp"

#include "node/execution/evm/analysed_code.hpp"
#include "node/execution/evm/dispatch.hpp"
#include "node/execution/evm/evm.hpp"

namespace buri::execution::evm {
namespace {

struct Tables {
  Tables() {
    opcodes.fill(invalid_opcode);
    add_arithmetic(opcodes, constants);
    add_stack_and_flow(opcodes);
    add_memory(opcodes, constants);
    add_context(opcodes);
    add_storage(opcodes);
    add_calls(opcodes);
  }

  HandlerTable opcodes{};
  HandlerTable constants{};
};

const Tables& tables() {
  static const Tables tables;
  return tables;
}

}  // namespace

const HandlerTable& opcode_handlers() { return tables().opcodes; }
const HandlerTable& constant_handlers() { return tables().constants; }

void trace_step(const Instruction* instruction, U256* top, std::int64_t gas, Frame& frame) {
  const std::size_t position = instruction->argument.value;
  const ByteView code = frame.code.bytes();
  const std::uint8_t opcode = position < code.size() ? code[position] : std::uint8_t{0};
  frame.evm.tracer()->on_step({position, opcode, gas, top, frame});
  [[clang::musttail]] return instruction[1].handler(instruction + 1, top, gas, frame);
}

}  // namespace buri::execution::evm
