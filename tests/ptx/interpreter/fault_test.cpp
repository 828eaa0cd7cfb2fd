#include "tests/ptx/interpreter/fault.hpp"

#include "tests/ptx/interpreter/lane_kernel.hpp"

namespace buri::ptx {
namespace {

const std::string kShared = ".shared .align 8 .b8 box[256];\n.shared .align 8 .b8 other[64];\n";
/// Stores nothing of interest but defines %rd4.
const std::string kEnd = " mov.u64 %rd4, 0;";

/// The fault that the lines must end in, under every lane order.
void expect_fault(FaultKind kind, const std::string& lines, const std::string& declarations = {},
                  LaunchOptions options = {}) {
  for (const LaneOrder order :
       {LaneOrder::kLowestPc, LaneOrder::kHighestPc, LaneOrder::kSerial, LaneOrder::kRandom}) {
    options.schedule.lanes = order;
    const auto results = run_lanes(lane_kernel(lines, declarations), lane_inputs(6), options);
    ASSERT_FALSE(results.ok()) << lines;
    EXPECT_EQ(fault_name(results.error().kind), fault_name(kind)) << results.error().text;
  }
}

void expect_clean(const std::string& lines, const std::string& declarations = {}) {
  const auto results = run_lanes(lane_kernel(lines, declarations), lane_inputs(6));
  EXPECT_TRUE(results.ok()) << results.error().text;
}

/// Address of the lane's word in `box`: %r5.
const std::string kMyWord = "mov.u32 %r4, box; shl.b32 %r5, %r10, 2; add.s32 %r5, %r5, %r4; ";

TEST(PtxFault, OutOfBounds) {
  expect_fault(FaultKind::kOutOfBounds,
               "add.s64 %rd5, %rd10, 1024; ld.global.u32 %r4, [%rd5];" + kEnd);
  expect_fault(FaultKind::kOutOfBounds, "mov.u32 %r4, box; st.shared.u32 [%r4+256], %r0;" + kEnd,
               kShared);
  expect_fault(FaultKind::kOutOfBounds,
               ".local .align 8 .b8 buffer[16]; st.local.u32 [buffer+16], %r0;" + kEnd);
  expect_fault(FaultKind::kOutOfBounds, "mov.u64 %rd5, 64; ld.const.u32 %r4, [%rd5];" + kEnd);
}

TEST(PtxFault, Misaligned) {
  expect_fault(FaultKind::kMisaligned, "ld.global.u32 %r4, [%rd10+2];" + kEnd);
  expect_fault(FaultKind::kMisaligned, "ld.global.v2.u32 {%r4, %r5}, [%rd10+4];" + kEnd);
  expect_fault(FaultKind::kMisaligned, "mov.u32 %r4, box; st.shared.u64 [%r4+4], %rd0;" + kEnd,
               kShared);
}

TEST(PtxFault, UninitialisedValuesThatMatter) {
  expect_fault(FaultKind::kUninitialised, "add.s64 %rd4, %rd15, %rd0;");
  expect_fault(FaultKind::kUninitialised, "setp.eq.s32 %p1, %r15, 0; @%p1 bra END; END:" + kEnd);
  expect_fault(FaultKind::kUninitialised, "ld.global.u32 %r4, [%rd15];" + kEnd);
  expect_fault(FaultKind::kUninitialised,
               kMyWord + "ld.shared.u32 %r6, [%r5]; cvt.u64.u32 %rd4, %r6;", kShared);
  expect_fault(FaultKind::kUninitialised,
               ".local .align 8 .b8 buffer[16]; st.local.u32 [buffer], %r0; "
               "ld.local.u64 %rd4, [buffer];");
  expect_fault(FaultKind::kUninitialised,
               "setp.eq.s32 %p1, %r10, 3; @!%p1 mov.u64 %rd4, 1; @!%p1 mov.u64 %rd5, 1; "
               "add.s64 %rd4, %rd5, 1;");
}

TEST(PtxFault, UninitialisedValuesThatDoNotMatterAreFine) {
  expect_clean("selp.b64 %rd4, %rd0, %rd15, %p2; mov.u64 %rd4, 3;");
  expect_clean("setp.eq.s32 %p1, %r0, %r0; selp.b64 %rd4, %rd0, %rd15, %p1;");
  expect_clean(kMyWord + "ld.shared.u32 %r6, [%r5]; mov.u32 %r6, 1; cvt.u64.u32 %rd4, %r6;",
               kShared);
}

TEST(PtxFault, CarryWithoutSetter) {
  expect_fault(FaultKind::kCarryWithoutSetter, "addc.u32 %r4, %r0, %r1;" + kEnd);
  expect_fault(FaultKind::kCarryWithoutSetter,
               "add.cc.u32 %r4, %r0, %r1; bra NEXT; NEXT: addc.u32 %r5, %r2, %r3;" + kEnd);
  expect_fault(
      FaultKind::kCarryWithoutSetter,
      "setp.eq.s32 %p1, %r10, 9; @%p1 add.cc.u32 %r4, %r0, %r1; addc.u32 %r5, %r2, %r3;" + kEnd);
}

TEST(PtxFault, SharedRaces) {
  const std::string neighbour = "xor.b32 %r6, %r5, 4; ld.shared.u32 %r7, [%r6]; ";
  const std::string finish = "cvt.u64.u32 %rd4, %r7;";
  expect_fault(FaultKind::kSharedRace,
               kMyWord + "st.shared.u32 [%r5], %r0; bar.sync 0; st.shared.u32 [%r5], %r1; " +
                   neighbour + finish,
               kShared);
  expect_clean(kMyWord + "st.shared.u32 [%r5], %r0; bar.sync 0; " + neighbour + finish, kShared);
  expect_clean(kMyWord + "st.shared.u32 [%r5], %r0; bar.warp.sync -1; " + neighbour + finish,
               kShared);
  // All lanes write the same value: right in every order, and a race all the same.
  expect_fault(FaultKind::kSharedRace, "mov.u32 %r4, box; st.shared.u32 [%r4], 7;" + kEnd, kShared);
  expect_fault(
      FaultKind::kSharedRace,
      "mov.u32 %r4, box; setp.eq.s32 %p1, %r10, 0; @%p1 st.shared.u32 [%r4], 7; bar.sync 0; "
      "atom.shared.max.u32 %r5, [%r4], %r10; ld.shared.u32 %r7, [%r4];" +
          finish,
      kShared);
}

TEST(PtxFault, GlobalRaceWithinABlock) {
  expect_fault(FaultKind::kGlobalRace,
               "ld.param.u64 %rd12, [lanes_out]; st.global.u32 [%rd12], 7;" + kEnd);
}

TEST(PtxFault, DivergentBarrier) {
  expect_fault(FaultKind::kDivergentBarrier,
               "setp.eq.s32 %p1, %r10, 5; @%p1 bra OTHER; bar.sync 0; bra END; OTHER: bar.sync 0; "
               "END:" +
                   kEnd);
  expect_fault(FaultKind::kDivergentBarrier,
               "setp.eq.s32 %p1, %r10, 5; @%p1 exit; bar.sync 0;" + kEnd);
}

TEST(PtxFault, LaneMasks) {
  expect_fault(FaultKind::kLaneMask, "shfl.sync.bfly.b32 %r4, %r0, 1, 31, 0xffff;" + kEnd);
  expect_fault(
      FaultKind::kLaneMask,
      "setp.eq.s32 %p1, %r10, 5; @%p1 exit; shfl.sync.bfly.b32 %r4, %r0, 1, 31, -1;" + kEnd);
  expect_fault(FaultKind::kInactiveSource,
               "setp.lt.u32 %p1, %r10, 16; @!%p1 bra END; "
               "shfl.sync.bfly.b32 %r4, %r0, 16, 31, 0xffff; END:" +
                   kEnd);
}

TEST(PtxFault, DeadlockAndLivelock) {
  expect_fault(FaultKind::kDeadlock,
               "setp.eq.s32 %p1, %r10, 5; @%p1 bra OTHER; bar.warp.sync -1; bra END; "
               "OTHER: bar.sync 0; END:" +
                   kEnd);
  LaunchOptions options;
  options.instruction_budget = 100000;
  expect_fault(FaultKind::kBudget, "FOREVER: bra FOREVER;" + kEnd, {}, options);
}

TEST(PtxFault, Traps) {
  expect_fault(FaultKind::kTrap, "trap;" + kEnd);
  expect_fault(FaultKind::kTrap,
               "T: .branchtargets A, B; mov.u32 %r4, 2; brx.idx %r4, T; A: B:" + kEnd);
}

/// A kernel in which every block adds its number to one word without atomics.
TEST(PtxFault, GlobalRaceAcrossBlocks) {
  const std::string body = R"(
.visible .entry k(.param .u64 k_out)
{
  .reg .b64 %rd<3>;
  .reg .b32 %r<4>;
  ld.param.u64 %rd1, [k_out];
  mov.u32 %r1, %ctaid.x;
)";
  const std::string plain =
      "ld.global.u32 %r2, [%rd1]; add.s32 %r2, %r2, %r1; st.global.u32 [%rd1], %r2; ret; }";
  const std::string atomic = "atom.global.add.u32 %r2, [%rd1], %r1; ret; }";
  std::uint32_t cell = 0;
  const auto* out = &cell;
  const std::array<ByteView, 1> arguments = {argument_bytes(out)};
  const auto run = [&](const std::string& rest) {
    const auto module = Module::parse(body + rest);
    EXPECT_TRUE(module.ok());
    GlobalMemory memory;
    memory.add(&cell, sizeof cell);
    LaunchOptions options;
    options.schedule.random_blocks = true;
    return launch(**module, memory, {"k", {10}, {1}, 0, arguments}, options);
  };
  const auto raced = run(plain);
  ASSERT_FALSE(raced.ok());
  EXPECT_EQ(raced.error().kind, FaultKind::kGlobalRace);
  cell = 0;
  EXPECT_TRUE(run(atomic).ok());
  EXPECT_EQ(cell, 45u);
}

TEST(PtxFault, BadLaunches) {
  const auto module = Module::parse(".visible .entry k(.param .u32 k_a) { ret; }");
  ASSERT_TRUE(module.ok());
  GlobalMemory memory;
  const std::array<std::uint8_t, 4> four{};
  const std::array<ByteView, 1> arguments = {ByteView(four)};
  EXPECT_TRUE(launch(**module, memory, {"k", {1}, {1024}, 0, arguments}, {}).ok());
  EXPECT_FALSE(launch(**module, memory, {"k", {1}, {1025}, 0, arguments}, {}).ok());
  EXPECT_FALSE(launch(**module, memory, {"k", {0}, {32}, 0, arguments}, {}).ok());
  EXPECT_FALSE(launch(**module, memory, {"k", {1}, {32}, 0, {}}, {}).ok());
  EXPECT_FALSE(launch(**module, memory, {"none", {1}, {32}, 0, arguments}, {}).ok());
}

}  // namespace
}  // namespace buri::ptx
