#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "node/consensus/iavl/multistore.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/bench/harness.hpp"

/// Committing a height with 10,000 dirty keys in a large store: application to the trees, hashes,
/// one synced batch, publication. Keys are 20 random bytes and values 100, set again at random, so
/// that every commit goes everywhere. BURI_BENCH_STORE_KEYS says how many keys; the goal is for
/// 10,000,000, which takes minutes to build.

namespace buri::bench {
namespace {

using Time = std::chrono::steady_clock;

/// What this thread has computed so far, which neighbours on the machine change less than the time.
double thread_milliseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

struct CommitTimes {
  double wall_ms = 0;
  double thread_ms = 0;
};

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

constexpr std::size_t kDefaultKeys = 200'000;
constexpr std::size_t kGoalKeys = 10'000'000;
constexpr std::size_t kDirtyKeys = 10'000;
constexpr std::size_t kValueBytes = 100;
constexpr double kGoalMilliseconds = 100;

std::size_t environment(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

Address key_of(std::uint64_t index) {
  Address key;
  SeededRandom(index).fill(key.bytes);
  return key;
}

/// A store of that many keys in a folder of its own.
class LargeStore {
 public:
  explicit LargeStore(std::size_t keys) : keys_(keys) {
    std::string pattern = (std::filesystem::temp_directory_path() / "buri-store-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    storage::RocksOptions rocks;
    rocks.folder = folder_ + "/db";
    rocks.block_cache_bytes = std::size_t{512} << 20;
    rocks.write_buffer_bytes = std::size_t{256} << 20;
    database_ =
        storage::open_rocks_database(rocks, consensus::iavl::Multistore::families()).value();
    accel::EngineOptions engine;
    engine.allowed_backends = {"scalar", "avx2", "avx512"};
    engine.worker_threads = 1;
    engine_ = accel::Engine::start(engine).value();
    consensus::iavl::MultistoreOptions options;
    options.tree_cache_bytes = environment("BURI_BENCH_TREE_MIB", 4096) << 20;
    multistore_ = consensus::iavl::Multistore::open(*database_, *engine_, options).value();
    build();
  }
  ~LargeStore() {
    multistore_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  CommitTimes commit() {
    const std::int64_t height = multistore_->height() + 1;
    const auto view = multistore_->view(height - 1);
    consensus::store::Branch branch(view->stores());
    Bytes value(kValueBytes);
    for (std::size_t i = 0; i < kDirtyKeys; ++i) {
      random_.fill(value);
      CHECK(branch.store(0).set(key_of(random_.below(keys_)), value).ok(), "a branch takes all");
    }
    const double computed = thread_milliseconds();
    const auto start = Time::now();
    CHECK(multistore_->commit(height, branch, storage::Durability::kSynced).ok(), "it commits");
    return {std::chrono::duration<double, std::milli>(Time::now() - start).count(),
            thread_milliseconds() - computed};
  }
  [[nodiscard]] double tree_mib() const {
    return static_cast<double>(multistore_->tree_bytes()) / (1 << 20);
  }

 private:
  void build() {
    auto import = multistore_->import_first(1).value();
    Bytes value(kValueBytes);
    for (std::size_t i = 0; i < keys_; ++i) {
      random_.fill(value);
      CHECK(import->set(0, key_of(i), value).ok(), "the disk takes it");
    }
    CHECK(import->finish().ok(), "the disk takes it");
    const auto view = multistore_->view(0);
    consensus::store::Branch branch(view->stores());
    CHECK(multistore_->commit(1, branch, storage::Durability::kSynced).ok(), "it commits");
  }

  std::size_t keys_;
  std::string folder_;
  SeededRandom random_{1};
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<accel::Engine> engine_;
  std::unique_ptr<consensus::iavl::Multistore> multistore_;
};

std::vector<Figure> store_commit(const Options& options) {
  const std::size_t keys = environment("BURI_BENCH_STORE_KEYS", kDefaultKeys);
  LargeStore store(keys);
  for (int i = 0; i < 20; ++i) store.commit();
  std::vector<double> wall;
  std::vector<double> computed;
  for (unsigned i = 0; i < std::max(options.rounds, 100u); ++i) {
    const CommitTimes times = store.commit();
    wall.push_back(times.wall_ms);
    computed.push_back(times.thread_ms);
  }
  char text[160];
  std::snprintf(text, sizeof text,
                "%zu keys, %zu dirty: median %.0f ms; computing: median %.0f, p99 %.0f ms; trees "
                "%.0f MiB",
                keys, kDirtyKeys, quantile(wall, 0.5), quantile(computed, 0.5),
                quantile(computed, 0.99), store.tree_mib());
  Figure figure;
  figure.name = "store.commit_p99_ms";
  figure.peer = text;
  figure.ratio = quantile(wall, 0.99);
  figure.spread = (quantile(wall, 0.9) - quantile(wall, 0.1)) / quantile(wall, 0.5);
  figure.rounds = static_cast<unsigned>(wall.size());
  figure.ours_per_second = kDirtyKeys * 1000 * static_cast<double>(wall.size()) /
                           std::accumulate(wall.begin(), wall.end(), 0.0);
  if (keys >= kGoalKeys) figure.goal = kGoalMilliseconds;
  figure.goal_is_upper_bound = true;
  return {figure};
}

const Registration kStoreCommit("store.commit_p99_ms", store_commit);

}  // namespace
}  // namespace buri::bench
