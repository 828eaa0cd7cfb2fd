#include "node/execution/evm/analysed_code.hpp"

#include "node/execution/evm/code_analysis.hpp"

namespace buri::execution::evm {

std::shared_ptr<const AnalysedCode> AnalysedCode::analyse(ByteView code, const Rules& rules,
                                                          Tracing tracing) {
  static thread_local Rules facts_rules;
  static thread_local OpcodeFactsTable facts = opcode_facts(facts_rules);
  if (facts_rules != rules) {
    facts_rules = rules;
    facts = opcode_facts(rules);
  }
  return CodeAnalysis(code, facts, tracing).run();
}

std::size_t AnalysedCode::memory_bytes() const {
  return sizeof *this + bytes_.size() + instructions_.size() * sizeof(Instruction) +
         words_.size() * sizeof(U256) + targets_.size() * sizeof(std::uint32_t);
}

}  // namespace buri::execution::evm
