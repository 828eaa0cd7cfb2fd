#include "tests/support/execution/reference_compare.hpp"

#include <string_view>

#include "base/hex.hpp"
#include "node/execution/evm/evm.hpp"
#include "tests/support/execution/reference_machine.hpp"

namespace buri::testing {
namespace {

using namespace execution::evm;

/// The machine before an instruction, its stack and memory as a digest.
struct StepRecord {
  int depth;
  std::size_t position;
  std::uint8_t opcode;
  std::int64_t gas;
  std::size_t height;
  std::size_t digest;

  friend bool operator==(const StepRecord&, const StepRecord&) = default;
};

std::string text_of(const StepRecord& step) {
  return "depth " + std::to_string(step.depth) + " position " + std::to_string(step.position) +
         " opcode " + to_hex({&step.opcode, 1}) + " gas " + std::to_string(step.gas) +
         " stack of " + std::to_string(step.height) + " digest " + std::to_string(step.digest);
}

std::size_t digest_of(std::string_view memory, std::span<const U256> stack) {
  const std::string_view words(reinterpret_cast<const char*>(stack.data()), stack.size_bytes());
  return std::hash<std::string_view>{}(memory) * 31 + std::hash<std::string_view>{}(words);
}

/// How a run ended and what it left.
struct Outcome {
  reference::End end = reference::End::kSuccess;
  std::int64_t gas = 0;
  Bytes output;
  std::int64_t refund = 0;
  std::vector<Log> logs;
  std::map<Address, MemoryAccount> accounts;
};

reference::End end_of(execution::evm::Status status) {
  if (status == execution::evm::Status::kSuccess) return reference::End::kSuccess;
  return takes_all_gas(status) ? reference::End::kFailure : reference::End::kRevert;
}

/// The reference's run.
class ReferenceRun {
 public:
  explicit ReferenceRun(const Scenario& scenario)
      : environment_{.rules = scenario.rules,
                     .block = scenario.block,
                     .origin = scenario.caller,
                     .transfer_logs = scenario.transfer_logs},
        machine_(environment_, reference::world_of(scenario.state)) {
    machine_.on_step = [this](const reference::Step& step) { record(step); };
    const auto answer = machine_.call({.caller = scenario.caller,
                                       .recipient = scenario.to,
                                       .code_owner = scenario.to,
                                       .value = reference::to_word(scenario.value),
                                       .input = scenario.input,
                                       .gas = scenario.gas});
    outcome_ = {answer.end,
                answer.gas,
                answer.output,
                machine_.substate.refund.get_si(),
                machine_.substate.logs,
                {}};
    reference::World world = machine_.world;
    reference::finalize(world, machine_.substate);
    outcome_.accounts = reference::accounts_of(world);
  }

  [[nodiscard]] const Outcome& outcome() const { return outcome_; }
  [[nodiscard]] const std::vector<StepRecord>& steps() const { return steps_; }
  [[nodiscard]] const reference::Substate& substate() const { return machine_.substate; }

 private:
  void record(const reference::Step& step) {
    std::vector<U256> stack;
    for (const reference::Word& word : step.stack) stack.push_back(reference::to_u256(word));
    steps_.push_back({step.depth, step.position, step.opcode, step.gas, stack.size(),
                      digest_of(as_text(step.memory), stack)});
  }

  reference::Environment environment_;
  reference::Machine machine_;
  std::vector<StepRecord> steps_;
  Outcome outcome_;
};

/// Compares the steps of a traced run with those recorded, up to the first difference.
class StepChecker final : public Tracer {
 public:
  explicit StepChecker(const std::vector<StepRecord>& expected) : expected_(expected) {}

  void on_step(const StepEvent& event) override {
    const Frame& frame = event.frame;
    const std::span<const U256> stack(frame.stack + 1, event.top + 1);
    const std::string_view memory = as_text(frame.memory.view(0, frame.memory.size()));
    const StepRecord found{frame.depth, event.position, event.opcode,
                           event.gas,   stack.size(),   digest_of(memory, stack)};
    if (difference_) return;
    if (next_ == expected_.size()) {
      difference_ = "a step too many: " + text_of(found);
    } else if (found != expected_[next_]) {
      difference_ = "step " + std::to_string(next_) + ": expected " + text_of(expected_[next_]) +
                    ", found " + text_of(found);
    }
    ++next_;
  }
  [[nodiscard]] std::optional<std::string> difference() const {
    if (difference_ || next_ == expected_.size()) return difference_;
    return "the run stops before step " + std::to_string(next_) + ": " + text_of(expected_[next_]);
  }

