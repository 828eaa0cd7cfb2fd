#include "node/cli/verify_bundle.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/support/long_run.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::cli {
namespace {

BundleFiles bundle() {
  BundleFiles files;
  for (const std::string_view path : bundle_paths()) {
    files.emplace(path, buri::testing::golden_text(path));
  }
  files.emplace(kManifestPath, buri::testing::golden_text(kManifestPath));
  return files;
}

Verifier& verifier() {
  static Verifier shared{buri::testing::engine(), {}};
  return shared;
}

/// Whether the bundle with one bit flipped is found out.
bool flip_is_caught(BundleFiles& files, std::string& text, std::size_t bit, BundleRules rules) {
  const auto mask = static_cast<char>(1 << bit % 8);
  text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
  const Outcome outcome = check_bundle(verifier(), files, rules);
  text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
  return !outcome.ok() || !outcome.value().valid();
}

std::uint64_t seed() {
  const char* given = std::getenv("BURI_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

TEST(VerifyBundle, AcceptsTheBundledData) {
  const Outcome outcome = check_bundle(verifier(), bundle(), BundleRules::kAll);
  ASSERT_TRUE(outcome.ok()) << describe(outcome.error().problem);
  for (const Check& check : outcome.value().checks()) {
    EXPECT_TRUE(check.passed) << check.subject << " " << check.rule << ": expected "
                              << check.expected << ", found " << check.found;
  }
  EXPECT_GT(outcome.value().checks().size(), 150u);
}

/// Flips bits of every file but those `skipped` names: all of them, or `samples` a file by seed.
void expect_flips_caught(BundleRules rules, std::optional<std::size_t> samples, auto skipped) {
  BundleFiles files = bundle();
  const std::uint64_t run_seed = seed();
  std::mt19937_64 random(run_seed);
  for (auto& [path, text] : files) {
    if (skipped(path)) continue;
    const std::size_t bits = text.size() * 8;
    for (std::size_t i = 0; i < samples.value_or(bits); ++i) {
      const std::size_t bit = samples ? random() % bits : i;
      EXPECT_TRUE(flip_is_caught(files, text, bit, rules))
          << path << " bit " << bit << " (BURI_TEST_SEED=" << run_seed << ")";
    }
  }
}

/// Every bit of every file, the list of sums included, under BURI_TEST_LONG=1 (minutes).
TEST(VerifyBundle, TheSumsCatchEveryFlippedBit) {
  const auto samples = is_long_run() ? std::nullopt : std::optional<std::size_t>(200);
  expect_flips_caught(BundleRules::kSumsOnly, samples, [](std::string_view) { return false; });
}

/// The sums left out, the rules themselves bind every value: nothing in the data goes unchecked.
TEST(VerifyBundle, TheRulesCatchFlippedBitsWithoutTheSums) {
  const std::size_t samples = is_long_run() ? 2000 : 25;
  expect_flips_caught(BundleRules::kNoSums, samples, [](std::string_view path) {
    return path.ends_with(".md") || path == kManifestPath;
  });
}

/// Values that no hash covers, which a sample may miss.
TEST(VerifyBundle, ValuesOutsideEveryHashAreBoundToo) {
  const std::pair<std::string_view, std::string_view> values[] = {
      {"cometbft/mainnet-54587912.json", "316090492"},
      {"cometbft/mainnet-54587912.json", "cometbft/PubKey"},
      {"cometbft/mainnet-54587912.json", "canonical"},
      {"cometbft/mainnet-54587912.json", "\"104\""},
      {"cometbft/mainnet-54587912.json", "block_height"},
      {"cometbft/mainnet-ics23-54594513.json", "\"code\": 0"},
      {"cometbft/mainnet-ics23-54594513.json", "\"index\": \"0\""},
      {"cometbft/mainnet-ics23-54594513.json", "\"codespace\": \"\""},
      {"cometbft/mainnet-ics23-54594513.json", "54594512"},
      {"rootchain/real-mainnet-exit.json", "1830081d40c"}};
  BundleFiles files = bundle();
  for (const auto& [path, value] : values) {
    std::string& text = files.find(path)->second;
    const std::size_t at = text.find(value);
    ASSERT_NE(at, std::string::npos) << value;
    for (std::size_t bit = 0; bit < 8 * value.size(); bit += 7) {
      EXPECT_TRUE(flip_is_caught(files, text, at * 8 + bit, BundleRules::kNoSums))
          << path << " " << value << " bit " << bit;
    }
  }
}

TEST(VerifyBundle, ATruncatedFileIsUnusable) {
  BundleFiles files = bundle();
  std::string& text = files.find("cometbft/mainnet-rotation.json")->second;
  text.resize(text.size() / 2);
  const Outcome outcome = check_bundle(verifier(), files, BundleRules::kAll);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().input, "cometbft/mainnet-rotation.json");
  EXPECT_EQ(outcome.error().problem.expected, "JSON");
}

TEST(VerifyBundle, AMissingFolderIsUnusable) {
  const Outcome outcome = verify_bundle(verifier(), {.directory = "tests/no-such-folder"});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().problem.found, "No such file or directory");
}

}  // namespace
}  // namespace buri::cli
