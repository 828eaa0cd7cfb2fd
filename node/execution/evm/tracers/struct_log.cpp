#include "node/execution/evm/tracers/struct_log.hpp"

#include "base/hex.hpp"
#include "node/execution/evm/journaled_state.hpp"
#include "node/execution/evm/opcode.hpp"
#include "node/execution/evm/tracers/json_text.hpp"

namespace buri::execution::evm::tracers {
namespace {

using enum Opcode;

bool creates(std::uint8_t opcode) {
  return opcode == static_cast<std::uint8_t>(kCreate) ||
         opcode == static_cast<std::uint8_t>(kCreate2);
}

/// Failures that are found before an instruction does anything.
bool is_found_before(Status status) {
  return status == Status::kOutOfGas || status == Status::kStackUnderflow ||
         status == Status::kStackOverflow;
}

std::size_t height_of(const StepEvent& event) {
  return static_cast<std::size_t>(event.top - event.frame.stack);
}

/// The words of memory that hold what RETURN or REVERT hands over. What is too large to hold was
/// not paid for either, and is not asked about.
std::uint64_t words_of_output(const StepEvent& event) {
  const bool ends = event.opcode == static_cast<std::uint8_t>(kReturn) ||
                    event.opcode == static_cast<std::uint8_t>(kRevert);
  if (!ends || height_of(event) < 2 || is_zero(event.top[-1])) return 0;
  return (event.top[0].limbs[0] + event.top[-1].limbs[0] + 31) / 32;
}

}  // namespace

void StructLogTracer::write_stack(const StepEvent& event, JsonText& json) const {
  json.key("stack").open('[');
  for (const U256* word = event.frame.stack + 1; word <= event.top; ++word) json.quantity(*word);
  json.close(']');
}

/// The slots that the contract used so far, shown where it uses one.
void StructLogTracer::write_storage(const StepEvent& event, JsonText& json) {
  Account& self = event.frame.self;
  const bool loads = event.opcode == static_cast<std::uint8_t>(kSload) && height_of(event) >= 1;
  const bool stores = event.opcode == static_cast<std::uint8_t>(kSstore) && height_of(event) >= 2;
  if (!loads && !stores) return;
  auto& slots = storage_[self.address];
  const U256& key = event.top[0];
  slots[key] = stores ? event.top[-1] : event.frame.state.slot(self, key).current;
  json.key("storage").open('{');
  for (const auto& [slot, value] : slots) {
    json.key(to_hex(slot.to_word())).raw('"' + to_hex(value.to_word()) + '"');
  }
  json.close('}');
}

void StructLogTracer::log(const StepEvent& event) {
  constexpr std::size_t kFixedMembers = 60;  // names, numbers and punctuation of the others
  const Frame& frame = event.frame;
  JsonText before;
  if (options_.stack) write_stack(event, before);
  if (options_.return_data && !frame.return_data.empty()) {
    before.key("returnData").hex(frame.return_data);
  }
  JsonText after;
  if (options_.storage) write_storage(event, after);
  const std::int64_t refund = frame.state.refund();
  if (refund > 0) after.key("refund").number(static_cast<std::uint64_t>(refund));
  JsonText memory;
  for (std::uint64_t at = 0; options_.memory && at < frame.memory.size(); at += 32) {
    memory.raw('"' + to_hex(frame.memory.view(at, 32)) + '"');
  }
  bytes_ += kFixedMembers + before.size() + memory.size() + after.size();
  entries_.push_back({.position = event.position,
                      .opcode = event.opcode,
                      .depth = frame.depth + 1,
                      .gas = event.gas,
                      .error = {},
                      .before_memory = before.take(),
                      .memory = memory.take(),
                      .after_memory = after.take()});
}

void StructLogTracer::grow_memory(Open& open, std::uint64_t words) {
  if (!options_.memory || !open.has_step || !open.is_logged) return;
  static const std::string zero = '"' + std::string(64, '0') + '"';
  std::string& memory = entries_[logged_[static_cast<std::size_t>(&open - frames_.data())]].memory;
  for (; open.memory_words < words; ++open.memory_words) {
    if (!memory.empty()) memory += ',';
    memory += zero;
  }
}

void StructLogTracer::set_cost(const Open& open, std::int64_t cost) {
  if (!open.is_logged) return;
  const auto depth = static_cast<std::size_t>(&open - frames_.data());
  entries_[logged_[depth]].cost = cost;
}

/// The cost of a frame's last instruction, once the gas after it is known. Gas that a call hands on
/// counts as its cost, gas of a creation does not: so does every tool that reads these logs.
void StructLogTracer::settle(Open& open, std::int64_t gas_after) {
  if (!open.has_step) return;
  const std::int64_t kept_aside = creates(open.opcode) ? open.given : 0;
  set_cost(open, open.gas + open.returned - gas_after - kept_aside);
}

void StructLogTracer::on_enter(const EnterEvent& event) {
  faults_.on_enter(event);
  if (event.kind == CallKind::kSelfdestruct) return;
  const auto depth = static_cast<std::size_t>(event.depth);
  if (depth != 0) frames_[depth - 1].given = event.gas;
  if (frames_.size() <= depth) {
    frames_.resize(depth + 1);
    logged_.resize(depth + 1);
  }
  frames_[depth] = {};
  frames_[depth].is_creation = event.kind == CallKind::kCreate || event.kind == CallKind::kCreate2;
}

void StructLogTracer::on_step(const StepEvent& event) {
  faults_.on_step(event);
  const auto depth = static_cast<std::size_t>(event.frame.depth);
  Open& open = frames_[depth];
  settle(open, event.gas);
  grow_memory(open, event.frame.memory.size() / 32);
  open.has_step = true;
  open.opcode = event.opcode;
  open.gas = event.gas;
  open.given = open.returned = 0;
  const OpcodeRow& row = opcode_rows()[event.opcode];
  open.constant_cost = row.name.empty() ? 0 : constant_gas(event.opcode, event.frame.prices);
  open.memory_words = event.frame.memory.size() / 32;
  open.words_at_end = words_of_output(event);
  open.is_logged = options_.limit_bytes == 0 || bytes_ <= options_.limit_bytes;
  if (!open.is_logged) return;
  logged_[depth] = entries_.size();
  log(event);
}

void StructLogTracer::on_exit(const ExitEvent& event) {
  constexpr std::int64_t kCodeByteGas = 200;
  const auto depth = static_cast<std::size_t>(event.depth);
  Open& open = frames_[depth];
  if (depth != 0) frames_[depth - 1].returned = event.gas_left;
  if (!open.has_step) return;
  const bool ends_well = event.status == Status::kSuccess || event.status == Status::kRevert;
  if (ends_well) grow_memory(open, open.words_at_end);
  if (event.status == Status::kSuccess) {
    const auto bytes = static_cast<std::int64_t>(event.output.size());
    settle(open, event.gas_left + (open.is_creation ? kCodeByteGas * bytes : 0));
  } else if (event.status == Status::kRevert) {
    settle(open, event.gas_left);
  } else {
    set_cost(open, open.constant_cost);
    if (open.is_logged && is_found_before(event.status)) {
      entries_[logged_[depth]].error = faults_.describe(event);
    }
  }
}

std::string StructLogTracer::finish(const TransactionOutcome& outcome) {
  const bool answers = outcome.status == Status::kSuccess || outcome.status == Status::kRevert;
  JsonText json;
  json.open('{').key("gas").number(outcome.gas_used);
  json.key("failed").boolean(outcome.status != Status::kSuccess);
  json.key("returnValue").hex(answers ? ByteView(outcome.output) : ByteView());
  json.key("structLogs").open('[');
  for (const Entry& entry : entries_) {
    json.open('{').key("pc").number(entry.position);
    json.key("op").text(opcode_name(entry.opcode));
    json.key("gas").number(static_cast<std::uint64_t>(entry.gas));
    json.key("gasCost").number(static_cast<std::uint64_t>(entry.cost));
    json.key("depth").number(static_cast<std::uint64_t>(entry.depth));
    if (!entry.error.empty()) json.key("error").text(entry.error);
    if (!entry.before_memory.empty()) json.raw(entry.before_memory);
    if (!entry.memory.empty()) json.key("memory").raw('[' + entry.memory + ']');
    if (!entry.after_memory.empty()) json.raw(entry.after_memory);
    json.close('}');
  }
  return json.close(']').close('}').take();
}

}  // namespace buri::execution::evm::tracers
