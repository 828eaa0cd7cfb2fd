#pragma once

#include <array>
#include <memory>
#include <vector>

#include "node/execution/evm/analysed_code.hpp"
#include "node/execution/evm/gas_schedule.hpp"
#include "node/execution/evm/handlers.hpp"
#include "node/execution/evm/opcode.hpp"

namespace buri::execution::evm {

/// What the analysis asks of each opcode under fixed rules.
struct OpcodeFacts {
  Handler handler;
  std::int32_t gas;
  std::uint8_t inputs;
  std::uint8_t outputs;
  bool is_defined;
  bool ends_block;  ///< the next instruction is reached, if at all, in another block
  bool ends_path;   ///< the next instruction is not reached from here
};
using OpcodeFactsTable = std::array<OpcodeFacts, 256>;
OpcodeFactsTable opcode_facts(const Rules& rules);

/// One pass over a code. Used once.
class CodeAnalysis {
 public:
  CodeAnalysis(ByteView code, const OpcodeFactsTable& facts, Tracing tracing);
  std::shared_ptr<const AnalysedCode> run();

 private:
  /// A pushed constant and where the code goes on after it.
  struct Push {
    U256 value;
    std::size_t next;
  };
  struct PendingJump {
    std::size_t instruction;
    U256 destination;
  };
  struct PendingWord {
    std::size_t instruction;
    std::size_t word;
  };

  [[nodiscard]] bool at_end() const { return position_ >= code_.size(); }
  /// STOP beyond the end, as the EVM reads it.
  [[nodiscard]] std::uint8_t opcode_at(std::size_t position) const {
    return position < code_.size() ? code_[position] : 0;
  }
  [[nodiscard]] bool is_push(std::size_t position) const;
  [[nodiscard]] Push read_push(std::size_t position) const;

  void skip_to_jump_destination();
  void analyse_block();
  void open_block();
  void close_block();
  /// Counts an opcode's gas and stack towards the block.
  void count(std::uint8_t opcode);
  void emit(Handler handler, std::uint64_t value = 0);
  void emit_jump(Handler handler, const U256& destination);
  void emit_word(Handler handler, const U256& word);

  void analyse_traced();
  void analyse_instruction();
  void analyse_plain(std::uint8_t opcode);
  void analyse_push();
  [[nodiscard]] bool join_push(const Push& push);
  [[nodiscard]] bool join_comparison(std::uint8_t opcode);
  [[nodiscard]] bool join_swap(std::uint8_t opcode);
  [[nodiscard]] bool join_dup(std::uint8_t opcode);
  void resolve();

  ByteView code_;
  const OpcodeFactsTable& facts_;
  Tracing tracing_;
  std::shared_ptr<AnalysedCode> result_ = std::make_shared<AnalysedCode>();
  std::vector<PendingJump> jumps_;
  std::vector<PendingWord> words_;
  std::size_t position_ = 0;

  // Of the block under way.
  std::size_t block_instruction_ = 0;
  BlockCheck check_;
  int stack_height_ = 0;  ///< relative to the block's start
  bool block_ended_ = false;
  bool path_ended_ = false;
};

}  // namespace buri::execution::evm
