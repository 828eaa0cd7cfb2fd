#pragma once

#include <map>
#include <vector>

#include "node/execution/evm/tracers/fault_text.hpp"
#include "node/execution/evm/tracers/transaction_tracer.hpp"

namespace buri::execution::evm::tracers {

class JsonText;

/// What a struct log holds and how long it gets.
struct StructLogOptions {
  bool memory = false;       ///< enableMemory
  bool stack = true;         ///< not disableStack
  bool storage = true;       ///< not disableStorage
  bool return_data = false;  ///< enableReturnData
  /// Once the log has more bytes than this it stops; 0 for no limit. Bytes of the log's own JSON,
  /// as Bor counts them.
  std::size_t limit_bytes = 0;
};

/// The default tracer: every instruction with its gas, stack, memory and storage. An instruction's
/// cost is what the gas before and after it says; of one that fails it is the part of its price
/// that never varies.
class StructLogTracer final : public TransactionTracer {
 public:
  explicit StructLogTracer(const StructLogOptions& options) : options_(options) {}

  void begin(const Transaction&, const Address&) override {}
  std::string finish(const TransactionOutcome& outcome) override;

  void on_step(const StepEvent& event) override;
  void on_enter(const EnterEvent& event) override;
  void on_exit(const ExitEvent& event) override;

 private:
  struct Entry {
    std::size_t position;
    std::uint8_t opcode;
    int depth;
    std::int64_t gas;
    std::int64_t cost = 0;
    std::string error;
    // Members after "error", as JSON without braces.
    std::string before_memory;
    std::string memory;  ///< the words, with commas between
    std::string after_memory;
  };
  /// A frame and its last instruction, whose cost is still to be known.
  struct Open {
    bool is_creation = false;
    bool has_step = false;
    bool is_logged = false;
    std::uint8_t opcode = 0;
    std::int64_t gas = 0;
    std::int64_t constant_cost = 0;
    std::uint64_t memory_words = 0;  ///< that the entry shows
    std::uint64_t words_at_end = 0;  ///< that RETURN and REVERT make room for
    std::int64_t given = 0;          ///< to the frame it called
    std::int64_t returned = 0;       ///< by that frame
  };

  void settle(Open& open, std::int64_t gas_after);
  void set_cost(const Open& open, std::int64_t cost);
  void log(const StepEvent& event);
  /// Bor shows memory as the instruction has made it grow, though not what it writes.
  void grow_memory(Open& open, std::uint64_t words);
  void write_stack(const StepEvent& event, JsonText& json) const;
  void write_storage(const StepEvent& event, JsonText& json);

  StructLogOptions options_;
  FaultText faults_;
  std::vector<Entry> entries_;
  std::vector<Open> frames_;
  std::vector<std::size_t> logged_;  ///< by depth: the entry of its last instruction
  std::map<Address, std::map<U256, U256>> storage_;
  std::size_t bytes_ = 0;
};

}  // namespace buri::execution::evm::tracers
