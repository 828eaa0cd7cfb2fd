#include "node/execution/evm/journaled_state.hpp"

#include <gtest/gtest.h>

#include "tests/support/execution/memory_state.hpp"

namespace buri::execution::evm {
namespace {

constexpr Address kA{{1}};
constexpr Address kB{{2}};
U256 word(std::uint64_t value) { return U256::from_uint64(value); }

testing::MemoryState source() {
  testing::MemoryState state;
  state.accounts[kA] = {.nonce = 1, .balance = word(100), .code = {0x00}, .storage = {}};
  state.accounts[kA].storage[word(7)] = word(70);
  return state;
}

TEST(JournaledState, RevertsEveryKindOfChange) {
  const testing::MemoryState before = source();
  JournaledState state(before);
  Account& a = state.account(kA);
  Slot& slot = state.slot(a, word(7));
  const auto snapshot = state.snapshot();
  state.credit(a, word(5));
  state.set_nonce(a, 9);
  state.set_code(a, Bytes{1, 2, 3});
  state.set_storage(a, slot, word(71));
  state.set_transient(a, word(1), word(2));
  state.warm(a);
  state.warm(slot);
  state.mark_created(a);
  state.mark_destructed(a);
  state.add_refund(10);
  state.add_log({.address = kA, .topic_words = {}, .topic_count = 0, .data = {}});
  state.revert(snapshot);
  EXPECT_EQ(a.balance, word(100));
  EXPECT_EQ(a.nonce, 1u);
  EXPECT_TRUE(equal(state.code(a), Bytes{0x00}));
  EXPECT_EQ(slot.current, word(70));
  EXPECT_EQ(state.transient(a, word(1)), word(0));
  EXPECT_FALSE(state.is_created(a));
  EXPECT_FALSE(state.is_destructed(a));
  EXPECT_EQ(state.refund(), 0);
  EXPECT_TRUE(state.logs().empty());
  EXPECT_TRUE(state.warm(a)) << "cold again";
  EXPECT_TRUE(state.warm(slot));
  state.finalize();
  EXPECT_TRUE(state.changed().empty()) << "touched only by what was undone";
}

TEST(JournaledState, OriginalIsTheValueWhenTheTransactionBegan) {
  const testing::MemoryState before = source();
  JournaledState state(before);
  Account& a = state.account(kA);
  state.set_storage(a, state.slot(a, word(7)), word(71));
  EXPECT_EQ(state.slot(a, word(7)).original, word(70));
  state.finalize();
  EXPECT_EQ(state.slot(a, word(7)).original, word(71));
  EXPECT_EQ(state.slot(a, word(7)).before, word(70));
}

TEST(JournaledState, DeletesWhatIsTouchedAndEmpty) {
  testing::MemoryState before = source();
  before.accounts[kB] = {};
  JournaledState state(before);
  state.account(kB);
  state.finalize();
  before.apply(state);
  EXPECT_TRUE(before.accounts.contains(kB)) << "reading does not touch";
  JournaledState second(before);
  second.credit(second.account(kB), U256{});
  second.finalize();
  before.apply(second);
  EXPECT_FALSE(before.accounts.contains(kB));
}

TEST(JournaledState, ForgetsTheStorageOfADestroyedAccount) {
  testing::MemoryState before = source();
  JournaledState state(before);
  Account& a = state.account(kA);
  state.mark_destructed(a);
  EXPECT_EQ(state.slot(a, word(7)).current, word(70)) << "it lives until the transaction ends";
  state.finalize();
  EXPECT_EQ(state.slot(a, word(7)).current, word(0));
  state.credit(a, word(1));
  state.finalize();
  before.apply(state);
  EXPECT_TRUE(before.accounts[kA].storage.empty());
  EXPECT_TRUE(before.accounts[kA].code.empty());
}

TEST(JournaledState, AccessPeriodsAndTransactionsEndSeparately) {
  const testing::MemoryState before = source();
  JournaledState state(before);
  Account& a = state.account(kA);
  EXPECT_TRUE(state.warm(a));
  state.set_transient(a, word(1), word(2));
  state.finalize();
  EXPECT_FALSE(state.warm(a));
  EXPECT_EQ(state.transient(a, word(1)), word(2));
  state.clear_access();
  EXPECT_TRUE(state.warm(a));
  EXPECT_EQ(state.transient(a, word(1)), word(0));
}

}  // namespace
}  // namespace buri::execution::evm
