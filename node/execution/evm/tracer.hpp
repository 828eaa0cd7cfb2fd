#pragma once

#include <optional>

#include "node/execution/evm/frame.hpp"

/// What a tracer hears. Without a tracer none of it is computed: plain code has no step to report
/// (see Tracing in analysed_code.hpp), and a call tests one pointer.

namespace buri::execution::evm {

/// How a frame, or the end of a contract, came about.
enum class CallKind : std::uint8_t {
  kCall,
  kCallcode,
  kDelegatecall,
  kStaticcall,
  kCreate,
  kCreate2,
  kSelfdestruct,
};

/// Before an instruction is paid for and executed.
struct StepEvent {
  std::size_t position;  ///< in the code
  std::uint8_t opcode;   ///< STOP beyond the code's end
  std::int64_t gas;      ///< left before it
  const U256* top;       ///< the upper word; `frame.stack + 1` is the lowest
  const Frame& frame;
};

/// Before a call's value moves and its code runs, also if depth or balance will forbid that. For
/// kSelfdestruct, `value` is the balance that goes to `to`; no ExitEvent follows it.
struct EnterEvent {
  CallKind kind;
  const Address& from;  ///< the account whose code calls
  const Address& to;
  const U256& value;
  ByteView input;
  std::int64_t gas;
  int depth;  ///< 0 for the transaction's own call
};

/// After a frame; its changes are still there to be seen, also if they will be undone.
struct ExitEvent {
  Status status;
  std::int64_t gas_left;
  ByteView output;
  int depth;
};

/// Receives events in the order of execution, in the thread that executes.
class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual void on_step(const StepEvent&) {}
  virtual void on_enter(const EnterEvent&) {}
  virtual void on_exit(const ExitEvent&) {}
};

}  // namespace buri::execution::evm
