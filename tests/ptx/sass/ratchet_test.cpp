#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/ptx/sass/listing.hpp"
#include "tests/ptx/sass/occupancy.hpp"
#include "tests/ptx/sass/report.hpp"

namespace buri::ptx::sass {
namespace {

Report read_file(const char* path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return read_report(file);
}

TEST(SassRatchet, MachineCodeIsNoWorseThanTheBaseline) {
  const Report baseline = read_file(BURI_SASS_BASELINE);
  const Report measured = read_file(BURI_SASS_REPORT);
  ASSERT_FALSE(measured.figures.empty());
  if (baseline.compiler != measured.compiler) {
    GTEST_SKIP() << "the baseline is of compiler " << baseline.compiler << ", this build used "
                 << measured.compiler;
  }
  for (const std::string& regression : regressions(baseline, measured)) {
    ADD_FAILURE() << regression << " (intended? ninja sass-baseline)";
  }
}

Report one_figure(const std::string& metric, std::uint64_t value) {
  return {"1.0", {{{"sm_90", "mul", metric}, value}}};
}

TEST(SassRatchet, RefusesMoreOfEverythingButWarps) {
  EXPECT_TRUE(
      regressions(one_figure("instructions", 150), one_figure("instructions", 149)).empty());
  EXPECT_EQ(regressions(one_figure("instructions", 150), one_figure("instructions", 151)).size(),
            1u);
  EXPECT_EQ(regressions(one_figure("stack_bytes", 0), one_figure("stack_bytes", 8)).size(), 1u);
  EXPECT_TRUE(regressions(one_figure("warps", 16), one_figure("warps", 20)).empty());
  EXPECT_EQ(regressions(one_figure("warps", 16), one_figure("warps", 12)).size(), 1u);
}

TEST(SassRatchet, RefusesFiguresThatComeOrGo) {
  EXPECT_EQ(regressions(one_figure("warps", 16), Report{}).size(), 1u);
  EXPECT_EQ(regressions(Report{}, one_figure("warps", 16)).size(), 1u);
}

TEST(SassReport, SurvivesWritingAndReading) {
  std::stringstream text;
  write_report(text, one_figure("instructions", 150));
  const Report read = read_report(text);
  EXPECT_EQ(read.compiler, "1.0");
  EXPECT_EQ(read.figures, one_figure("instructions", 150).figures);
}

constexpr std::string_view kListing = R"(
	.section	.text.kernel,"ax",@progbits
        .type           kernel,@function
kernel:
.text.kernel:
        /*0000*/                   IMAD.WIDE.U32 R4, R2, R3, RZ ;
        /*0010*/              @!P0 CALL.REL.NOINC `(helper) ;
        /*0020*/                   CALL.REL.NOINC `(helper) ;
.L_x_1:
        /*0030*/                   EXIT ;
        /*0040*/                   NOP;
        .type           helper,@function
helper:
        /*0050*/                   IADD3 R4, R2, R3, RZ ;
        /*0060*/                   RET.REL.NODEC R2 `(kernel) ;
)";

TEST(SassListing, CountsInstructionsAndFollowsCalls) {
  const Listing listing = read_listing(kListing);
  ASSERT_EQ(listing.size(), 2u);
  EXPECT_EQ(listing.at("kernel").instructions, 4u);
  EXPECT_EQ(listing.at("kernel").by_mnemonic.at("IMAD.WIDE"), 1u);
  EXPECT_EQ(executed_instructions(listing, "kernel"), 8u);
}

TEST(SassListing, ReadsResourceUsage) {
  const auto usage = read_resource_usage(
      " Function k_ecmul:\n  REG:72 STACK:2240 SHARED:16 LOCAL:0 CONSTANT[0]:556 TEXTURE:0\n");
  ASSERT_TRUE(usage.contains("k_ecmul"));
  EXPECT_EQ(usage.at("k_ecmul").registers, 72u);
  EXPECT_EQ(usage.at("k_ecmul").stack_bytes, 2240u);
  EXPECT_EQ(usage.at("k_ecmul").shared_bytes, 16u);
}

// What cuda_occupancy.h of the toolkit computes for blocks of 128 threads on sm_80.
TEST(Occupancy, AgreesWithTheToolkit) {
  const auto limits = find_multiprocessor("sm_80");
  ASSERT_TRUE(limits.has_value());
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> expected = {
      {42, 40}, {64, 32}, {96, 20}, {118, 16}, {128, 16}, {168, 12}, {255, 8}};
  for (const auto& [registers, warps] : expected) {
    EXPECT_EQ(resident_warps(*limits, {128, registers, 0}), warps) << registers << " registers";
  }
}

TEST(Occupancy, SharedMemoryAndBlocksLimitToo) {
  const auto limits = find_multiprocessor("sm_90");
  ASSERT_TRUE(limits.has_value());
  EXPECT_EQ(resident_warps(*limits, {32, 16, 0}), 32u);
  EXPECT_EQ(resident_warps(*limits, {128, 16, 75 * 1024}), 12u);
  EXPECT_FALSE(find_multiprocessor("sm_10").has_value());
}

}  // namespace
}  // namespace buri::ptx::sass
