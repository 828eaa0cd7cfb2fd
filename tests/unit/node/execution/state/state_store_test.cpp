#include "node/execution/state/state_store.hpp"

#include <gtest/gtest.h>

#include "node/execution/evm/keccak.hpp"
#include "node/execution/state/state_migration.hpp"
#include "node/execution/state/trie_proof.hpp"
#include "tests/unit/node/execution/state/store_world.hpp"

namespace buri::execution::state {
namespace {

using namespace buri::testing;

/// A store and the state behind each of its blocks.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) { reopen(); }

  void reopen() {
    store_.reset();
    database_ = disk_.open(state_families());
    store_ = open_store(*database_);
  }

  void add_block() {
    const std::uint64_t number = models_.empty() ? kFirst : models_.rbegin()->first + 1;
    const MemoryState before = models_.empty() ? MemoryState{} : models_.rbegin()->second;
    ModelBlock block = random_block(before, random_.next());
    const Hash256 expected = block.after.root();
    const auto root = store_->apply(number, numbered_hash(number), block.change, expected);
    ASSERT_TRUE(root.ok()) << root.error().detail;
    models_[number] = std::move(block.after);
  }

  void roll_back() {
    const std::uint64_t oldest = store_->oldest_block();
    const std::uint64_t target = oldest + random_.below(models_.rbegin()->first - oldest + 1);
    const auto status = store_->roll_back(target);
    ASSERT_TRUE(status.ok()) << status.error().detail;
    models_.erase(models_.upper_bound(target), models_.end());
    const StateHead head{target, numbered_hash(target), models_.rbegin()->second.root()};
    EXPECT_EQ(store_->head(), head);
  }

  void check_readable_blocks() {
    for (auto& [number, model] : models_) {
      const auto view = store_->view(number);
      if (view != nullptr) check(*view, model);
    }
    ASSERT_NE(store_->view(models_.rbegin()->first), nullptr);
    EXPECT_EQ(store_->view(models_.rbegin()->first + 1), nullptr);
  }

  static void check(const StateView& view, const MemoryState& model) {
    const BlockShape shape;
    for (std::uint64_t i = 0; i < shape.accounts; ++i) {
      const Address address = numbered_address(i);
      const auto found = view.account(address);
      const auto expected = model.account(address);
      ASSERT_EQ(found.has_value(), expected.has_value()) << "account " << i;
      if (!found) continue;
      EXPECT_EQ(found->nonce, expected->nonce);
      EXPECT_EQ(found->balance, expected->balance);
      EXPECT_EQ(found->code_hash, expected->code_hash);
      EXPECT_EQ(found->has_storage, expected->has_storage);
      if (found->code_hash != evm::kEmptyCodeHash) {
        EXPECT_EQ(*view.code(found->code_hash), *model.code(found->code_hash));
      }
      for (std::uint64_t j = 0; j < shape.slots; ++j) {
        EXPECT_EQ(view.storage(address, numbered_key(j)), model.storage(address, numbered_key(j)));
      }
    }
    EXPECT_TRUE(view.status().ok());
  }

  void check_proof() {
    const auto place = std::next(models_.begin(), random_.below(models_.size()));
    const Address address = numbered_address(random_.below(BlockShape{}.accounts));
    const std::vector<U256> keys = {numbered_key(random_.below(12)), numbered_key(77)};
    const auto proof = store_->prove(place->first, address, keys);
    if (store_->view(place->first) == nullptr) {
      ASSERT_FALSE(proof.ok());
      EXPECT_EQ(proof.error().kind, StateError::Kind::kUnknownBlock);
      return;
    }
    ASSERT_TRUE(proof.ok()) << proof.error().detail;
    const auto account = verify_proof(place->second.root(), evm::keccak256(address), proof->nodes);
    ASSERT_TRUE(account.ok()) << describe(account.error());
    ASSERT_EQ(account->has_value(), place->second.account(address).has_value());
    if (proof->account) EXPECT_EQ(**account, account_leaf(proof->account));
    const Hash256 storage_root = proof->account ? proof->account->storage_root : kEmptyRoot;
    for (const AccountProof::Slot& slot : proof->slots) {
      const auto value = verify_proof(storage_root, evm::keccak256(slot.key.to_word()), slot.nodes);
      ASSERT_TRUE(value.ok()) << describe(value.error());
      const U256 expected = place->second.storage(address, slot.key);
      EXPECT_EQ(slot.value, expected);
      EXPECT_EQ(value.value(),
                expected == U256{} ? std::nullopt : std::optional(slot_leaf(expected)));
    }
  }

