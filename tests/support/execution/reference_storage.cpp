#include "tests/support/execution/reference_run.hpp"

/// Storage, transient storage and logs: appendix H.2, EIP-1153, 2200, 2929, 3529, PIP-88.

namespace buri::testing::reference {
namespace {

using enum execution::evm::Proposal;

/// What the proposals in force charge for slots.
struct SlotPrices {
  explicit SlotPrices(const Machine& machine)
      : cold_load(machine.has(kPip88) ? 5460 : 2100),
        cold_store(machine.has(kPip88) ? 2940 : 2100),
        no_change(machine.has(kEip2929)   ? 100
                  : machine.has(kEip1884) ? 800
                                          : 200),
        reset(machine.has(kEip2929) ? 5000 - cold_store : 5000),
        // EIP-3529: the price of a reset and of a key in an access list.
        clears(machine.has(kEip3529) ? reset + 1900 : 15000) {}
  int cold_load;
  int cold_store;
  int no_change;
  int reset;
  int clears;
};
constexpr int kSet = 20000;

}  // namespace

bool Run::must_not_write() {
  if (message_.is_static) fail();
  return message_.is_static;
}

void Run::storage(std::uint8_t opcode) {
  const Word key = pop();
  const std::pair place{self(), key};
  if (opcode == 0x54) {  // SLOAD
    const SlotPrices prices(machine_);
    const bool is_cold = has(kEip2929) && machine_.substate.warm_slots.insert(place).second;
    if (pay(is_cold ? prices.cold_load : prices.no_change))
      put(machine_.world.storage(self(), key));
    return;
  }
  if (opcode == 0x5c) {  // TLOAD
    const auto found = machine_.substate.transient.find(place);
    return put(found == machine_.substate.transient.end() ? Word(0) : found->second);
  }
  if (must_not_write()) return;
  const Word value = pop();
  if (opcode == 0x5d) {  // TSTORE
    machine_.substate.transient[place] = value;
  } else if (has(kEip2200)) {
    store(key, value);
  } else {
    store_by_value(key, value);
  }
}

/// SSTORE before EIP-2200.
void Run::store_by_value(const Word& key, const Word& value) {
  const Word now = machine_.world.storage(self(), key);
  if (!pay(now == 0 && value != 0 ? kSet : 5000)) return;
  if (now != 0 && value == 0) machine_.substate.refund += 15000;
  machine_.world.set_storage(self(), key, value);
  machine_.substate.touched.insert(self());
}

void Run::store(const Word& key, const Word& value) {
  const SlotPrices prices(machine_);
  if (gas_ <= 2300) return fail();
  const bool is_cold = has(kEip2929) && machine_.substate.warm_slots.insert({self(), key}).second;
  const Word now = machine_.world.storage(self(), key);
  const Word before = machine_.original.storage(self(), key);
  Word price = prices.no_change;
  if (now != value && now == before) price = before == 0 ? kSet : prices.reset;
  if (is_cold) price += prices.cold_store;
  if (!pay(price)) return;
  refund_store(key, value, prices.no_change);
  machine_.world.set_storage(self(), key, value);
  machine_.substate.touched.insert(self());
}

void Run::refund_store(const Word& key, const Word& value, const Word& no_change) {
  const SlotPrices prices(machine_);
  Word& refund = machine_.substate.refund;
  const Word now = machine_.world.storage(self(), key);
  const Word before = machine_.original.storage(self(), key);
  if (now == value) return;
  if (now == before) {
    if (before != 0 && value == 0) refund += prices.clears;
    return;
  }
  if (before != 0 && now == 0) refund -= prices.clears;
  if (before != 0 && value == 0) refund += prices.clears;
  if (before == value) refund += (before == 0 ? kSet : prices.reset) - no_change;
}

void Run::log(std::size_t topics) {
  const Word offset = pop();
  const Range range{offset, pop()};
  if (must_not_write() || !pay(8 * range.length, range)) return;
  execution::evm::Log entry{.address = self(),
                            .topic_words = {},
                            .topic_count = static_cast<std::uint8_t>(topics),
                            .data = read_memory(range)};
  for (std::size_t i = 0; i < topics; ++i) entry.topic_words[i] = to_u256(pop()).to_word();
  machine_.substate.logs.push_back(std::move(entry));
}

}  // namespace buri::testing::reference
