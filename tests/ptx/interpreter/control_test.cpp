#include <numeric>

#include "tests/ptx/interpreter/lane_kernel.hpp"

namespace buri::ptx {
namespace {

using U32 = std::uint32_t;
using U64 = std::uint64_t;

const std::vector<LaneOrder> kOrders = {LaneOrder::kLowestPc, LaneOrder::kHighestPc,
                                        LaneOrder::kSerial, LaneOrder::kRandom};

/// Runs the lines under every lane order and checks that each gives `expected(lane)`.
template <class Expected>
void expect_in_every_order(const std::string& lines, Expected expected,
                           const std::string& declarations = {}) {
  for (const LaneOrder order : kOrders) {
    LaunchOptions options;
    options.schedule.lanes = order;
    const auto results = run_lanes(lane_kernel(lines, declarations), lane_inputs(4), options);
    ASSERT_TRUE(results.ok()) << results.error().text;
    for (U64 lane = 0; lane < 32; ++lane) ASSERT_EQ(results.value()[lane], expected(lane)) << lane;
  }
}

TEST(PtxControl, LanesLoopAsLongAsTheyNeed) {
  expect_in_every_order(
      "mov.u64 %rd4, 0; mov.u32 %r4, %r10; LOOP: setp.eq.s32 %p1, %r4, 0; @%p1 bra DONE; "
      "cvt.u64.u32 %rd5, %r4; add.s64 %rd4, %rd4, %rd5; sub.s32 %r4, %r4, 1; bra.uni LOOP; DONE:",
      [](U64 lane) { return lane * (lane + 1) / 2; });
}

TEST(PtxControl, GuardsHoldSingleInstructions) {
  expect_in_every_order(
      "and.b32 %r4, %r10, 1; setp.eq.s32 %p1, %r4, 0; mov.u64 %rd4, 5; @%p1 mov.u64 %rd4, 6; "
      "@!%p1 add.s64 %rd4, %rd4, 20;",
      [](U64 lane) { return lane % 2 == 0 ? U64{6} : U64{25}; });
}

TEST(PtxControl, BranchesByTable) {
  expect_in_every_order(
      "and.b32 %r4, %r10, 3; TABLE: .branchtargets ZERO, ONE, ZERO, THREE; brx.idx %r4, TABLE; "
      "ZERO: mov.u64 %rd4, 100; bra END; ONE: mov.u64 %rd4, 101; bra END; "
      "THREE: mov.u64 %rd4, 103; END:",
      [](U64 lane) { return 100 + (lane % 4 == 2 ? 0 : lane % 4); });
}

TEST(PtxControl, CallsPassBuffersAndReturnToTheirOwnPlace) {
  const std::string declarations = R"(
.func (.param .b64 twice_result) twice(.param .b64 twice_value, .param .b32 twice_times)
{
  .reg .b64 %rd<4>;
  .reg .b32 %r<3>;
  .reg .pred %p<2>;
  ld.param.u64 %rd1, [twice_value];
  ld.param.u32 %r1, [twice_times];
AGAIN:
  setp.eq.s32 %p1, %r1, 0;
  @%p1 bra OUT;
  add.s64 %rd1, %rd1, %rd1;
  sub.s32 %r1, %r1, 1;
  bra AGAIN;
OUT:
  st.param.b64 [twice_result], %rd1;
  ret;
}
)";
  const auto call = [](const std::string& value, const std::string& times) {
    return "{ .param .b64 p0; .param .b32 p1; .param .b64 result; st.param.b64 [p0], " + value +
           "; st.param.b32 [p1], " + times +
           "; call.uni (result), twice, (p0, p1); ld.param.b64 %rd4, [result]; }";
  };
  // Odd lanes call from one place, even lanes from another; both then call once more.
  expect_in_every_order(
      "cvt.u64.u32 %rd5, %r10; and.b32 %r4, %r10, 1; setp.eq.s32 %p1, %r4, 0; "
      "@%p1 bra EVEN; " +
          call("%rd5", "%r10") + " bra JOIN; EVEN: " + call("%rd5", "1") +
          " JOIN: " + call("%rd4", "2"),
      [](U64 lane) { return lane % 2 == 0 ? lane * 8 : (lane << lane) * 4; }, declarations);
}

TEST(PtxControl, RefusesRecursion) {
  const auto module =
      Module::parse(".func a()\n{\n call.uni b;\n ret;\n}\n.func b()\n{\n call.uni a;\n ret;\n}\n");
  ASSERT_FALSE(module.ok());
  EXPECT_NE(module.error().text.find("recursion"), std::string::npos);
}

TEST(PtxWarp, ShufflesByEveryMode) {
  const auto shuffle = [](const std::string& mode, const std::string& operands) {
    return "shfl.sync." + mode + ".b32 %r4|%p1, %r10, " + operands +
           ", -1; selp.b32 %r5, 1, 0, %p1; mov.b64 %rd4, {%r4, %r5};";
  };
  const auto pair = [](U64 value, bool inside) { return U64{inside} << 32 | value; };
  expect_in_every_order(shuffle("bfly", "5, 31"), [&](U64 l) { return pair(l ^ 5, true); });
  expect_in_every_order(shuffle("down", "3, 31"),
                        [&](U64 l) { return pair(l + 3 > 31 ? l : l + 3, l + 3 <= 31); });
  expect_in_every_order(shuffle("up", "3, 0"),
                        [&](U64 l) { return pair(l < 3 ? l : l - 3, l >= 3); });
  // Segments of eight lanes: c = (32 - 8) << 8 | 31.
  expect_in_every_order(shuffle("idx", "2, 6175"), [&](U64 l) { return pair((l & 24) | 2, true); });
  expect_in_every_order(shuffle("down", "3, 6175"), [&](U64 l) {
    const bool inside = (l & 7) + 3 < 8;
    return pair(inside ? l + 3 : l, inside);
  });
}

TEST(PtxWarp, VotesMatchesAndReduces) {
  const std::string odd = "and.b32 %r4, %r10, 1; setp.eq.s32 %p1, %r4, 1; ";
  const std::string widen = " cvt.u64.u32 %rd4, %r5;";
  const std::string from_predicate = " selp.b64 %rd4, 1, 0, %p2;";
  expect_in_every_order(odd + "vote.sync.ballot.b32 %r5, %p1, -1;" + widen,
                        [](U64) { return 0xaaaaaaaau; });
  expect_in_every_order(odd + "vote.sync.ballot.b32 %r5, !%p1, -1;" + widen,
                        [](U64) { return 0x55555555u; });
  expect_in_every_order(odd + "vote.sync.any.pred %p2, %p1, -1;" + from_predicate,
                        [](U64) { return 1u; });
  expect_in_every_order(odd + "vote.sync.all.pred %p2, %p1, -1;" + from_predicate,
                        [](U64) { return 0u; });
  expect_in_every_order(odd + "vote.sync.uni.pred %p2, %p1, -1;" + from_predicate,
                        [](U64) { return 0u; });
  expect_in_every_order(odd + "match.any.sync.b32 %r5, %r4, -1;" + widen,
                        [](U64 l) { return l % 2 ? 0xaaaaaaaau : 0x55555555u; });
  expect_in_every_order("redux.sync.add.u32 %r5, %r10, -1;" + widen, [](U64) { return 496u; });
  expect_in_every_order("sub.s32 %r4, %r10, 7; redux.sync.min.s32 %r5, %r4, -1;" + widen,
                        [](U64) { return U32(-7); });
  expect_in_every_order("redux.sync.max.u32 %r5, %r10, -1;" + widen, [](U64) { return 31u; });
  expect_in_every_order("redux.sync.xor.b32 %r5, %r10, -1;" + widen, [](U64) { return 0u; });
}

TEST(PtxWarp, HalvesOfAWarpMeetSeparately) {
  expect_in_every_order(
      "setp.lt.u32 %p1, %r10, 16; mov.u32 %r5, 0xffff; @%p1 bra LOW; "
      "shfl.sync.bfly.b32 %r4, %r10, 1, 31, 0xffff0000; bra END; "
      "LOW: shfl.sync.bfly.b32 %r4, %r10, 2, 31, %r5; END: cvt.u64.u32 %rd4, %r4;",
      [](U64 lane) { return lane < 16 ? lane ^ 2 : lane ^ 1; });
}

TEST(PtxWarp, ActiveMaskNamesTheLanesThatRunTogether) {
  LaunchOptions options;
  const auto results =
      run_lanes(lane_kernel("activemask.b32 %r4; cvt.u64.u32 %rd4, %r4;"), lane_inputs(5), options);
  ASSERT_TRUE(results.ok());
  EXPECT_EQ(results.value()[9], 0xffffffffu);
}

}  // namespace
}  // namespace buri::ptx