  void check_verifies() {
    const auto status = store_->verify();
    EXPECT_TRUE(status.ok()) << status.error().detail;
  }

  SeededRandom& random() { return random_; }
  StateStore& store() { return *store_; }
  storage::Database& database() { return *database_; }
  SimulatedDisk& disk() { return disk_; }
  std::map<std::uint64_t, MemoryState>& models() { return models_; }

 private:
  static constexpr std::uint64_t kFirst = 3;

  SeededRandom random_;
  SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<StateStore> store_;
  std::map<std::uint64_t, MemoryState> models_;
};

class RandomChain : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomChain, EqualsTheModelThroughBlocksReorgsAndRestarts) {
  World world(GetParam());
  world.add_block();
  for (int step = 0; step < 120 && !::testing::Test::HasFatalFailure(); ++step) {
    world.add_block();
    if (world.random().chance(0.08)) world.roll_back();
    if (world.random().chance(0.08)) world.reopen();
    if (world.random().chance(0.3)) world.check_readable_blocks();
    if (world.random().chance(0.3)) world.check_proof();
    if (world.random().chance(0.1)) world.check_verifies();
  }
  world.check_readable_blocks();
  world.check_verifies();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomChain, ::testing::Range<std::uint64_t>(1, 7));

TEST(StateStore, LeavesNothingBehindThatAFreshStoreWouldNotHave) {
  World world(21);
  for (int i = 0; i < 31; ++i) world.add_block();  // every fifth writes the tries, the last one too
  // Everything in one block, on another disk.
  const MemoryState& model = world.models().rbegin()->second;
  StateChange whole;
  for (const auto& [address, account] : model.accounts) {
    AccountChange& change = whole.accounts.emplace_back();
    change.address = address;
    change.nonce = account.nonce;
    change.balance = account.balance;
    change.code = std::make_shared<Bytes>(account.code);
    change.code_hash = evm::keccak256(account.code);
    for (const auto& [key, value] : account.storage) change.slots.push_back({key, value});
  }
  SimulatedDisk fresh_disk;
  const auto database = fresh_disk.open(state_families());
  ASSERT_TRUE(open_store(*database)->apply(0, {}, whole).ok());
  const auto content = world.disk().content();
  const auto fresh = fresh_disk.content();
  for (const char* table :
       {"state_account", "state_slot", "state_account_node", "state_slot_node"}) {
    EXPECT_EQ(content.at(table), fresh.at(table)) << table;
  }
  EXPECT_EQ(content.at("state_undo").size(), 20u);
}

/// Has done a task before begin() returns.
class AtOnce final : public TaskRunner {
 public:
  void begin(std::function<void()> task) override { task(); }
  bool is_idle() override { return true; }
  void finish() override {}
};

/// What a large block leaves goes little by little: its old values, and its nodes where they are
/// cached.
TEST(StateStore, GoesOnAfterALargeBlock) {
  constexpr std::uint64_t kAccounts = 32'000;
  SimulatedDisk disk;
  const auto database = disk.open(state_families());
  AtOnce trie_writer;
  StateOptions options;
  options.undo_blocks = 20;
  options.trie_blocks = 3;
  options.readable_blocks = 2;
  options.trie_writer = &trie_writer;
  const auto store = open_store(*database, options);
  // Changes so many accounts, each a step of `stride` behind the one before.
  const auto add_block = [&](std::uint64_t number, std::uint64_t accounts, std::uint64_t stride) {
    StateChange change;
    for (std::uint64_t i = 0; i < accounts; ++i) {
      AccountChange& account = change.accounts.emplace_back();
      account.address = numbered_address((number + i * stride) % kAccounts);
      account.nonce = number + 1;
    }
    const auto applied = store->apply(number, {}, change);
    ASSERT_TRUE(applied.ok()) << applied.error().detail;
  };
  add_block(0, 1, 1);
  add_block(1, kAccounts, 1);
  for (std::uint64_t number = 2; number < 9; ++number) {
    const auto before = store->view(number - 1);
    const auto nonce = before->account(numbered_address(7))->nonce;
    add_block(number, 300, 101);
    EXPECT_EQ(before->account(numbered_address(7))->nonce, nonce);
    if (number % 4 != 0) continue;
    // Nodes of the large block are on their way to the cache: here the tries go back.
    ASSERT_TRUE(store->roll_back(number - 2).ok());
    add_block(number - 1, 300, 103);
    add_block(number, 300, 103);
    const auto status = store->verify();
    ASSERT_TRUE(status.ok()) << status.error().detail;
  }
}

