#include "tests/support/execution/reference_machine.hpp"

#include "base/codec/rlp.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/evm/polygon_logs.hpp"
#include "node/execution/evm/precompiles.hpp"
#include "tests/support/execution/reference_run.hpp"

namespace buri::testing::reference {
namespace {

using execution::evm::keccak256;
using enum execution::evm::Proposal;

constexpr int kDeepest = 1024;
const Word kMaxNonce = (Word(1) << 64) - 1;

/// Section 7, and EIP-1014 with a salt.
Address address_of(const Creation& creation, const Word& nonce) {
  Bytes preimage;
  if (creation.salt) {
    preimage.push_back(0xff);
    append(preimage, creation.creator);
    append(preimage, to_u256(*creation.salt).to_word());
    append(preimage, keccak256(creation.initcode));
  } else {
    preimage = RlpWriter().bytes(creation.creator).integer(to_u256(nonce)).as_list();
  }
  return Address::from(ByteView(keccak256(preimage)).subspan(12));
}

}  // namespace

std::optional<Address> Machine::designated(const Address& address) const {
  if (!has(kEip7702)) return std::nullopt;
  const Bytes code = world.read(address).code;
  if (code.size() != 23 || code[0] != 0xef || code[1] != 0x01 || code[2] != 0x00) {
    return std::nullopt;
  }
  return Address::from(ByteView(code).subspan(3));
}

void Machine::move_value(const Address& from, const Address& to, const Word& value) {
  execution::evm::TransferBalances balances;
  balances.from_before = to_u256(world.read(from).balance);
  balances.to_before = to_u256(world.read(to).balance);
  if (value != 0) {
    world.accounts[from].balance -= value;
    world.accounts[to].balance += value;
  }
  balances.from_after = to_u256(world.read(from).balance);
  balances.to_after = to_u256(world.read(to).balance);
  if (value != 0 && environment.transfer_logs) {
    substate.logs.push_back(execution::evm::transfer_log(from, to, to_u256(value), balances));
  }
}

/// Section 8: the code that a message runs, which may be a precompiled contract's.
Answer Machine::run_code(const Message& message) {
  const execution::evm::PrecompileSet precompiles(environment.rules);
  if (const auto* contract = precompiles.find(message.code_owner)) {
    const std::uint64_t price = contract->gas(message.input, environment.rules);
    if (price > static_cast<std::uint64_t>(message.gas)) return {End::kFailure, 0, {}, {}};
    Answer answer{End::kSuccess, message.gas - static_cast<std::int64_t>(price), {}, {}};
    if (contract->run(message.input, environment.rules, answer.output)) return answer;
    return {End::kFailure, 0, {}, {}};
  }
  const Address owner = designated(message.code_owner).value_or(message.code_owner);
  const Bytes code = world.read(owner).code;
  if (code.empty()) return {End::kSuccess, message.gas, {}, {}};
  return Run(*this, message, code).execute();
}

Answer Machine::call(const Message& message) {
  const bool needs_balance = message.kind == Kind::kCall || message.kind == Kind::kCallcode;
  const bool is_poor = needs_balance && world.read(message.caller).balance < message.value;
  if (message.depth > kDeepest || is_poor) return {End::kRevert, message.gas, {}, {}};
  const World world_before = world;
  const Substate substate_before = substate;
  const bool is_call = message.kind == Kind::kCall;
  if (is_call) move_value(message.caller, message.recipient, message.value);
  if (is_call || message.kind == Kind::kStaticcall) substate.touched.insert(message.recipient);
  Answer answer = run_code(message);
  if (answer.end != End::kSuccess) {
    world = world_before;
    substate = substate_before;
  }
  if (answer.end == End::kFailure) answer = {End::kFailure, 0, {}, {}};
  return answer;
}

/// Section 7: what initcode answers becomes the account's code.
Answer Machine::deploy(Answer answer, const Address& address) {
  const std::size_t limit = has(kPip30) ? 32768 : 24576;
  const bool is_bad_prefix =
      has(kEip3541) && !answer.output.empty() && answer.output.front() == 0xef;
  const auto price = 200 * static_cast<std::int64_t>(answer.output.size());
  if (answer.output.size() > limit || is_bad_prefix || price > answer.gas) {
    return {End::kFailure, 0, {}, address};
  }
  world.accounts[address].code = answer.output;
  return {End::kSuccess, answer.gas - price, answer.output, address};
}

Answer Machine::run_initcode(const Creation& creation, const Address& address) {
  const World world_before = world;
  const Substate substate_before = substate;
  world.accounts[address].nonce = 1;
  substate.touched.insert(address);
  substate.created.insert(address);
  move_value(creation.creator, address, creation.value);
  const Message message{.kind = Kind::kCall,
                        .caller = creation.creator,
                        .recipient = address,
                        .code_owner = address,
                        .value = creation.value,
                        .input = {},
                        .gas = creation.gas,
                        .depth = creation.depth};
  Answer answer = Run(*this, message, creation.initcode).execute();
  if (answer.end == End::kSuccess) answer = deploy(std::move(answer), address);
  if (answer.end == End::kFailure) answer = {End::kFailure, 0, {}, {}};
  if (answer.end != End::kSuccess) {
    world = world_before;
    substate = substate_before;
  }
  answer.created = address;
  return answer;
}

Answer Machine::create(const Creation& creation) {
  const Account creator = world.read(creation.creator);
  if (creation.depth > kDeepest || creator.balance < creation.value || creator.nonce == kMaxNonce) {
    return {End::kRevert, creation.gas, {}, {}};
  }
  const Address address = address_of(creation, creator.nonce);
  world.accounts[creation.creator].nonce += 1;
  substate.touched.insert(creation.creator);
  if (has(kEip2929)) warm_up(address);
  const Account there = world.read(address);
  const bool has_storage = !there.storage.empty() || !original.read(address).storage.empty();
  const bool collides = there.nonce != 0 || !there.code.empty() || has_storage;
  if (collides) return {End::kFailure, 0, {}, address};
  return run_initcode(creation, address);
}

}  // namespace buri::testing::reference
