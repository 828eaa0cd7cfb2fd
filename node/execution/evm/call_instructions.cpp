#include "node/execution/evm/dispatch.hpp"
#include "node/execution/evm/evm.hpp"
#include "node/execution/evm/handlers.hpp"
#include "node/execution/evm/opcode.hpp"
#include "node/execution/evm/prices.hpp"

/// Calls and creations. Source: Ethereum yellow paper, appendix H; EIP-150, 2929, 3860, 7702.

namespace buri::execution::evm {
namespace {

/// EIP-150: what a frame may hand on of its gas.
std::int64_t all_but_one_64th(std::int64_t gas) { return gas - gas / 64; }

/// The operands of a call, wherever its kind has them on the stack.
struct CallOperands {
  const U256& gas;
  const U256& address;
  U256 value;  ///< zero for kinds without
  const U256& input_offset;
  const U256& input_length;
  const U256& output_offset;
  const U256& output_length;
};

template <CallKind kKind>
CallOperands operands(const U256* top) {
  constexpr bool kHasValue = kKind == CallKind::kCall || kKind == CallKind::kCallcode;
  const U256* rest = top - (kHasValue ? 3 : 2);
  return {top[0], top[-1], kHasValue ? top[-2] : U256{}, rest[0], rest[-1], rest[-2], rest[-3]};
}

/// Takes what the call costs before any gas is handed on. The gas may end below zero.
template <CallKind kKind>
void pay_for_call(const CallOperands& call, std::int64_t& gas, Frame& frame) {
  constexpr std::int64_t kValueGas = 9000;
  constexpr std::int64_t kNewAccountGas = 25000;
  gas = frame.memory.grow(call.input_offset, call.input_length, gas);
  if (gas >= 0) gas = frame.memory.grow(call.output_offset, call.output_length, gas);
  if (gas < 0) return;
  Account& account = use_account(frame, call.address, gas);
  if (!is_zero(call.value)) {
    gas -= kValueGas;
    if (kKind == CallKind::kCall && account.is_empty()) gas -= kNewAccountGas;
  }
  if (gas < 0) return;
  if (Account* delegate = frame.evm.delegate_of(account)) {
    gas -= frame.state.warm(*delegate) ? kColdAccountAccess : kWarmAccess;
  }
}

template <CallKind kKind>
CallMessage message_of(const CallOperands& call, std::int64_t gas, const Frame& frame) {
  const Address target = to_address(call.address);
  const Address& self = frame.self.address;
  CallMessage message{
      .kind = kKind,
      .caller = self,
      .recipient = target,
      .code_address = target,
      .value = call.value,
      .input = frame.memory.view(call.input_offset.limbs[0], call.input_length.limbs[0]),
      .gas = gas,
      .is_static = frame.is_static || kKind == CallKind::kStaticcall,
      .depth = frame.depth + 1};
  if (kKind == CallKind::kCallcode || kKind == CallKind::kDelegatecall) message.recipient = self;
  if (kKind == CallKind::kDelegatecall) {
    message.caller = frame.caller;
    message.value = frame.value;
  }
  return message;
}

/// Puts a call's answer where the caller wants it.
void take_answer(const CallResult& result, const CallOperands& call, Frame& frame) {
  const std::uint64_t length =
      std::min<std::uint64_t>(call.output_length.limbs[0], result.output.size());
  if (length != 0) {
    std::memcpy(frame.memory.data() + call.output_offset.limbs[0], result.output.data(), length);
  }
  frame.return_data = result.output;
}

template <CallKind kKind>
Status call(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  constexpr std::int64_t kStipend = 2300;
  constexpr int kResult = kKind == CallKind::kCall || kKind == CallKind::kCallcode ? -6 : -5;
  const CallOperands call = operands<kKind>(top);
  const bool moves_value = !is_zero(call.value);
  if (kKind == CallKind::kCall && frame.is_static && moves_value) return Status::kWriteProtection;
  pay_for_call<kKind>(call, gas, frame);
  if (gas < 0) return Status::kOutOfGas;
  const std::int64_t available = all_but_one_64th(gas);
  const bool wants_all =
      !fits_uint64(call.gas) || call.gas.limbs[0] >= static_cast<std::uint64_t>(available);
  const std::int64_t given = wants_all ? available : static_cast<std::int64_t>(call.gas.limbs[0]);
  gas -= given;
  frame.return_data = {};
  const CallResult result =
      frame.evm.call(message_of<kKind>(call, given + (moves_value ? kStipend : 0), frame));
  gas += result.gas_left;
  take_answer(result, call, frame);
  top[kResult] = U256::from_uint64(result.status == Status::kSuccess ? 1 : 0);
  return Status::kRunning;
}

/// EIP-3860 limits initcode and charges for its length; CREATE2 charges for hashing it, too.
template <CallKind kKind>
Status pay_for_create(const U256& length, std::int64_t& gas, const Frame& frame) {
  constexpr std::uint64_t kInitcodeLimitBytes = 49152;
  constexpr std::int64_t kInitcodeWordGas = 2;
  constexpr std::int64_t kHashWordGas = 6;
  const bool is_limited = frame.evm.rules().has(Proposal::kEip3860);
  if (is_limited && length.limbs[0] > kInitcodeLimitBytes) return Status::kInitcodeTooLarge;
  const std::int64_t per_word =
      (is_limited ? kInitcodeWordGas : 0) + (kKind == CallKind::kCreate2 ? kHashWordGas : 0);
  gas -= per_word * words(length.limbs[0]);
  return gas < 0 ? Status::kOutOfGas : Status::kRunning;
}

template <CallKind kKind>
Status create(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  constexpr int kResult = kKind == CallKind::kCreate2 ? -3 : -2;
  if (frame.is_static) return Status::kWriteProtection;
  const U256& offset = top[-1];
  const U256& length = top[-2];
  gas = frame.memory.grow(offset, length, gas);
  if (gas < 0) return Status::kOutOfGas;
  const Status status = pay_for_create<kKind>(length, gas, frame);
  if (status != Status::kRunning) return status;
  const std::int64_t given = all_but_one_64th(gas);
  gas -= given;
  frame.return_data = {};
  const CallResult result =
      frame.evm.create({.kind = kKind,
                        .caller = frame.self.address,
                        .value = top[0],
                        .initcode = frame.memory.view(offset.limbs[0], length.limbs[0]),
                        .salt = kKind == CallKind::kCreate2 ? top[-3] : U256{},
                        .gas = given,
                        .depth = frame.depth + 1});
  gas += result.gas_left;
  const bool succeeded = result.status == Status::kSuccess;
  if (!succeeded) frame.return_data = result.output;
  top[kResult] = succeeded ? to_word(result.created) : U256{};
  return Status::kRunning;
}

}  // namespace

void add_calls(HandlerTable& opcodes) {
  using enum Opcode;
  const auto set = [&](Opcode opcode, Handler handler) {
    opcodes[static_cast<std::uint8_t>(opcode)] = handler;
  };
  set(kCall, fallible<call<CallKind::kCall>, -6>);
  set(kCallcode, fallible<call<CallKind::kCallcode>, -6>);
  set(kDelegatecall, fallible<call<CallKind::kDelegatecall>, -5>);
  set(kStaticcall, fallible<call<CallKind::kStaticcall>, -5>);
  set(kCreate, fallible<create<CallKind::kCreate>, -2>);
  set(kCreate2, fallible<create<CallKind::kCreate2>, -3>);
}

}  // namespace buri::execution::evm
