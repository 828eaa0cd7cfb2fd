#include <gtest/gtest.h>

#include <map>

#include "tests/conformance/execution/archive.hpp"
#include "tests/conformance/execution/state_case.hpp"
#include "tests/support/long_run.hpp"

/// The public state tests up to Prague. What does not apply to Bor is counted by reason: forks
/// before Petersburg, which no Bor block ever saw, and transactions with blobs, which Bor refuses.

namespace buri::testing {
namespace {

using execution::evm::ethereum_rules;

struct Tally {
  unsigned passed = 0;
  unsigned failed = 0;
  unsigned before_petersburg = 0;
  unsigned with_blobs = 0;
};

/// Suites that take most of the time and say least: only every so many files of theirs by default.
bool is_in_slice(std::string_view name, std::size_t number) {
  for (const std::string_view heavy :
       {"stTimeConsuming", "stQuadraticComplexity", "vmPerformance"}) {
    if (name.find(heavy) != std::string_view::npos) return number % 16 == 0;
  }
  return true;
}

/// "GeneralStateTests/stSStoreTest/sstoreGas.json" is of "stSStoreTest".
std::string suite_of(std::string_view name) {
  const std::size_t first = name.find('/') + 1;
  return std::string(name.substr(first, name.rfind('/') - first));
}

void run_file(std::string_view name, std::string_view text, Tally& tally) {
  for (StateCase& state_case : read_state_cases(text)) {
    const auto rules = ethereum_rules(state_case.fork);
    if (!rules) {
      ++tally.before_petersburg;
    } else if (state_case.is_blob_transaction) {
      ++tally.with_blobs;
    } else if (const auto difference = run_state_case(state_case, *rules)) {
      ++tally.failed;
      ADD_FAILURE() << name << " " << state_case.name << ": " << *difference;
    } else {
      ++tally.passed;
    }
  }
}

TEST(StateTests, ReachTheExpectedRootsAndLogs) {
  const auto path = fixture_path("ethereum-tests.tar.xz");
  if (!path) GTEST_SKIP() << "ethereum-tests.tar.xz is absent: set BURI_FIXTURES to its folder";
  std::map<std::string, Tally> tallies;
  std::size_t number = 0;
  visit_archive(*path, [&](std::string_view name, std::string_view text) {
    if (!name.starts_with("GeneralStateTests/") || !name.ends_with(".json")) return;
    if (!is_long_run() && !is_in_slice(name, number++)) return;
    run_file(name, text, tallies[suite_of(name)]);
  });
  Tally all;
  for (const auto& [suite, tally] : tallies) {
    std::printf("%-50s %6u passed %4u failed\n", suite.c_str(), tally.passed, tally.failed);
    all.passed += tally.passed;
    all.failed += tally.failed;
    all.before_petersburg += tally.before_petersburg;
    all.with_blobs += tally.with_blobs;
  }
  std::printf("all: %u passed, %u failed; not applicable: %u before Petersburg, %u with blobs\n",
              all.passed, all.failed, all.before_petersburg, all.with_blobs);
  EXPECT_GT(all.passed, 10'000u);
}

}  // namespace
}  // namespace buri::testing
