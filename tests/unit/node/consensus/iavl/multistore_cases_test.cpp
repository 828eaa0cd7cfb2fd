#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/hex.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/iavl/proof.hpp"
#include "tests/support/iavl/random_heights.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

/// Single rules of the multistore, by name.

namespace buri::consensus::iavl {
namespace {

using buri::testing::NaiveStores;

constexpr std::string_view kEmptyRoot =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

Bytes text(std::string_view characters) {
  const ByteView bytes = as_bytes(characters);
  return {bytes.begin(), bytes.end()};
}

class MultistoreCases : public ::testing::Test {
 protected:
  MultistoreCases() { reopen(); }

  void reopen() {
    multistore_.reset();
    database_ = disk_.open(Multistore::families());
    multistore_ = Multistore::open(*database_, buri::testing::engine(), options_).value();
  }
  CommitInfo commit(const NaiveStores::Writes& writes) {
    return buri::testing::commit_writes(*multistore_, multistore_->height() + 1, {writes, {}},
                                        storage::Durability::kSynced)
        .value();
  }
  std::optional<Bytes> get(std::int64_t height, std::string_view key) {
    return multistore_->view(height)->store(0).get(as_bytes(key)).value();
  }
  std::vector<Bytes> keys(std::int64_t height, store::Direction direction) {
    const auto view = multistore_->view(height);
    auto iterator = view->store(0).iterate({}, direction).value();
    std::vector<Bytes> result;
    while (iterator->valid()) {
      result.emplace_back(iterator->key().begin(), iterator->key().end());
      EXPECT_TRUE(iterator->next().ok());
    }
    return result;
  }
  void maintain_to_the_end() {
    while (multistore_->maintain().value()) {
    }
  }

