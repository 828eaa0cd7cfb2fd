#include "tests/support/execution/reference_run.hpp"

/// Calls, creations and the end of contracts: appendix H.2, EIP-150, 2929, 3860, 6780, 7702.

namespace buri::testing::reference {
namespace {

using enum execution::evm::Proposal;

/// L: all but a 64th.
Word most_of(const Word& gas) { return gas - gas / 64; }

Kind kind_of(std::uint8_t opcode) {
  switch (opcode) {
    case 0xf1:
      return Kind::kCall;
    case 0xf2:
      return Kind::kCallcode;
    case 0xf4:
      return Kind::kDelegatecall;
    default:
      return Kind::kStaticcall;
  }
}

}  // namespace

void Run::call(std::uint8_t opcode) {
  const Kind kind = kind_of(opcode);
  const Word wanted = pop();
  const Address address = to_address(pop());
  const bool has_value = kind == Kind::kCall || kind == Kind::kCallcode;
  const Word value = has_value ? pop() : Word(0);
  const Word input_offset = pop();
  const Range input{input_offset, pop()};
  const Word output_offset = pop();
  const Range output{output_offset, pop()};
  if (kind == Kind::kCall && value != 0 && must_not_write()) return;
  Word price = access_price(address, 700);
  if (value != 0) price += 9000;
  if (kind == Kind::kCall && value != 0 && machine_.world.is_dead(address)) price += 25000;
  if (const auto delegate = machine_.designated(address)) price += access_price(*delegate, 0);
  if (!pay(price, input, output)) return;
  const Word most = most_of(gas_);
  const Word given = wanted < most ? wanted : most;
  gas_ -= given;
  const bool inherits = kind == Kind::kDelegatecall;
  const bool is_own = inherits || kind == Kind::kCallcode;
  const Answer answer = machine_.call({.kind = kind,
                                       .caller = inherits ? message_.caller : self(),
                                       .recipient = is_own ? self() : address,
                                       .code_owner = address,
                                       .value = inherits ? message_.value : value,
                                       .input = read_memory(input),
                                       .gas = given.get_si() + (value != 0 ? 2300 : 0),
                                       .is_static = message_.is_static || kind == Kind::kStaticcall,
                                       .depth = message_.depth + 1});
  gas_ += Word(answer.gas);
  return_data_ = answer.output;
  const Word answered(static_cast<unsigned long>(answer.output.size()));
  write_memory(output.offset, answer.output, 0,
               answered < output.length ? answered : output.length);
  put(answer.end == End::kSuccess);
}

void Run::create(bool has_salt) {
  const Word value = pop();
  const Word offset = pop();
  const Range initcode{offset, pop()};
  const Word salt = has_salt ? pop() : Word(0);
  if (must_not_write()) return;
  if (has(kEip3860) && initcode.length > 49152) return fail();
  const Word per_word = (has(kEip3860) ? 2 : 0) + (has_salt ? 6 : 0);
  if (!pay(per_word * ((initcode.length + 31) / 32), initcode)) return;
  const Word given = most_of(gas_);
  gas_ -= given;
  const Answer answer = machine_.create({.creator = self(),
                                         .value = value,
                                         .initcode = read_memory(initcode),
                                         .salt = has_salt ? std::optional(salt) : std::nullopt,
                                         .gas = given.get_si(),
                                         .depth = message_.depth + 1});
  gas_ += Word(answer.gas);
  return_data_ = answer.end == End::kRevert ? answer.output : Bytes{};
  put(answer.end == End::kSuccess ? to_word(answer.created) : Word(0));
}

void Run::selfdestruct() {
  const Address heir = to_address(pop());
  if (must_not_write()) return;
  World& world = machine_.world;
  Substate& substate = machine_.substate;
  const Word balance = world.read(self()).balance;
  Word price = 0;
  if (has(kEip2929) && machine_.warm_up(heir)) price += 2600;
  if (balance != 0 && world.is_dead(heir)) price += 25000;
  if (!pay(price)) return;
  const bool deletes = !has(kEip6780) || substate.created.contains(self());
  if (heir != self() || deletes) {
    world.accounts[self()].balance = 0;
    if (heir != self() && balance != 0) world.accounts[heir].balance += balance;
  }
  substate.touched.insert(heir);
  substate.touched.insert(self());
  if (deletes && substate.destroyed.insert(self()).second && !has(kEip3529)) {
    substate.refund += 24000;
  }
  end_ = End::kSuccess;
}

}  // namespace buri::testing::reference
