#include "node/execution/evm/dispatch.hpp"
#include "node/execution/evm/evm.hpp"
#include "node/execution/evm/handlers.hpp"
#include "node/execution/evm/opcode.hpp"
#include "node/execution/evm/prices.hpp"

/// Persistent and transient storage, logs, and the end of a contract.

namespace buri::execution::evm {
namespace {

Status sload(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  Slot& slot = frame.state.slot(frame.self, top[0]);
  if (frame.prices.cold_sload_extra != 0 && frame.state.warm(slot)) {
    gas -= frame.prices.cold_sload_extra;
  }
  top[0] = slot.current;
  return gas < 0 ? Status::kOutOfGas : Status::kRunning;
}

/// EIP-2200 with the refunds of EIP-3529: what a write to a slot gives back, or takes back.
std::int64_t refund_of_write(const Slot& slot, const U256& value, const GasSchedule& prices) {
  if (slot.current == value) return 0;
  const bool was_set = !is_zero(slot.original);
  if (slot.original == slot.current) {
    return was_set && is_zero(value) ? prices.refund_clear : 0;
  }
  std::int64_t refund = 0;
  if (was_set && is_zero(slot.current)) refund -= prices.refund_clear;
  if (was_set && is_zero(value)) refund += prices.refund_clear;
  if (slot.original == value) {
    refund += (was_set ? prices.sstore_reset : prices.sstore_set) - prices.sstore_noop;
  }
  return refund;
}

std::int64_t price_of_write(const Slot& slot, const U256& value, const GasSchedule& prices) {
  if (slot.current == value || slot.original != slot.current) return prices.sstore_noop;
  return is_zero(slot.original) ? prices.sstore_set : prices.sstore_reset;
}

/// The rules before EIP-2200: only the present value and the new one count.
Status sstore_by_value(const U256* top, std::int64_t& gas, Frame& frame) {
  Slot& slot = frame.state.slot(frame.self, top[0]);
  const bool was_set = !is_zero(slot.current);
  const bool will_be_set = !is_zero(top[-1]);
  gas -= !was_set && will_be_set ? frame.prices.sstore_set : frame.prices.sstore_reset;
  if (gas < 0) return Status::kOutOfGas;
  if (was_set && !will_be_set) frame.state.add_refund(frame.prices.refund_clear);
  frame.state.set_storage(frame.self, slot, top[-1]);
  return Status::kRunning;
}

Status sstore(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  constexpr std::int64_t kReserved = 2300;  // EIP-2200: what a plain transfer's receiver gets
  if (frame.is_static) return Status::kWriteProtection;
  const GasSchedule& prices = frame.prices;
  if (!frame.evm.rules().has(Proposal::kEip2200)) return sstore_by_value(top, gas, frame);
  if (gas <= kReserved) return Status::kOutOfGas;
  Slot& slot = frame.state.slot(frame.self, top[0]);
  const U256& value = top[-1];
  if (prices.cold_sstore != 0 && frame.state.warm(slot)) gas -= prices.cold_sstore;
  gas -= price_of_write(slot, value, prices);
  if (gas < 0) return Status::kOutOfGas;
  frame.state.add_refund(refund_of_write(slot, value, prices));
  if (slot.current != value) frame.state.set_storage(frame.self, slot, value);
  return Status::kRunning;
}

U256 tload(const Frame& frame, const U256& key) { return frame.state.transient(frame.self, key); }

Status tstore(const Instruction*, U256* top, std::int64_t&, Frame& frame) {
  if (frame.is_static) return Status::kWriteProtection;
  frame.state.set_transient(frame.self, top[0], top[-1]);
  return Status::kRunning;
}

template <int kTopics>
Status log(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  constexpr std::int64_t kByteGas = 8;
  if (frame.is_static) return Status::kWriteProtection;
  gas = frame.memory.grow(top[0], top[-1], gas);
  if (gas < 0) return Status::kOutOfGas;
  gas -= kByteGas * static_cast<std::int64_t>(top[-1].limbs[0]);
  if (gas < 0) return Status::kOutOfGas;
  Log entry{.address = frame.self.address, .topic_words = {}, .topic_count = kTopics, .data = {}};
  for (int i = 0; i < kTopics; ++i) {
    store_word(top[-2 - i], entry.topic_words[static_cast<std::size_t>(i)].data());
  }
  const ByteView data = frame.memory.view(top[0].limbs[0], top[-1].limbs[0]);
  entry.data.assign(data.begin(), data.end());
  frame.state.add_log(std::move(entry));
  return Status::kRunning;
}

/// Pays for SELFDESTRUCT. Its whole price for a cold account is on top of the constant part.
Status pay_for_end(Account& heir, std::int64_t& gas, Frame& frame) {
  constexpr std::int64_t kNewAccountGas = 25000;
  if (frame.prices.cold_account_extra != 0 && frame.state.warm(heir)) gas -= kColdAccountAccess;
  if (heir.is_empty() && !is_zero(frame.self.balance)) gas -= kNewAccountGas;
  return gas < 0 ? Status::kOutOfGas : Status::kRunning;
}

/// EIP-6780: a contract is deleted only by the transaction that created it.
void end_contract(Account& heir, Frame& frame) {
  JournaledState& state = frame.state;
  const bool deletes = !frame.evm.rules().has(Proposal::kEip6780) || state.is_created(frame.self);
  const U256 balance = frame.self.balance;
  if (&heir != &frame.self) {
    state.credit(heir, balance);
    state.debit(frame.self, balance);
  } else if (deletes) {
    state.debit(frame.self, balance);
  }
  if (!deletes) return;
  if (!state.is_destructed(frame.self)) state.add_refund(frame.prices.refund_selfdestruct);
  state.mark_destructed(frame.self);
}

void selfdestruct(const Instruction*, U256* top, std::int64_t gas, Frame& frame) {
  if (frame.is_static) return halt(frame, gas, Status::kWriteProtection);
  Account& heir = frame.state.account(to_address(top[0]));
  const Status status = pay_for_end(heir, gas, frame);
  if (status != Status::kRunning) return halt(frame, gas, status);
  frame.evm.report_selfdestruct(frame, heir.address);
  end_contract(heir, frame);
  halt(frame, gas, Status::kSuccess);
}

}  // namespace

void add_storage(HandlerTable& opcodes) {
  using enum Opcode;
  const auto set = [&](Opcode opcode, Handler handler) {
    opcodes[static_cast<std::uint8_t>(opcode)] = handler;
  };
  set(kSload, fallible<sload, 0>);
  set(kSstore, fallible<sstore, -2>);
  set(kTload, replace_read<tload>);
  set(kTstore, fallible<tstore, -2>);
  constexpr auto kLog = static_cast<std::size_t>(kLog0);
  opcodes[kLog] = fallible<log<0>, -2>;
  opcodes[kLog + 1] = fallible<log<1>, -3>;
  opcodes[kLog + 2] = fallible<log<2>, -4>;
  opcodes[kLog + 3] = fallible<log<3>, -5>;
  opcodes[kLog + 4] = fallible<log<4>, -6>;
  set(kSelfdestruct, selfdestruct);
}

}  // namespace buri::execution::evm