  MultistoreOptions options_{.stores = {"bank", "gov"},
                             .tree_cache_bytes = 1 << 16,
                             .value_cache_bytes = 1 << 16,
                             .anchor_interval_heights = 4,
                             .kept_heights = 0,
                             .background = false};
  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Multistore> multistore_;
};

TEST_F(MultistoreCases, AnEmptyStoreHasTheHashOfNothingAndNoProofOfIt) {
  const CommitInfo info = commit({});
  EXPECT_EQ(to_hex(info.roots[0]), kEmptyRoot);
  const auto proof = multistore_->prove(1, 0, as_bytes("a")).value();
  ASSERT_TRUE(proof.has_value()) << "stock answers with one, which proves nothing";
  const auto& absence = std::get<NonExistenceProof>(proof->key_proof);
  EXPECT_FALSE(absence.left || absence.right);
  EXPECT_FALSE(verify_non_existence(buri::testing::engine(), absence,
                                    {TreeKind::kIavl, info.roots[0]}, as_bytes("a"))
                   .ok());
  EXPECT_TRUE(keys(1, store::Direction::kAscending).empty());
  EXPECT_TRUE(keys(1, store::Direction::kDescending).empty());
}

TEST_F(MultistoreCases, AStoreThatIsEmptiedHasTheHashOfNothingAgain) {
  commit({{text("a"), text("1")}, {text("b"), text("2")}});
  const CommitInfo info = commit({{text("a"), std::nullopt}, {text("b"), std::nullopt}});
  EXPECT_EQ(to_hex(info.roots[0]), kEmptyRoot);
  reopen();
  EXPECT_EQ(get(2, "a"), std::nullopt);
  EXPECT_EQ(get(1, "a"), text("1"));
}

TEST_F(MultistoreCases, ARedundantWriteChangesTheRoot) {
  const Hash256 before = commit({{text("a"), text("1")}, {text("b"), text("2")}}).roots[0];
  const Hash256 after = commit({{text("a"), text("1")}}).roots[0];
  EXPECT_NE(before, after);
}

TEST_F(MultistoreCases, RemovingAnAbsentKeyChangesNothing) {
  const CommitInfo before = commit({{text("a"), text("1")}, {text("c"), text("2")}});
  const auto records = disk_.content().at("iavl_state");
  const CommitInfo after = commit({{text("b"), std::nullopt}, {text("d"), std::nullopt}});
  EXPECT_EQ(after.roots, before.roots);
  EXPECT_EQ(disk_.content().at("iavl_state"), records);
}

TEST_F(MultistoreCases, IteratorsPassOverADeletedRange) {
  commit({{text("a"), text("1")},
          {text("b"), text("2")},
          {text("c"), text("3")},
          {text("d"), text("4")}});
  commit({{text("b"), std::nullopt}, {text("c"), std::nullopt}});
  EXPECT_EQ(keys(2, store::Direction::kAscending), (std::vector{text("a"), text("d")}));
  EXPECT_EQ(keys(2, store::Direction::kDescending), (std::vector{text("d"), text("a")}));
  EXPECT_EQ(keys(1, store::Direction::kAscending).size(), 4U);
}

TEST_F(MultistoreCases, AViewStaysWhatItIsWhileHeightsAreCommittedAndPruned) {
  commit({{text("a"), text("1")}});
  const auto view = multistore_->view(1);
  for (int i = 0; i < 12; ++i) commit({{text("a"), text("new")}});
  ASSERT_TRUE(multistore_->write_anchor().ok());
  ASSERT_TRUE(multistore_->prune(12).ok());
  maintain_to_the_end();
  EXPECT_EQ(view->store(0).get(as_bytes("a")).value(), text("1"));
  EXPECT_EQ(multistore_->oldest_height(), 1);
}

TEST_F(MultistoreCases, PruningLeavesNothingThatOldHeightsNeeded) {
  for (int i = 0; i < 40; ++i) commit({{text("a"), text("1")}, {text("b"), std::nullopt}});
  commit({{text("a"), text("last")}});
  ASSERT_TRUE(multistore_->write_anchor().ok());
  ASSERT_TRUE(multistore_->prune(41).ok());
  maintain_to_the_end();
  EXPECT_EQ(multistore_->oldest_height(), 41);
  EXPECT_EQ(multistore_->view(40), nullptr);
  const auto content = disk_.content();
  for (const char* family : {"iavl_state", "iavl_page", "iavl_anchor", "iavl_commit"}) {
    EXPECT_EQ(content.at(family).size(), 1U) << family;
  }
  EXPECT_TRUE(content.at("iavl_change").empty());
  EXPECT_TRUE(content.at("iavl_dead_page").empty());
}

TEST_F(MultistoreCases, KeptHeightsFollowTheNewest) {
  options_.kept_heights = 10;
  reopen();
  for (int i = 0; i < 60; ++i) {
    commit({{text("a"), text("1")}});
    maintain_to_the_end();
  }
  EXPECT_GE(multistore_->oldest_height(), 60 - 10 - options_.anchor_interval_heights);
  EXPECT_LE(multistore_->oldest_height(), 60 - 10);
}

TEST_F(MultistoreCases, AChangedRecordIsFoundAtStart) {
  commit({{text("a"), text("1")}});
  storage::Batch batch;
  const Bytes forged(64, 0x11);
  batch.put(*database_->family("iavl_commit"), disk_.content().at("iavl_commit").begin()->first,
            forged);
  ASSERT_TRUE(database_->write(batch, storage::Durability::kSynced).ok());
  const auto opened = Multistore::open(*database_, buri::testing::engine(), options_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, storage::StorageError::Kind::kCorruption);
  EXPECT_NE(opened.error().detail.find("store bank at height 1: expected root 1111"),
            std::string::npos)
      << opened.error().detail;
}

TEST_F(MultistoreCases, OtherStoresThanThoseOnDiskAreRefused) {
  options_.stores = {"bank", "stake"};
  const auto opened = Multistore::open(*database_, buri::testing::engine(), options_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().detail,
            "the database holds the stores \"bank gov\", expected \"bank stake\"");
}

class ImportCases : public MultistoreCases {
 protected:
  /// The root of one height that sets 0 to 199 but not 7.
  static Hash256 expected_root(std::int64_t height) {
    NaiveStores::Writes writes;
    for (std::uint8_t i = 0; i < 200; ++i) {
      if (i != 7) writes[Bytes{i}] = text("value");
    }
    NaiveStores model(1);
    model.apply(height, {writes});
    return model.roots(height)[0];
  }
  void import(std::int64_t height, bool finish) {
    auto import = multistore_->import_first(height).value();
    for (int i = 149; i >= 0; --i) {
      const Bytes key{static_cast<std::uint8_t>(i)};
      ASSERT_TRUE(import->set(0, key, as_bytes("other")).ok());
      ASSERT_TRUE(import->set(0, key, as_bytes("value")).ok());
    }
    if (finish) ASSERT_TRUE(import->finish().ok());
  }
  Hash256 commit_rest(std::int64_t height) {
    NaiveStores::Writes writes;
    for (std::uint8_t i = 150; i < 200; ++i) writes[Bytes{i}] = text("value");
    writes[Bytes{7}] = std::nullopt;
    return buri::testing::commit_writes(*multistore_, height, {writes, {}},
                                        storage::Durability::kSynced)
        .value()
        .roots[0];
  }
};

TEST_F(ImportCases, ItsKeysAndTheFirstBlocksMakeOneHeight) {
  options_.tree_cache_bytes = 128 * 40;  // less than the tree takes
  reopen();
  import(24404501, true);
  EXPECT_EQ(multistore_->view(0)->store(0).get(Bytes{3}).value(), text("value"));
  EXPECT_EQ(commit_rest(24404501), expected_root(24404501));
  reopen();
  EXPECT_EQ(multistore_->height(), 24404501);
  EXPECT_EQ(multistore_->view(24404501)->store(0).get(Bytes{7}).value(), std::nullopt);
}

TEST_F(ImportCases, WaitsForItsFirstBlockAcrossAStart) {
  import(5, true);
  reopen();
  EXPECT_EQ(commit_rest(5), expected_root(5));
}

/// A branch that hands its writes on reads what it handed on, and what it removed is not there.
TEST_F(ImportCases, IsReadAndRemovedFromByABoundedBranch) {
  auto import = multistore_->import_first(5).value();
  store::Branch branch(import->stores(), 1'000);
  store::BranchStore& written = branch.store(0);
  for (std::uint8_t i = 0; i < 210; ++i) ASSERT_TRUE(written.set(Bytes{i}, as_bytes("other")).ok());
  for (std::uint8_t i = 0; i < 200; ++i) {
    ASSERT_EQ(written.get(Bytes{i}).value(), text("other"));
    ASSERT_TRUE(written.set(Bytes{i}, as_bytes("value")).ok());
  }
  for (std::uint8_t i = 200; i < 210; ++i) ASSERT_TRUE(written.remove(Bytes{i}).ok());
  EXPECT_LT(written.writes().size(), 10U);
  EXPECT_FALSE(written.has(Bytes{205}).value());
  EXPECT_TRUE(written.has(Bytes{150}).value());
  std::size_t count = 0;
  const auto entries = written.iterate({}, store::Direction::kAscending).value();
  for (; entries->valid(); ++count) ASSERT_TRUE(entries->next().ok());
  EXPECT_EQ(count, 200U);
  ASSERT_TRUE(branch.write_to(import->stores()).ok());
  ASSERT_TRUE(import->finish().ok());
  EXPECT_EQ(multistore_->imported_height(), 5);
  reopen();
  EXPECT_EQ(multistore_->imported_height(), 5);
  EXPECT_EQ(commit_rest(5), expected_root(5));
  EXPECT_EQ(multistore_->imported_height(), 0);
}

TEST_F(ImportCases, IsForgottenUnlessItWasFinished) {
  import(5, false);
  reopen();
  EXPECT_TRUE(keys(0, store::Direction::kAscending).empty());
  EXPECT_TRUE(disk_.content().at("iavl_state").empty());
}

/// Readers beside the writer and the background thread.
TEST_F(MultistoreCases, ViewsAndProofsHoldBesideTheWriter) {
  options_.background = true;
  options_.kept_heights = 12;
  reopen();
  commit({{text("a"), text("1")}, {text("z"), text("1")}});
  std::atomic<bool> done{false};
  const auto read = [&] {
    while (!done) {
      const std::int64_t height = multistore_->height();
      const auto view = multistore_->view(height);
      if (view == nullptr) continue;
      EXPECT_EQ(view->store(0).get(as_bytes("a")).value(), text(std::to_string(height)));
      const auto proof = multistore_->prove(height, 0, as_bytes("a"));
      ASSERT_TRUE(proof.ok()) << proof.error().detail;
      EXPECT_EQ(proof.value()->value, text(std::to_string(height)));
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int i = 2; i <= 300; ++i) {
    commit({{text("a"), text(std::to_string(i))}, {text(std::to_string(i % 50)), text("x")}});
  }
  done = true;
  first.join();
  second.join();
  maintain_to_the_end();
  commit({});
  EXPECT_GT(multistore_->oldest_height(), 1);
}

}  // namespace
}  // namespace buri::consensus::iavl
