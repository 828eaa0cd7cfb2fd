#pragma once

#include <vector>

#include "node/execution/evm/tracers/fault_text.hpp"
#include "node/execution/evm/tracers/transaction_tracer.hpp"

namespace buri::execution::evm::tracers {

class JsonText;

struct CallTracerOptions {
  bool only_top_call = false;  ///< onlyTopCall
  bool with_log = false;       ///< withLog
};

/// callTracer: the tree of calls, creations and self-destructions.
class CallTracer final : public TransactionTracer {
 public:
  /// `state` is the one that the transaction changes; its logs are read.
  CallTracer(const JournaledState& state, const CallTracerOptions& options)
      : state_(state), options_(options) {}

  void begin(const Transaction& transaction, const Address&) override;
  std::string finish(const TransactionOutcome& outcome) override;

  void on_step(const StepEvent& event) override { faults_.on_step(event); }
  void on_enter(const EnterEvent& event) override;
  void on_exit(const ExitEvent& event) override;

 private:
  struct LogEntry {
    Log log;
    std::size_t position;  ///< how many calls came before it
  };
  struct Call {
    CallKind kind = CallKind::kCall;
    Address from;
    Address to;
    U256 value;
    Bytes input;
    std::int64_t gas = 0;
    std::int64_t gas_left = 0;
    Status status = Status::kSuccess;
    Bytes output;
    std::string error;
    std::size_t logs_before = 0;  ///< that the state held when the frame began
    std::vector<LogEntry> logs;
    std::vector<Call> calls;
  };

  /// Gives the logs since the last event to a frame.
  void take_logs(Call& call);
  void close_top();
  void drop_failed_logs(Call& call, bool parent_failed);
  void write(const Call& call, JsonText& json) const;
  static void write_logs(const Call& call, JsonText& json);

  const JournaledState& state_;
  CallTracerOptions options_;
  FaultText faults_;
  std::vector<Call> open_;  ///< the frames that run, the outermost first
  Call root_;
  std::uint64_t gas_limit_ = 0;
  std::size_t logs_seen_ = 0;
};

}  // namespace buri::execution::evm::tracers
