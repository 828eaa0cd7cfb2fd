#include "tests/support/execution/random_blocks.hpp"

namespace buri::testing {
namespace {

using execution::evm::Account;
using execution::evm::JournaledState;

void write_slot(JournaledState& state, Account& account, Random& random, unsigned slots) {
  const U256 key = numbered_key(random.below(slots));
  U256 value;
  if (!random.chance(0.3)) {
    for (std::uint64_t& limb : value.limbs) limb = random.chance(0.5) ? random.next() : 0;
  }
  state.set_storage(account, state.slot(account, key), value);
}

void run_operation(JournaledState& state, Random& random, const BlockShape& shape) {
  Account& account = state.account(numbered_address(random.below(shape.accounts)));
  switch (random.below(9)) {
    case 0:
    case 1:
      return state.credit(account, U256::from_uint64(random.below(1'000'000)));
    case 2:
      return state.debit(account, account.balance);
    case 3:
      return state.set_nonce(account, account.nonce + 1);
    case 4: {
      const Bytes code(random.below(40), static_cast<std::uint8_t>(random.below(4)));
      return state.set_code(account, code);
    }
    case 5:
      return state.mark_destructed(account);
    default:
      return write_slot(state, account, random, shape.slots);
  }
}

}  // namespace

Address numbered_address(std::uint64_t i) {
  Address address;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    address.bytes[19 - byte] = static_cast<std::uint8_t>(i >> (8 * byte));
  }
  return address;
}

U256 numbered_key(std::uint64_t i) { return {{i, 0, 0, i * 0x0101010101010101}}; }

void run_random_block(JournaledState& state, Random& random, const BlockShape& shape) {
  for (unsigned i = 0; i < shape.transactions; ++i) {
    const std::uint64_t operations = random.below(shape.operations + 1);
    for (std::uint64_t j = 0; j < operations; ++j) run_operation(state, random, shape);
    state.finalize();
  }
}

}  // namespace buri::testing