TEST(StateStore, RemovesLeavesThatAnOlderSchemaKept) {
  World world(22);
  for (int i = 0; i < 31; ++i) world.add_block();
  const auto content = world.disk().content();
  // Leaves of tries as deep as they can be, so that none takes the place of a node that stays.
  const Tables tables = open_tables(world.database());
  storage::Batch leaves;
  for (const auto& [family, nodes] :
       {std::pair{tables.account, tables.account_node}, {tables.slot, tables.slot_node}}) {
    const auto records = world.database().iterate(family);
    for (records->seek({}); records->valid(); records->next()) {
      const ByteView key = records->key();
      const Bytes path = to_nibbles(key.last(Hash256::kSize));
      std::optional<Hash256> account;
      if (key.size() > Hash256::kSize) account = Hash256::from(key.first(Hash256::kSize));
      leaves.put(nodes, node_key(account, path_key(path)), encode_leaf({}, records->value()));
    }
  }
  ASSERT_TRUE(world.database().write(leaves, storage::Durability::kSynced).ok());
  ASSERT_NE(world.disk().content(), content);
  storage::Batch batch;
  ASSERT_TRUE(remove_stored_leaves(world.database(), batch).ok());
  ASSERT_TRUE(world.database().write(batch, storage::Durability::kSynced).ok());
  EXPECT_EQ(world.disk().content(), content);
}

TEST(StateStore, AViewKeepsItsStateThroughReorgs) {
  World world(5);
  for (int i = 0; i < 12; ++i) world.add_block();
  const std::uint64_t number = world.models().rbegin()->first;
  const auto view = world.store().view(number);
  const MemoryState model = world.models().rbegin()->second;
  for (int round = 0; round < 5; ++round) {
    world.roll_back();
    for (int i = 0; i < 12; ++i) world.add_block();
    World::check(*view, model);
  }
}

TEST(StateStore, RefusesAWrongRootAndAWrongNumberAndStaysAsItWas) {
  World world(6);
  for (int i = 0; i < 3; ++i) world.add_block();
  const auto content = world.disk().content();
  const StateHead head = *world.store().head();
  const ModelBlock block = random_block(world.models().rbegin()->second, 99);
  const auto wrong = world.store().apply(head.number + 1, {}, block.change, Hash256{});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().kind, StateError::Kind::kWrongRoot);
  const auto gap = world.store().apply(head.number + 2, {}, block.change);
  ASSERT_FALSE(gap.ok());
  EXPECT_EQ(gap.error().kind, StateError::Kind::kUnknownBlock);
  EXPECT_EQ(gap.error().detail, "expected block 6 after the head, found block 7");
  EXPECT_EQ(world.disk().content(), content);
  EXPECT_EQ(world.store().roll_back(2).error().kind, StateError::Kind::kUnknownBlock);
  EXPECT_TRUE(world.store().apply(head.number + 1, {}, block.change, block.after.root()).ok());
}

TEST(StateStore, VerifyFindsAChangedRecord) {
  World world(7);
  for (int i = 0; i < 10; ++i) world.add_block();
  const Tables tables = open_tables(world.database());
  const auto slots = world.database().iterate(tables.slot);
  slots->seek({});
  ASSERT_TRUE(slots->valid());
  storage::Batch batch;
  batch.put(tables.slot, slots->key(), Bytes{0x42, 0x43});
  ASSERT_TRUE(world.database().write(batch, storage::Durability::kSynced).ok());
  const auto status = world.store().verify();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, StateError::Kind::kWrongRoot);
  EXPECT_NE(status.error().detail.find("the storage of account"), std::string::npos);
}

TEST(ChangedState, ReadsAsTheStateDoesOnceTheChangeIsCommitted) {
  MemoryState before;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const ModelBlock block = random_block(before, seed);
    const ChangedState changed(before, block.change);
    for (std::uint64_t i = 0; i < BlockShape{}.accounts; ++i) {
      const Address address = numbered_address(i);
      const auto found = changed.account(address);
      const auto expected = block.after.account(address);
      ASSERT_EQ(found.has_value(), expected.has_value());
      if (found) EXPECT_EQ(found->code_hash, expected->code_hash);
      if (found && expected->has_storage) EXPECT_TRUE(found->has_storage);
      for (std::uint64_t j = 0; j < BlockShape{}.slots; ++j) {
        EXPECT_EQ(changed.storage(address, numbered_key(j)),
                  block.after.storage(address, numbered_key(j)));
      }
    }
    before = block.after;
  }
}

}  // namespace
}  // namespace buri::execution::state
