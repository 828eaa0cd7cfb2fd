#include <gtest/gtest.h>

#include <thread>

#include "node/storage/rocks_database.hpp"
#include "tests/unit/node/execution/state/store_world.hpp"

/// Readers of recent blocks, and provers, beside the thread that adds blocks and takes them back,
/// the one that writes tries, and those that read ahead; and lanes in which storage changes.

namespace buri::execution::state {
namespace {

using namespace buri::testing;

constexpr std::uint64_t kAccounts = 16;

/// Block n sets every account's balance and slot 0 to n, so that a view that mixes two states
/// shows.
StateChange uniform_change(std::uint64_t number) {
  StateChange change;
  for (std::uint64_t i = 0; i < kAccounts; ++i) {
    AccountChange& account = change.accounts.emplace_back();
    account.address = numbered_address(i);
    account.nonce = number;
    account.balance = U256::from_uint64(number);
    account.slots.push_back({numbered_key(0), U256::from_uint64(number)});
  }
  return change;
}

void read_recent(const StateStore& store, std::uint64_t seed, const std::atomic<bool>& stops) {
  SeededRandom random(seed);
  while (!stops.load()) {
    const std::uint64_t number = store.head()->number - random.below(6);
    const auto view = store.view(number);
    if (view == nullptr) continue;
    for (int i = 0; i < 40; ++i) {
      const Address address = numbered_address(random.below(kAccounts));
      const auto account = view->account(address);
      ASSERT_TRUE(account.has_value());
      ASSERT_EQ(account->nonce, number);
      ASSERT_EQ(view->storage(address, numbered_key(0)), U256::from_uint64(number));
    }
    ASSERT_TRUE(view->status().ok());
  }
}

void prove_recent(const StateStore& store, const std::atomic<bool>& stops) {
  SeededRandom random(77);
  while (!stops.load()) {
    const std::uint64_t number = store.head()->number - random.below(4);
    const Address address = numbered_address(random.below(kAccounts));
    const std::vector<U256> keys = {numbered_key(0)};
    const auto proof = store.prove(number, address, keys);
    if (!proof.ok()) {
      ASSERT_EQ(proof.error().kind, StateError::Kind::kUnknownBlock) << proof.error().detail;
      continue;
    }
    ASSERT_EQ(proof->account->nonce, number);
    ASSERT_EQ(proof->slots[0].value, U256::from_uint64(number));
  }
}

void run_world(storage::Database& database, int rounds) {
  ThreadTaskRunner trie_writer;
  const auto store = open_store(
      database, {.caches = {.account_bytes = 2000, .slot_bytes = 2000, .node_bytes = 8000},
                 .undo_blocks = 16,
                 .trie_blocks = 3,
                 .readable_blocks = 8,
                 .trie_writer = &trie_writer,
                 .read_ahead_threads = 2});
  for (std::uint64_t n = 1; n <= 10; ++n) {
    ASSERT_TRUE(store->apply(n, {}, uniform_change(n)).ok());
  }
  std::atomic<bool> stops = false;
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    threads.emplace_back([&, seed] { read_recent(*store, seed, stops); });
  }
  threads.emplace_back([&] { prove_recent(*store, stops); });
  std::vector<Address> addresses;
  for (std::uint64_t i = 0; i < kAccounts; ++i) addresses.push_back(numbered_address(i));
  SeededRandom random(3);
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t next = store->head()->number + 1;
    store->read_ahead(addresses);
    EXPECT_TRUE(store->apply(next, {}, uniform_change(next)).ok());
    if (random.chance(0.1)) EXPECT_TRUE(store->roll_back(next - random.below(5)).ok());
  }
  stops = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(store->verify().ok());
}

TEST(StateConcurrent, EveryViewIsOneStateOnTheSimulatedDisk) {
  SimulatedDisk disk;
  const auto database = disk.open(state_families());
  run_world(*database, 300);
}

TEST(StateConcurrent, EveryViewIsOneStateOnRocksDb) {
  auto database =
      storage::open_rocks_database({.folder = "state-test", .in_memory = true}, state_families());
  ASSERT_TRUE(database.ok()) << database.error().detail;
  run_world(*database.value(), 300);
}

/// Many slots of several accounts; now and then storage is cleared, or goes with its account.
StateChange storage_change(SeededRandom& random, std::uint64_t number) {
  StateChange change;
  for (std::uint64_t i = 0; i < kAccounts; ++i) {
    AccountChange& account = change.accounts.emplace_back();
    account.address = numbered_address(i);
    account.nonce = number;
    account.exists = !random.chance(0.05);
    account.storage_cleared = random.chance(0.1);
    if (!account.exists) continue;
    for (std::uint64_t slot = 0; slot < 30; ++slot) {
      if (random.chance(0.5)) continue;
      account.slots.push_back({numbered_key(slot), U256::from_uint64(random.below(3))});
    }
  }
  return change;
}

TEST(StateConcurrent, StorageChangesSideBySideAsItDoesOneAfterTheOther) {
  SimulatedDisk disk;
  SimulatedDisk other_disk;
  const auto database = disk.open(state_families());
  const auto other_database = other_disk.open(state_families());
  ThreadLanes lanes(4);
  StateOptions options = small_options();
  options.lanes = &lanes;
  const auto store = open_store(*database, options);
  const auto other = open_store(*other_database);
  SeededRandom random(9);
  for (std::uint64_t number = 1; number <= 60; ++number) {
    const StateChange change = storage_change(random, number);
    const auto root = store->apply(number, {}, change);
    const auto expected = other->apply(number, {}, change);
    ASSERT_TRUE(root.ok() && expected.ok());
    ASSERT_EQ(*root, *expected) << "block " << number;
  }
  EXPECT_TRUE(store->verify().ok());
  ASSERT_TRUE(store->roll_back(50).ok());
  ASSERT_TRUE(other->roll_back(50).ok());
  EXPECT_EQ(store->head()->root, other->head()->root);
  EXPECT_TRUE(store->verify().ok());
}

}  // namespace
}  // namespace buri::execution::state
