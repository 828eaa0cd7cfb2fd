#include "tests/ptx/interpreter/lane_kernel.hpp"

namespace buri::ptx {
namespace {

using U32 = std::uint32_t;
using U64 = std::uint64_t;

TEST(PtxMemory, LoadsExtendByTheirType) {
  const std::string store = "st.local.u64 [buffer], %rd0; ";
  const auto run = [&](const std::string& load, auto expected) {
    expect_lanes(".local .align 8 .b8 buffer[8]; " + store + load, expected);
  };
  run("ld.local.u8 %rd4, [buffer+3];", [](U64 a, U64, U64, U64) { return a >> 24 & 0xff; });
  run("ld.local.s8 %rd4, [buffer+3];",
      [](U64 a, U64, U64, U64) { return U64(std::int64_t{std::int8_t(a >> 24)}); });
  run("ld.local.s16 %r4, [buffer+6]; cvt.u64.u32 %rd4, %r4;",
      [](U64 a, U64, U64, U64) { return U32(std::int16_t(a >> 48)); });
  run("ld.local.v2.u32 {%r4, %r5}, [buffer]; mov.b64 %rd4, {%r5, %r4};",
      [](U64 a, U64, U64, U64) { return a << 32 | a >> 32; });
  run("st.local.u8 [buffer+1], %r1; ld.local.u64 %rd4, [buffer];",
      [](U64 a, U64 b, U64, U64) { return (a & ~0xff00ull) | (b & 0xff) << 8; });
}

TEST(PtxMemory, LanesIndexTheirOwnLocalMemory) {
  // Lane l writes slot l % 8 and reads it back through a generic address.
  expect_lanes(
      ".local .align 8 .b8 buffer[64]; mov.u64 %rd5, buffer; cvta.local.u64 %rd6, %rd5; "
      "and.b32 %r4, %r10, 7; mul.wide.u32 %rd7, %r4, 8; add.s64 %rd5, %rd5, %rd7; "
      "add.s64 %rd6, %rd6, %rd7; st.local.u64 [%rd5], %rd0; ld.u64 %rd4, [%rd6];",
      [](U64 a, U64, U64, U64) { return a; });
}

TEST(PtxMemory, ReadsConstantsByIndex) {
  const std::string declarations = ".const .align 8 .u64 table[4] = {11, 0x16, 041, 44};\n";
  const auto results =
      run_lanes(lane_kernel("mov.u64 %rd5, table; and.b32 %r4, %r10, 3; mul.wide.u32 %rd6, %r4, 8; "
                            "add.s64 %rd5, %rd5, %rd6; ld.const.u64 %rd4, [%rd5];",
                            declarations),
                lane_inputs(2));
  ASSERT_TRUE(results.ok()) << results.error().text;
  for (U64 lane = 0; lane < 32; ++lane) EXPECT_EQ(results.value()[lane], 11 * (lane % 4 + 1));
}

TEST(PtxMemory, SharedMemoryIsSeenAfterABarrier) {
  const std::string declarations = ".shared .align 8 .b8 box[256];\n";
  const auto results = run_lanes(
      lane_kernel("mov.u32 %r4, box; shl.b32 %r5, %r10, 3; add.s32 %r5, %r4, %r5; "
                  "st.shared.u64 [%r5], %rd0; bar.sync 0; xor.b32 %r6, %r10, 1; "
                  "shl.b32 %r6, %r6, 3; add.s32 %r6, %r4, %r6; ld.shared.u64 %rd4, [%r6];",
                  declarations),
      lane_inputs(3));
  ASSERT_TRUE(results.ok()) << results.error().text;
  const auto inputs = lane_inputs(3);
  for (U64 lane = 0; lane < 32; ++lane) EXPECT_EQ(results.value()[lane], inputs[lane ^ 1][0]);
}

TEST(PtxMemory, AtomicsUpdateInLaneOrderAndReturnTheOldValue) {
  const auto run = [](const std::string& opcode, U64 initial, U64 operand) {
    const std::string declarations =
        ".global .align 8 .u64 cell[1] = {" + std::to_string(initial) + "};\n";
    const auto results =
        run_lanes(lane_kernel("mov.u64 %rd5, cell; mov.u64 %rd6, " + std::to_string(operand) +
                                  "; cvt.u32.u64 %r6, %rd6; mov.u32 %r4, 0; " + opcode +
                                  " cvt.u64.u32 %rd4, %r4;",
                              declarations),
                  {{}, {}});
    EXPECT_TRUE(results.ok()) << results.error().text;
    return results.ok() ? results.value() : std::vector<U64>{};
  };
  using Results = std::vector<U64>;
  EXPECT_EQ(run("atom.global.add.u32 %r4, [%rd5], %r6;", 5, 3), (Results{5, 8}));
  EXPECT_EQ(run("atom.global.exch.b32 %r4, [%rd5], %r6;", 5, 3), (Results{5, 3}));
  EXPECT_EQ(run("atom.global.min.s32 %r4, [%rd5], %r6;", 5, 3), (Results{5, 3}));
  EXPECT_EQ(run("atom.global.max.u32 %r4, [%rd5], %r6;", 5, 9), (Results{5, 9}));
  EXPECT_EQ(run("atom.global.and.b32 %r4, [%rd5], %r6;", 5, 3), (Results{5, 1}));
  EXPECT_EQ(run("atom.global.or.b32 %r4, [%rd5], %r6;", 5, 2), (Results{5, 7}));
  EXPECT_EQ(run("atom.global.xor.b32 %r4, [%rd5], %r6;", 5, 1), (Results{5, 4}));
  EXPECT_EQ(run("atom.global.cas.b32 %r4, [%rd5], 5, %r6;", 5, 8), (Results{5, 8}));
  EXPECT_EQ(run("atom.global.inc.u32 %r4, [%rd5], %r6;", 5, 5), (Results{5, 0}));
  EXPECT_EQ(run("atom.global.dec.u32 %r4, [%rd5], %r6;", 0, 7), (Results{0, 7}));
  EXPECT_EQ(run("red.global.add.u32 [%rd5], %r6; bar.sync 0; atom.add.u32 %r4, [%rd5], 0;", 5, 3),
            (Results{11, 11}));
}

}  // namespace
}  // namespace buri::ptx
