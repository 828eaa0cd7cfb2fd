#include <bit>

#include "tests/ptx/interpreter/lane_kernel.hpp"

namespace buri::ptx {
namespace {

using U32 = std::uint32_t;
using U64 = std::uint64_t;
using S32 = std::int32_t;
using S64 = std::int64_t;

std::string narrow(const std::string& opcode, const std::string& sources) {
  return opcode + " %r4, " + sources + "; cvt.u64.u32 %rd4, %r4;";
}
std::string wide(const std::string& opcode, const std::string& sources) {
  return opcode + " %rd4, " + sources + ";";
}

/// The bits of `value` in opposite order.
U64 reversed(U64 value) {
  U64 result = 0;
  for (int bit = 0; bit < 64; ++bit, value >>= 1) result = result << 1 | (value & 1);
  return result;
}

/// One lane, given inputs and the exact answer, for opcodes whose definition is a table.
void expect_value(const std::string& lines, LaneInputs inputs, U64 expected) {
  const auto results = run_lanes(lane_kernel(lines), {inputs});
  ASSERT_TRUE(results.ok()) << lines << ": " << results.error().text;
  EXPECT_EQ(results.value()[0], expected) << lines;
}

TEST(PtxBits, DoesLogic) {
  expect_lanes(narrow("and.b32", "%r0, %r1"), [](U64 a, U64 b, U64, U64) { return U32(a & b); });
  expect_lanes(wide("or.b64", "%rd0, %rd1"), [](U64 a, U64 b, U64, U64) { return a | b; });
  expect_lanes(wide("xor.b64", "%rd0, %rd1"), [](U64 a, U64 b, U64, U64) { return a ^ b; });
  expect_lanes(narrow("not.b32", "%r0"), [](U64 a, U64, U64, U64) { return U32(~a); });
  expect_lanes(wide("not.b64", "%rd0"), [](U64 a, U64, U64, U64) { return ~a; });
  expect_lanes(narrow("cnot.b32", "%r0"), [](U64 a, U64, U64, U64) { return U64{U32(a) == 0}; });
}

TEST(PtxBits, ShiftsSaturateAtTheWidth) {
  expect_lanes("and.b32 %r1, %r1, 63;" + narrow("shl.b32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U32((b & 63) > 31 ? 0 : U32(a) << (b & 63)); });
  expect_lanes("and.b32 %r1, %r1, 127;" + wide("shl.b64", "%rd0, %r1"),
               [](U64 a, U64 b, U64, U64) { return (b & 127) > 63 ? 0 : a << (b & 127); });
  expect_lanes(narrow("shr.u32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64{U32(b) > 31 ? 0 : U32(a) >> U32(b)}; });
  expect_lanes(narrow("shr.s32", "%r0, %r1"), [](U64 a, U64 b, U64, U64) {
    return U64{U32(S32(a) >> (U32(b) > 31 ? 31 : U32(b)))};
  });
  expect_lanes(wide("shr.s64", "%rd0, 40"), [](U64 a, U64, U64, U64) { return U64(S64(a) >> 40); });
  expect_lanes(wide("shr.b64", "%rd0, 64"), [](U64, U64, U64, U64) { return U64{0}; });
}

TEST(PtxBits, FunnelShiftsWrapOrClamp) {
  expect_lanes(narrow("shf.l.wrap.b32", "%r0, %r1, %r2"), [](U64 a, U64 b, U64 c, U64) {
    const U64 pair = U64{U32(b)} << 32 | U32(a);
    return pair << (c & 31) >> 32;
  });
  expect_lanes(narrow("shf.r.wrap.b32", "%r0, %r1, %r2"), [](U64 a, U64 b, U64 c, U64) {
    const U64 pair = U64{U32(b)} << 32 | U32(a);
    return U64{U32(pair >> (c & 31))};
  });
  const LaneInputs inputs = {0x11223344, 0x55667788, 0, 0};
  expect_value(narrow("shf.l.clamp.b32", "%r0, %r1, 40"), inputs, 0x11223344);
  expect_value(narrow("shf.r.clamp.b32", "%r0, %r1, 40"), inputs, 0x55667788);
}

TEST(PtxBits, LooksUpThreeInputLogic) {
  expect_lanes(narrow("lop3.b32", "%r0, %r1, %r2, 0x96"),
               [](U64 a, U64 b, U64 c, U64) { return U32(a ^ b ^ c); });
  expect_lanes(narrow("lop3.b32", "%r0, %r1, %r2, 0xE8"),
               [](U64 a, U64 b, U64 c, U64) { return U32((a & b) | (a & c) | (b & c)); });
  expect_lanes(narrow("lop3.b32", "%r0, %r1, %r2, 0xCA"),
               [](U64 a, U64 b, U64 c, U64) { return U32((a & b) | (~a & c)); });
}

TEST(PtxBits, PermutesBytes) {
  expect_lanes(narrow("prmt.b32", "%r0, 0, 0x0123"),
               [](U64 a, U64, U64, U64) { return U64{__builtin_bswap32(U32(a))}; });
  const LaneInputs inputs = {0x84332211, 0x88776655, 0, 0};
  expect_value(narrow("prmt.b32", "%r0, %r1, 0x7610"), inputs, 0x88772211);
  expect_value(narrow("prmt.b32", "%r0, %r1, 0xb8f4"), inputs, 0xff00ff55);
}

TEST(PtxBits, CountsBits) {
  expect_lanes(narrow("popc.b32", "%r0"),
               [](U64 a, U64, U64, U64) { return U64(std::popcount(U32(a))); });
  expect_lanes(narrow("popc.b64", "%rd0"),
               [](U64 a, U64, U64, U64) { return U64(std::popcount(a)); });
  expect_lanes(narrow("clz.b32", "%r0"),
               [](U64 a, U64, U64, U64) { return U64(std::countl_zero(U32(a))); });
  expect_lanes(narrow("clz.b64", "%rd0"),
               [](U64 a, U64, U64, U64) { return U64(std::countl_zero(a)); });
  expect_lanes(narrow("brev.b32", "%r0"), [](U64 a, U64, U64, U64) { return reversed(a << 32); });
  expect_lanes(wide("brev.b64", "%rd0"), [](U64 a, U64, U64, U64) { return reversed(a); });
  expect_lanes(narrow("bfind.u32", "%r0"), [](U64 a, U64, U64, U64) {
    return U64{U32(a) == 0 ? ~U32{0} : U32(31 - std::countl_zero(U32(a)))};
  });
  expect_value(narrow("bfind.s32", "%r0"), {0xffffff00, 0, 0, 0}, 7);
  expect_value(narrow("bfind.shiftamt.u64", "%rd0"), {1, 0, 0, 0}, 63);
}

TEST(PtxBits, ExtractsAndInsertsFields) {
  expect_value(narrow("bfe.u32", "%r0, 8, 12"), {0x89abcdef, 0, 0, 0}, 0xbcd);
  expect_value(narrow("bfe.s32", "%r0, 8, 12"), {0x89abcdef, 0, 0, 0}, 0xfffffbcd);
  expect_value(narrow("bfe.u32", "%r0, 28, 12"), {0x89abcdef, 0, 0, 0}, 0x8);
  expect_value(narrow("bfe.s32", "%r0, 28, 12"), {0x89abcdef, 0, 0, 0}, 0xfffffff8);
  expect_value(narrow("bfe.s32", "%r0, 3, 0"), {0x89abcdef, 0, 0, 0}, 0);
  expect_value(wide("bfe.u64", "%rd0, 40, 16"), {0x0123456789abcdef, 0, 0, 0}, 0x2345);
  expect_value(narrow("bfi.b32", "%r0, %r1, 8, 12"), {0xfff555, 0x89abcdef, 0, 0}, 0x89a555ef);
  expect_value(wide("bfi.b64", "%rd0, %rd1, 32, 32"), {0x11223344, 0x55667788, 0, 0},
               0x1122334455667788);
}

TEST(PtxCompare, SetsPredicatesByTypeAndSign) {
  const auto lines = [](const std::string& opcode, const std::string& sources) {
    return opcode + " %p1, " + sources + "; selp.b64 %rd4, 1, 0, %p1;";
  };
  expect_lanes(lines("setp.lt.u32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64{U32(a) < U32(b)}; });
  expect_lanes(lines("setp.lt.s32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64{S32(a) < S32(b)}; });
  expect_lanes(lines("setp.ge.s64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return U64{S64(a) >= S64(b)}; });
  expect_lanes(lines("setp.hi.u64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return U64{a > b}; });
  expect_lanes(lines("setp.le.u64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return U64{a <= b}; });
  expect_lanes(lines("setp.eq.b32", "%r0, 0"),
               [](U64 a, U64, U64, U64) { return U64{U32(a) == 0}; });
  expect_lanes(lines("setp.ne.s64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return U64{a != b}; });
}

TEST(PtxCompare, JoinsPredicatesAndGivesBothResults) {
  expect_lanes(
      "setp.lt.u32 %p1, %r2, %r3; setp.lt.and.u32 %p2|%p3, %r0, %r1, !%p1; "
      "selp.b64 %rd5, 2, 0, %p3; selp.b64 %rd6, 1, 0, %p2; or.b64 %rd4, %rd5, %rd6;",
      [](U64 a, U64 b, U64 c, U64 d) {
        const bool other = !(U32(c) < U32(d));
        return U64{U32(a) < U32(b) && other} | U64{!(U32(a) < U32(b)) && other} << 1;
      });
  expect_lanes(
      "setp.lt.u32 %p1, %r2, %r3; setp.eq.u32 %p2, %r0, %r1; xor.pred %p3, %p1, %p2; "
      "not.pred %p3, %p3; selp.u32 %r4, 7, 9, %p3; cvt.u64.u32 %rd4, %r4;",
      [](U64 a, U64 b, U64 c, U64 d) {
        return U64{(U32(c) < U32(d)) == (U32(a) == U32(b)) ? 7u : 9u};
      });
}

TEST(PtxMove, ConvertsBetweenWidthsAndSigns) {
  expect_lanes("cvt.s64.s32 %rd4, %r0;", [](U64 a, U64, U64, U64) { return U64(S64{S32(a)}); });
  expect_lanes("cvt.u64.u32 %rd4, %r0;", [](U64 a, U64, U64, U64) { return U64{U32(a)}; });
  expect_lanes("cvt.u16.u32 %rs1, %r0; cvt.s32.s16 %r4, %rs1; cvt.s64.s32 %rd4, %r4;",
               [](U64 a, U64, U64, U64) { return U64(S64{std::int16_t(a)}); });
  expect_lanes(narrow("cvt.s32.s8", "%r0"),
               [](U64 a, U64, U64, U64) { return U32(std::int8_t(a)); });
  expect_lanes(narrow("cvt.sat.u8.s32", "%r0"), [](U64 a, U64, U64, U64) {
    return U64(S32(a) < 0 ? 0 : S32(a) > 255 ? 255 : S32(a));
  });
}

TEST(PtxMove, PacksAndUnpacks) {
  expect_lanes("mov.b64 %rd4, {%r1, %r0};",
               [](U64 a, U64 b, U64, U64) { return U64{U32(a)} << 32 | U32(b); });
  expect_lanes("mov.b64 {%r5, %r6}, %rd0; mov.b64 %rd4, {%r6, %r5};",
               [](U64 a, U64, U64, U64) { return std::rotl(a, 32); });
  expect_lanes("mov.b64 {_, %r6}, %rd0; cvt.u64.u32 %rd4, %r6;",
               [](U64 a, U64, U64, U64) { return a >> 32; });
  expect_lanes("mov.b32 {%rs1, %rs2}, %r0; mov.b32 %r4, {%rs2, %rs1}; cvt.u64.u32 %rd4, %r4;",
               [](U64 a, U64, U64, U64) { return U64{std::rotl(U32(a), 16)}; });
}

TEST(PtxMove, ReadsSpecialRegisters) {
  const auto results = run_lanes(
      lane_kernel("mov.u32 %r4, %laneid; mov.u32 %r5, %lanemask_lt; mov.u32 %r6, %ntid.x; "
                  "mov.u32 %r7, %ctaid.x; add.s32 %r4, %r4, %r7; "
                  "mad.lo.s32 %r4, %r6, 100, %r4; mov.b64 %rd4, {%r4, %r5};"),
      lane_inputs(1));
  ASSERT_TRUE(results.ok()) << results.error().text;
  for (U64 lane = 0; lane < 32; ++lane) {
    EXPECT_EQ(results.value()[lane], ((1ull << lane) - 1) << 32 | (3200 + lane));
  }
}

}  // namespace
}  // namespace buri::ptx