 private:
  const std::vector<StepRecord>& expected_;
  std::size_t next_ = 0;
  std::optional<std::string> difference_;
};

/// Warmth and transient storage, which end with the transaction.
std::optional<std::string> compare_access(JournaledState& state,
                                          const reference::Substate& expected) {
  for (const auto& [place, value] : expected.transient) {
    const U256 found =
        state.transient(state.account(place.first), reference::to_u256(place.second));
    if (reference::to_word(found) != value) return "transient storage of " + to_hex(place.first);
  }
  for (const Address& address : expected.warm_accounts) {
    if (state.warm(state.account(address))) return "cold is the account " + to_hex(address);
  }
  for (const auto& [address, key] : expected.warm_slots) {
    Account& account = state.account(address);
    if (state.warm(state.slot(account, reference::to_u256(key)))) {
      return "cold is a slot of " + to_hex(address);
    }
  }
  return std::nullopt;
}

std::optional<std::string> compare_accounts(const std::map<Address, MemoryAccount>& found,
                                            const std::map<Address, MemoryAccount>& expected) {
  for (const auto& [address, account] : expected) {
    const auto there = found.find(address);
    if (there == found.end()) return "missing is the account " + to_hex(address);
    if (there->second == account) continue;
    std::string text = "account " + to_hex(address);
    if (there->second.balance != account.balance) text += " balance";
    if (there->second.nonce != account.nonce) text += " nonce";
    if (there->second.code != account.code) text += " code";
    if (there->second.storage != account.storage) text += " storage";
    return text;
  }
  for (const auto& [address, account] : found) {
    if (!expected.contains(address)) return "one too many is the account " + to_hex(address);
  }
  return std::nullopt;
}

std::optional<std::string> compare_outcomes(const Outcome& found, const Outcome& expected) {
  if (found.end != expected.end) return "the end differs";
  if (found.gas != expected.gas) {
    return "gas: expected " + std::to_string(expected.gas) + ", found " + std::to_string(found.gas);
  }
  if (found.output != expected.output) return "output: " + to_hex(found.output);
  if (found.refund != expected.refund) {
    return "refund: expected " + std::to_string(expected.refund) + ", found " +
           std::to_string(found.refund);
  }
  if (found.logs != expected.logs) return "logs differ";
  return compare_accounts(found.accounts, expected.accounts);
}

std::optional<std::string> compare_run(const Scenario& scenario, const ReferenceRun& expected,
                                       Tracer* tracer) {
  MemoryState source = scenario.state;
  JournaledState state(source);
  CodeCache codes;
  Evm evm({.rules = scenario.evm_rules.value_or(scenario.rules),
           .block = scenario.block,
           .codes = codes,
           .transfer_logs = scenario.transfer_logs,
           .tracer = tracer},
          state);
  evm.begin_transaction({.origin = scenario.caller, .gas_price = {}, .blob_hashes = {}});
  const CallResult result = evm.call({.caller = scenario.caller,
                                      .recipient = scenario.to,
                                      .code_address = scenario.to,
                                      .value = scenario.value,
                                      .input = scenario.input,
                                      .gas = scenario.gas});
  Outcome found{end_of(result.status), result.gas_left, {}, state.refund(), {}, {}};
  if (found.end != reference::End::kFailure) {
    found.output.assign(result.output.begin(), result.output.end());
  }
  found.logs.assign(state.logs().begin(), state.logs().end());
  if (auto difference = compare_access(state, expected.substate())) return difference;
  state.finalize();
  source.apply(state);
  found.accounts = source.accounts;
  return compare_outcomes(found, expected.outcome());
}

}  // namespace

Comparison compare_with_reference(const Scenario& scenario) {
  const ReferenceRun expected(scenario);
  Comparison result{.difference = std::nullopt, .steps = expected.steps().size(), .deepest = 0};
  for (const StepRecord& step : expected.steps()) {
    result.deepest = std::max(result.deepest, step.depth);
  }
  StepChecker checker(expected.steps());
  result.difference = compare_run(scenario, expected, &checker);
  if (checker.difference()) result.difference = checker.difference();
  if (result.difference) {
    *result.difference = "traced: " + *result.difference;
  } else if (auto difference = compare_run(scenario, expected, nullptr)) {
    result.difference = "plain: " + *difference;
  }
  return result;
}

}  // namespace buri::testing
