#include "node/execution/evm/tracers/call_tracer.hpp"

#include "node/execution/evm/journaled_state.hpp"
#include "node/execution/evm/tracers/json_text.hpp"

namespace buri::execution::evm::tracers {
namespace {

std::string_view name_of(CallKind kind) {
  switch (kind) {
    case CallKind::kCall:
      return "CALL";
    case CallKind::kCallcode:
      return "CALLCODE";
    case CallKind::kDelegatecall:
      return "DELEGATECALL";
    case CallKind::kStaticcall:
      return "STATICCALL";
    case CallKind::kCreate:
      return "CREATE";
    case CallKind::kCreate2:
      return "CREATE2";
    case CallKind::kSelfdestruct:
      return "SELFDESTRUCT";
  }
  return "CALL";
}

bool creates(CallKind kind) { return kind == CallKind::kCreate || kind == CallKind::kCreate2; }

}  // namespace

void CallTracer::begin(const Transaction& transaction, const Address&) {
  gas_limit_ = transaction.gas_limit;
  logs_seen_ = state_.logs().size();
}

void CallTracer::take_logs(Call& call) {
  const std::span<const Log> logs = state_.logs();
  for (; logs_seen_ < logs.size(); ++logs_seen_) {
    if (options_.with_log) call.logs.push_back({logs[logs_seen_], call.calls.size()});
  }
}

void CallTracer::on_enter(const EnterEvent& event) {
  faults_.on_enter(event);
  if (!open_.empty()) take_logs(open_.back());
  Call call{.kind = event.kind,
            .from = event.from,
            .to = event.to,
            .value = event.value,
            .input = {event.input.begin(), event.input.end()},
            .gas = event.gas,
            .output = {},
            .error = {},
            .logs_before = state_.logs().size(),
            .logs = {},
            .calls = {}};
  if (event.kind != CallKind::kSelfdestruct) {
    open_.push_back(std::move(call));
  } else if (!options_.only_top_call) {
    open_.back().calls.push_back(std::move(call));
  }
}

void CallTracer::close_top() {
  Call call = std::move(open_.back());
  open_.pop_back();
  if (open_.empty()) {
    root_ = std::move(call);
  } else if (!options_.only_top_call) {
    open_.back().calls.push_back(std::move(call));
  }
}

void CallTracer::on_exit(const ExitEvent& event) {
  Call& call = open_.back();
  take_logs(call);
  call.status = event.status;
  call.gas_left = takes_all_gas(event.status) ? 0 : event.gas_left;
  if (event.status == Status::kSuccess || event.status == Status::kRevert) {
    call.output.assign(event.output.begin(), event.output.end());
  }
  if (event.status != Status::kSuccess) {
    call.error = faults_.describe(event);
    logs_seen_ = call.logs_before;  // the state will forget the others
  }
  close_top();
}

/// What a failed frame and those below it wrote was undone.
void CallTracer::drop_failed_logs(Call& call, bool parent_failed) {
  const bool failed = parent_failed || call.status != Status::kSuccess;
  if (failed) call.logs.clear();
  for (Call& child : call.calls) drop_failed_logs(child, failed);
}

void CallTracer::write_logs(const Call& call, JsonText& json) {
  json.key("logs").open('[');
  for (const LogEntry& entry : call.logs) {
    json.open('{').key("address").hex(entry.log.address);
    json.key("topics").open('[');
    for (const Hash256& topic : entry.log.topics()) json.hex(topic);
    json.close(']').key("data").hex(entry.log.data);
    json.key("position").quantity(entry.position).close('}');
  }
  json.close(']');
}

void CallTracer::write(const Call& call, JsonText& json) const {
  const bool has_failed = call.status != Status::kSuccess;
  json.open('{').key("from").hex(call.from);
  json.key("gas").quantity(static_cast<std::uint64_t>(call.gas));
  json.key("gasUsed").quantity(static_cast<std::uint64_t>(call.gas - call.gas_left));
  if (!has_failed || !creates(call.kind)) json.key("to").hex(call.to);
  json.key("input").hex(call.input);
  if (!call.output.empty()) json.key("output").hex(call.output);
  if (has_failed) json.key("error").text(call.error);
  const std::string reason = has_failed ? revert_reason(call.output) : "";
  if (!reason.empty()) json.key("revertReason").text(reason);
  if (!call.calls.empty()) {
    json.key("calls").open('[');
    for (const Call& child : call.calls) write(child, json);
    json.close(']');
  }
  if (!call.logs.empty()) write_logs(call, json);
  if (call.kind != CallKind::kStaticcall) json.key("value").quantity(call.value);
  json.key("type").text(name_of(call.kind)).close('}');
}

std::string CallTracer::finish(const TransactionOutcome& outcome) {
  take_logs(root_);  // those that follow the call: the fee's
  drop_failed_logs(root_, false);
  root_.gas = static_cast<std::int64_t>(gas_limit_);
  root_.gas_left = root_.gas - static_cast<std::int64_t>(outcome.gas_used);
  JsonText json;
  write(root_, json);
  return json.take();
}

}  // namespace buri::execution::evm::tracers
