#pragma once

#include <string>
#include <vector>

#include "node/execution/evm/tracer.hpp"

/// Why frames failed, in the words that Ethereum's tools know. Source: the errors of geth's
/// core/vm, as Bor 2.7.2 answers them (golden/bor-devnet/rpc).

namespace buri::execution::evm::tracers {

/// Remembers the last instruction of every frame, which its failure speaks of.
class FaultText {
 public:
  void on_enter(const EnterEvent& event);
  void on_step(const StepEvent& event);
  /// What the frame failed of. REQUIRES: status is not kSuccess.
  [[nodiscard]] std::string describe(const ExitEvent& event) const;

 private:
  struct Last {
    bool has_step = false;
    std::uint8_t opcode = 0;
    std::int64_t gas = 0;
    std::size_t height = 0;  ///< words on the stack
    Address code_address;
    std::size_t input_bytes = 0;
  };
  [[nodiscard]] static std::string out_of_gas(const Last& last);
  [[nodiscard]] static std::string precompile_failure(const Last& last);

  std::vector<Last> frames_;
};

/// "PUSH1", or "opcode 0x0c not defined".
std::string opcode_name(std::uint8_t opcode);

/// The reason in a revert's output: of Error(string) the string, of Panic(uint256) what its code
/// stands for. Empty for any other output.
std::string revert_reason(ByteView output);

}  // namespace buri::execution::evm::tracers
