#include "node/consensus/iavl/multistore.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/hex.hpp"
#include "tests/support/iavl/random_heights.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::iavl {
namespace {

using buri::testing::NaiveStores;
using buri::testing::random_writes;

const std::vector<std::string> kStores = {"bank", "clerk", "gov"};

MultistoreOptions small_options() {
  return {.stores = kStores,
          .tree_cache_bytes = 128 * 100,
          .value_cache_bytes = 16 * 2000,
          .anchor_interval_heights = 5,
          .kept_heights = 0,
          .background = false};
}

/// A multistore on a simulated disk, and the model it must equal.
class Pair {
 public:
  explicit Pair(std::uint64_t seed) : random_(seed) { reopen(); }

  void reopen() {
    multistore_.reset();
    database_ = disk_.open(Multistore::families());
    auto opened = Multistore::open(*database_, buri::testing::engine(), small_options());
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    multistore_ = std::move(opened).value();
  }

  void step() {
    commit_one();
    const std::uint64_t slices = random_.below(4);
    for (std::uint64_t i = 0; i < slices; ++i) ASSERT_TRUE(multistore_->maintain().ok());
    if (random_.chance(0.03)) reopen();
    if (random_.chance(0.05)) prune();
    if (random_.chance(0.03)) roll_back();
    if (random_.chance(0.3)) check_some_height();
    if (random_.chance(0.05)) ASSERT_TRUE(multistore_->write_anchor().ok());
  }

  void check_every_height() {
    for (std::int64_t h = multistore_->oldest_height(); h <= multistore_->height(); ++h) check(h);
  }

  Multistore& multistore() { return *multistore_; }

 private:
  void commit_one() {
    const std::int64_t newest = multistore_->height();
    const std::int64_t height = newest == 0 ? 7 : newest + 1;
    const auto writes = random_writes(random_, model_, newest, kStores.size());
    model_.apply(height, writes);
    const auto info =
        buri::testing::commit_writes(*multistore_, height, writes, storage::Durability::kSynced);
    ASSERT_TRUE(info.ok()) << info.error().detail;
    ASSERT_EQ(info.value().roots, model_.roots(height)) << "height " << height;
  }

  std::int64_t some_height() {
    const std::int64_t oldest = multistore_->oldest_height();
    const std::int64_t count = multistore_->height() - oldest + 1;
    return oldest + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(count)));
  }

  void prune() {
    const std::int64_t before = multistore_->oldest_height();
    const std::int64_t asked = some_height();
    ASSERT_TRUE(multistore_->prune(asked).ok());
    EXPECT_LE(multistore_->oldest_height(), std::max(asked, before));
    if (random_.chance(0.5)) {
      while (multistore_->maintain().value()) {
      }
    }
  }

  void roll_back() {
    const std::int64_t height = some_height();
    ASSERT_TRUE(multistore_->roll_back(height).ok());
    model_.roll_back(height);
    EXPECT_EQ(multistore_->height(), height);
  }

  void check_some_height() { check(some_height()); }

  void check(std::int64_t height) {
    const auto view = multistore_->view(height);
    ASSERT_NE(view, nullptr);
    const auto info = multistore_->commit_info(height).value().value();
    EXPECT_EQ(info.roots, model_.roots(height));
    for (std::size_t i = 0; i < kStores.size(); ++i) {
      const auto& content = model_.content(height, i);
      EXPECT_EQ(buri::testing::content_of(view->store(i)), content);
      check_range(view->store(i), content);
      check_proof(height, i, content);
    }
  }

  Bytes some_key(const NaiveStores::Content& content) {
    if (content.empty() || random_.chance(0.3)) {
      Bytes key(1 + random_.below(4));
      random_.fill(key);
      return key;
    }
    auto at = content.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(random_.below(content.size())));
    return at->first;
  }

  void check_range(store::ReadStore& store, const NaiveStores::Content& content) {
    const Bytes key = some_key(content);
    const auto found = content.find(key);
    const auto value = store.get(key).value();
    EXPECT_EQ(value, found == content.end() ? std::nullopt : std::optional(found->second));
    store::KeyRange range{.begin = key, .end = some_key(content)};
    std::vector<Bytes> expected;
    for (const auto& [other, unused] : content) {
      if (other >= range.begin && other < *range.end) expected.push_back(other);
    }
    for (const auto direction : {store::Direction::kAscending, store::Direction::kDescending}) {
      std::vector<Bytes> keys;
      auto iterator = store.iterate(range, direction).value();
      while (iterator->valid()) {
        keys.emplace_back(iterator->key().begin(), iterator->key().end());
        ASSERT_TRUE(iterator->next().ok());
      }
      EXPECT_EQ(keys, expected);
      std::reverse(expected.begin(), expected.end());
    }
  }

  void check_proof(std::int64_t height, std::size_t store, const NaiveStores::Content& content) {
    accel::Engine& crypto = buri::testing::engine();
    const Bytes key = some_key(content);
    const auto proved = multistore_->prove(height, store, key);
    ASSERT_TRUE(proved.ok()) << proved.error().detail;
    const auto& proof = proved.value();
    ASSERT_TRUE(proof.has_value());
    const auto info = multistore_->commit_info(height).value().value();
    const ByteView name = as_bytes(kStores[store]);
    EXPECT_TRUE(verify_existence(crypto, proof->store_proof, {TreeKind::kSimple, info.app_hash},
                                 name, info.roots[store])
                    .ok());
    const TreeRoot root{TreeKind::kIavl, info.roots[store]};
    // ICS-23 has no proof with an empty value.
    if (has_empty_value(proof->key_proof)) return;
    const CommitmentProof decoded = decode_commitment_proof(proof->operations()[0].data).value();
    const auto found = content.find(key);
    if (found == content.end()) {
      // Of an empty store it names no neighbour, and no verifier takes it.
      const auto& absence = std::get<NonExistenceProof>(decoded);
      EXPECT_EQ(verify_non_existence(crypto, absence, root, key).ok(), !content.empty());
    } else {
      const auto& existence = std::get<ExistenceProof>(decoded);
      EXPECT_TRUE(verify_existence(crypto, existence, root, key, found->second).ok());
    }
  }

  static bool has_empty_value(const CommitmentProof& proof) {
    if (const auto* existence = std::get_if<ExistenceProof>(&proof)) {
      return existence->value.empty();
    }
    const auto& absence = std::get<NonExistenceProof>(proof);
    return (absence.left && absence.left->value.empty()) ||
           (absence.right && absence.right->value.empty());
  }

  buri::testing::SimulatedDisk disk_;
  SeededRandom random_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Multistore> multistore_;
  NaiveStores model_{kStores.size()};
};

TEST(MultistoreRandom, EqualsTheNaiveModelThroughEverythingThatCanHappen) {
  const char* given = std::getenv("BURI_TEST_SEED");
  const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t last = given != nullptr ? first : 12;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("replay with BURI_TEST_SEED=" + std::to_string(seed));
    Pair pair(seed);
    for (int i = 0; i < 120 && !::testing::Test::HasFailure(); ++i) pair.step();
    pair.check_every_height();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace buri::consensus::iavl
