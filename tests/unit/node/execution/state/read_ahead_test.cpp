#include "node/execution/state/read_ahead.hpp"

#include <gtest/gtest.h>

#include "node/execution/evm/keccak.hpp"
#include "node/execution/state/table_nodes.hpp"
#include "tests/unit/node/execution/state/store_world.hpp"

namespace buri::execution::state {
namespace {

using namespace buri::testing;

constexpr std::uint64_t kAccounts = 3000;
constexpr std::uint64_t kWanted = 200;

/// Counts the records that are asked for by their keys.
class CountingDatabase final : public storage::Database {
 public:
  explicit CountingDatabase(storage::Database& database) : database_(database) {}

  [[nodiscard]] std::optional<storage::Family> family(std::string_view name) const override {
    return database_.family(name);
  }
  Result<bool, storage::StorageError> get(storage::Family family, ByteView key,
                                          Bytes& value) const override {
    ++gets_;
    return database_.get(family, key, value);
  }
  Result<bool, storage::StorageError> get_within_prefix(storage::Family family, ByteView key,
                                                        std::size_t prefix_bytes, Bytes& found_key,
                                                        Bytes& value) const override {
    return database_.get_within_prefix(family, key, prefix_bytes, found_key, value);
  }
  [[nodiscard]] std::unique_ptr<storage::Iterator> iterate(storage::Family family) const override {
    return database_.iterate(family);
  }
  Status<storage::StorageError> write(const storage::Batch& batch,
                                      storage::Durability durability) override {
    return database_.write(batch, durability);
  }
  Status<storage::StorageError> write_sorted(const storage::Batch& batch) override {
    return database_.write_sorted(batch);
  }
  Status<storage::StorageError> copy_to(const std::string& folder) override {
    return database_.copy_to(folder);
  }
  [[nodiscard]] storage::MemoryUse memory_use() const override { return database_.memory_use(); }

  [[nodiscard]] std::uint64_t gets() const { return gets_; }

 private:
  storage::Database& database_;
  mutable std::atomic<std::uint64_t> gets_ = 0;
};

/// A state of many accounts whose database counts.
class ReadAheadTest : public ::testing::Test {
 protected:
  ReadAheadTest() {
    const auto store = open_store(*database_);
    StateChange change;
    for (std::uint64_t i = 0; i < kAccounts; ++i) {
      AccountChange& account = change.accounts.emplace_back();
      account.address = numbered_address(i);
      account.balance = U256::from_uint64(i);
    }
    const auto applied = store->apply(0, {}, change);
    CHECK(applied.ok(), "the accounts are there");
    root_ = applied.value();
  }

  /// Of every tenth account.
  static std::vector<Hash256> wanted() {
    std::vector<Hash256> hashes;
    for (std::uint64_t i = 0; i < kWanted; ++i) {
      hashes.push_back(evm::keccak256(numbered_address(10 * i)));
    }
    return hashes;
  }

  /// Changes the accounts as a block would.
  Status<StateError> change_all(std::vector<Hash256> hashes) {
    std::ranges::sort(hashes);
    std::vector<LeafChange> changes;
    for (const Hash256& hash : hashes) {
      ASSIGN_OR_RETURN(auto account, reader_.account(hash, reader_.history().published()));
      LeafChange& change = changes.emplace_back();
      change.key = hash;
      change.before = account_leaf(account);
      ++account->nonce;
      change.after = account_leaf(account);
    }
    const TableNodes nodes(reader_);
    return TrieUpdate(root_, nodes).apply(trie_changes(changes));
  }

  SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_ = disk_.open(state_families());
  CountingDatabase counting_{*database_};
  StateReader reader_{counting_, {}};
  Hash256 root_;
};

TEST_F(ReadAheadTest, NothingIsLeftToRead) {
  {
    ReadAhead reads(reader_, 3);
    reads.begin(wanted());
    reads.finish();
  }
  const std::uint64_t read_ahead = counting_.gets();
  // The account, and the branch above its leaf at least.
  EXPECT_GT(read_ahead, 2 * kWanted);
  const auto status = change_all(wanted());
  ASSERT_TRUE(status.ok()) << status.error().detail;
  EXPECT_EQ(counting_.gets(), read_ahead);
}

TEST_F(ReadAheadTest, LeavesAccountsAloneThatAreAtHand) {
  ASSERT_TRUE(change_all(wanted()).ok());
  const std::uint64_t read = counting_.gets();
  ReadAhead reads(reader_, 2);
  reads.begin(wanted());
  reads.finish();
  EXPECT_EQ(counting_.gets(), read);
}

TEST_F(ReadAheadTest, FindsOutThatAnAccountIsNotThere) {
  ReadAhead reads(reader_, 2);
  const Hash256 absent = evm::keccak256(numbered_address(kAccounts));
  reads.begin({absent});
  reads.finish();
  const std::uint64_t read = counting_.gets();
  const auto account = reader_.account(absent, reader_.history().published());
  ASSERT_TRUE(account.ok());
  EXPECT_FALSE(account->has_value());
  EXPECT_EQ(counting_.gets(), read);
}

TEST_F(ReadAheadTest, LeavesErrorsToWhoNeedsTheValue) {
  storage::Batch batch;
  batch.put(reader_.tables().account_node, as_bytes(path_key({})), Bytes{1, 2, 3});
  ASSERT_TRUE(database_->write(batch, storage::Durability::kSynced).ok());
  {
    ReadAhead reads(reader_, 2);
    reads.begin(wanted());
    reads.finish();
  }
  const auto status = change_all(wanted());
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, StateError::Kind::kCorruption);
}

TEST_F(ReadAheadTest, APauseHoldsUntilItsEnd) {
  ReadAhead reads(reader_, 2);
  {
    const ReadAhead::Pause pause(reads);
    reads.begin(wanted());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(counting_.gets(), 0U);
  }
  reads.finish();
  EXPECT_GT(counting_.gets(), 2 * kWanted);
}

}  // namespace
}  // namespace buri::execution::state
