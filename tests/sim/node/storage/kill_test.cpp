#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "node/consensus/iavl/multistore.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/support/iavl/random_heights.hpp"
#include "tests/unit/node/golden.hpp"

/// A process that commits heights to a real database is killed, again and again: what it said was
/// committed is there at the next start, and nothing is torn.

namespace buri::consensus::iavl {
namespace {

using buri::testing::NaiveStores;

constexpr const char* kFolderVariable = "BURI_KILL_TEST_FOLDER";
/// The descriptor that the process tells its heights on.
constexpr int kReports = 3;
constexpr std::size_t kKeys = 50;
/// Set by every height, so that a store with anything else in it is torn.
constexpr std::size_t kKeysPerHeight = 20;

Bytes value_of(std::int64_t height) {
  const std::string text = std::to_string(height);
  return {text.begin(), text.end()};
}

NaiveStores::Writes writes_of(std::int64_t height) {
  NaiveStores::Writes writes;
  for (std::size_t i = 0; i < kKeysPerHeight; ++i) {
    const auto key = (static_cast<std::size_t>(height) * 7 + i) % kKeys;
    writes[Bytes{static_cast<std::uint8_t>(key)}] = value_of(height);
  }
  return writes;
}

/// What the stores hold after `height`.
NaiveStores::Content content_after(std::int64_t height) {
  NaiveStores::Content content;
  for (std::int64_t h = std::max<std::int64_t>(1, height - 50); h <= height; ++h) {
    for (const auto& [key, value] : writes_of(h)) content[key] = *value;
  }
  return content;
}

struct Opened {
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<Multistore> multistore;
};

Opened open(const std::string& folder) {
  Opened opened;
  storage::RocksOptions rocks;
  rocks.folder = folder;
  opened.database = storage::open_rocks_database(rocks, Multistore::families()).value();
  MultistoreOptions options;
  options.stores = {"bank"};
  options.anchor_interval_heights = 20;
  options.kept_heights = 60;
  opened.multistore = Multistore::open(*opened.database, buri::testing::engine(), options).value();
  return opened;
}

/// The process that is killed. Tells each height that commit() has returned for.
TEST(KilledProcess, DISABLED_CommitsForever) {
  const char* folder = std::getenv(kFolderVariable);
  ASSERT_NE(folder, nullptr);
  const Opened opened = open(folder);
  while (true) {
    const std::int64_t height = opened.multistore->height() + 1;
    ASSERT_TRUE(buri::testing::commit_writes(*opened.multistore, height, {writes_of(height)},
                                             storage::Durability::kSynced)
                    .ok());
    ASSERT_EQ(::write(kReports, &height, sizeof height), ssize_t{sizeof height});
  }
}

/// Runs the process above until it has committed `heights` heights and a little longer, kills it,
/// and gives the last height it told.
std::int64_t run_and_kill(std::int64_t heights, std::chrono::microseconds longer) {
  int ends[2];
  CHECK(::pipe(ends) == 0, "a pipe opens");
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], kReports);
    ::execl("/proc/self/exe", "kill_test", "--gtest_brief=1", "--gtest_also_run_disabled_tests",
            "--gtest_filter=KilledProcess.DISABLED_CommitsForever", "--gtest_output=", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::int64_t last = 0;
  for (std::int64_t i = 0; i < heights; ++i) {
    if (::read(ends[0], &last, sizeof last) != ssize_t{sizeof last}) break;
  }
  std::this_thread::sleep_for(longer);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  std::int64_t told = 0;
  while (::read(ends[0], &told, sizeof told) == ssize_t{sizeof told}) last = told;
  ::close(ends[0]);
  return last;
}

TEST(KilledProcess, LosesNoHeightThatItCommitted) {
  std::string pattern = (std::filesystem::temp_directory_path() / "buri-kill-XXXXXX").string();
  const std::string folder = ::mkdtemp(pattern.data());
  ::setenv(kFolderVariable, folder.c_str(), 1);
  SeededRandom random(11);
  for (int round = 0; round < 3; ++round) {
    const auto heights = static_cast<std::int64_t>(3 + random.below(20));
    const std::int64_t told = run_and_kill(heights, std::chrono::microseconds(random.below(3000)));
    ASSERT_GT(told, 0);
    const Opened opened = open(folder);
    const std::int64_t found = opened.multistore->height();
    EXPECT_GE(found, told);
    EXPECT_LE(found, told + 1);
    for (std::int64_t height = opened.multistore->oldest_height(); height <= found; ++height) {
      EXPECT_EQ(buri::testing::content_of(opened.multistore->view(height)->store(0)),
                content_after(height))
          << "height " << height;
    }
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace buri::consensus::iavl
