#include "node/execution/evm/code_analysis.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/execution/evm/code_cache.hpp"

namespace buri::execution::evm {
namespace {

std::shared_ptr<const AnalysedCode> analyse(std::string_view hex, Tracing tracing = Tracing::kOff) {
  return AnalysedCode::analyse(*from_hex(hex), *ethereum_rules("Prague"), tracing);
}

TEST(CodeAnalysis, FindsJumpDestinationsOutsideOfConstants) {
  const auto code = analyse("605b5b615b5b5b");
  EXPECT_EQ(code->jump_target(U256::from_uint64(1)), nullptr);
  EXPECT_NE(code->jump_target(U256::from_uint64(2)), nullptr);
  EXPECT_EQ(code->jump_target(U256::from_uint64(4)), nullptr);
  EXPECT_NE(code->jump_target(U256::from_uint64(6)), nullptr);
  EXPECT_EQ(code->jump_target(U256::from_uint64(7)), nullptr);
  EXPECT_EQ(code->jump_target(U256{{2, 1, 0, 0}}), nullptr);
}

TEST(CodeAnalysis, ChecksABlockOnce) {
  // DUP2 needs two words; ADD POP POP then leave one less than there were.
  const auto code = analyse("81015050");
  const BlockCheck check = BlockCheck::unpack(code->start()->argument.value);
  EXPECT_EQ(check.gas, 3u + 3 + 2 + 2);
  EXPECT_EQ(check.stack_needed, 2);
  EXPECT_EQ(check.stack_growth, 1);
}

TEST(CodeAnalysis, LeavesOutWhatNoPathReaches) {
  const auto reached = analyse("00");
  const auto padded = analyse("00600160016001600160016001600160016001");
  EXPECT_EQ(reached->memory_bytes() + 18, padded->memory_bytes());
}

TEST(CodeAnalysis, JoinsNothingUnderTracing) {
  const auto plain = analyse("600160020150");
  const auto traced = analyse("600160020150", Tracing::kOn);
  EXPECT_LT(plain->memory_bytes(), traced->memory_bytes());
  EXPECT_EQ(traced->start()->handler, &trace_step);
}

TEST(CodeCache, DropsTheLeastRecentlyUsed) {
  const Rules rules = *ethereum_rules("Prague");
  const Bytes code(1000, 0x5b);
  CodeCache cache(60'000);
  for (std::uint8_t i = 0; i < 100; ++i) {
    cache.get(Hash256{{i}}, code, rules, Tracing::kOff);
    EXPECT_LE(cache.memory_bytes(), 60'000u);
  }
  const auto last = cache.get(Hash256{{99}}, code, rules, Tracing::kOff);
  EXPECT_EQ(last, cache.get(Hash256{{99}}, code, rules, Tracing::kOff));
}

TEST(CodeCache, KeepsRulesAndTracingApart) {
  CodeCache cache;
  const Bytes code{0x5f};
  const Hash256 hash{{1}};
  const auto prague = cache.get(hash, code, *ethereum_rules("Prague"), Tracing::kOff);
  EXPECT_NE(prague, cache.get(hash, code, *ethereum_rules("London"), Tracing::kOff));
  EXPECT_NE(prague, cache.get(hash, code, *ethereum_rules("Prague"), Tracing::kOn));
}

}  // namespace
}  // namespace buri::execution::evm
