#pragma once

#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "node/execution/evm/instruction.hpp"
#include "node/execution/evm/rules.hpp"

/// Code made ready to run: a stream of instructions in which every block (a run without jumps into
/// or out of it) is paid and stack-checked once, constants are decoded, jumps to constant
/// destinations are resolved, and frequent pairs of instructions are one. Instructions that read
/// the remaining gas (GAS, SSTORE, calls, creations) end a block, so that it is exact where it is
/// seen. What no path reaches is left out.

namespace buri::execution::evm {

/// Whether the stream reports every instruction to a tracer: then each is a block of its own and
/// none are joined. Plain code carries no trace of tracing.
enum class Tracing : std::uint8_t { kOff, kOn };

/// Immutable; shared by threads.
class AnalysedCode {
 public:
  /// Never fails: bytes that are no instruction become one that fails when it is reached.
  static std::shared_ptr<const AnalysedCode> analyse(ByteView code, const Rules& rules,
                                                     Tracing tracing);

  [[nodiscard]] const Instruction* start() const { return instructions_.data(); }
  /// Where a jump to `position` goes on; null if no JUMPDEST stands there.
  [[nodiscard]] const Instruction* jump_target(const U256& position) const {
    const std::uint64_t at = position.limbs[0];
    const bool is_far = (position.limbs[1] | position.limbs[2] | position.limbs[3]) != 0;
    if (is_far || at >= targets_.size() || targets_[at] == 0) return nullptr;
    return instructions_.data() + (targets_[at] - 1);
  }
  /// The code itself.
  [[nodiscard]] ByteView bytes() const { return bytes_; }
  /// Roughly what it occupies in memory.
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  friend class CodeAnalysis;

  Bytes bytes_;
  std::vector<Instruction> instructions_;
  std::vector<U256> words_;
  /// By position in the code: one more than the index of the JUMPDEST's instruction; 0 for none.
  std::vector<std::uint32_t> targets_;
};

}  // namespace buri::execution::evm
