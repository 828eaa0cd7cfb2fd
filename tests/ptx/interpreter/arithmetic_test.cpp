#include <algorithm>

#include "tests/ptx/interpreter/lane_kernel.hpp"

namespace buri::ptx {
namespace {

using U32 = std::uint32_t;
using U64 = std::uint64_t;
using S32 = std::int32_t;
using S64 = std::int64_t;
using U128 = unsigned __int128;
using S128 = __int128;

/// Lines for a 32-bit opcode: sources %r0, %r1, %r2, result widened into %rd4.
std::string narrow(const std::string& opcode, const std::string& sources) {
  return opcode + " %r4, " + sources + "; cvt.u64.u32 %rd4, %r4;";
}
std::string wide(const std::string& opcode, const std::string& sources) {
  return opcode + " %rd4, " + sources + ";";
}

TEST(PtxArithmetic, AddsAndSubtractsModuloTheWidth) {
  expect_lanes(narrow("add.s32", "%r0, %r1"), [](U64 a, U64 b, U64, U64) { return U32(a + b); });
  expect_lanes(wide("add.s64", "%rd0, %rd1"), [](U64 a, U64 b, U64, U64) { return a + b; });
  expect_lanes(narrow("sub.u32", "%r0, %r1"), [](U64 a, U64 b, U64, U64) { return U32(a - b); });
  expect_lanes(wide("sub.s64", "%rd0, -5"), [](U64 a, U64, U64, U64) { return a + 5; });
}

TEST(PtxArithmetic, MultipliesLowHighAndWide) {
  expect_lanes(narrow("mul.lo.s32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U32(U32(a) * U32(b)); });
  expect_lanes(wide("mul.lo.s64", "%rd0, %rd1"), [](U64 a, U64 b, U64, U64) { return a * b; });
  expect_lanes(narrow("mul.hi.u32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64{U32(a)} * U32(b) >> 32; });
  expect_lanes(narrow("mul.hi.s32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64{U32(S64{S32(a)} * S32(b) >> 32)}; });
  expect_lanes(wide("mul.hi.u64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return U64(U128{a} * b >> 64); });
  expect_lanes(wide("mul.hi.s64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return U64(S128{S64(a)} * S64(b) >> 64); });
  expect_lanes(wide("mul.wide.u32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64{U32(a)} * U32(b); });
  expect_lanes(wide("mul.wide.s32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64(S64{S32(a)} * S32(b)); });
}

TEST(PtxArithmetic, MultipliesAndAdds) {
  expect_lanes(narrow("mad.lo.s32", "%r0, %r1, %r2"),
               [](U64 a, U64 b, U64 c, U64) { return U32(U32(a) * U32(b) + U32(c)); });
  expect_lanes(narrow("mad.hi.u32", "%r0, %r1, %r2"),
               [](U64 a, U64 b, U64 c, U64) { return U32((U64{U32(a)} * U32(b) >> 32) + U32(c)); });
  expect_lanes(wide("mad.lo.s64", "%rd0, %rd1, %rd2"),
               [](U64 a, U64 b, U64 c, U64) { return a * b + c; });
  expect_lanes(wide("mad.wide.u32", "%r0, %r1, %rd2"),
               [](U64 a, U64 b, U64 c, U64) { return U64{U32(a)} * U32(b) + c; });
  expect_lanes(wide("mad.wide.s32", "%r0, %r1, %rd2"),
               [](U64 a, U64 b, U64 c, U64) { return U64(S64{S32(a)} * S32(b)) + c; });
}

TEST(PtxArithmetic, DividesAsDevicesDo) {
  expect_lanes(narrow("div.u32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64{U32(b) == 0 ? ~U32{0} : U32(a) / U32(b)}; });
  expect_lanes(narrow("rem.u32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U64{U32(b) == 0 ? U32(a) : U32(a) % U32(b)}; });
  expect_lanes(wide("div.u64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return b == 0 ? ~U64{0} : a / b; });
  expect_lanes(narrow("div.s32", "%r0, 7"),
               [](U64 a, U64, U64, U64) { return U64{U32(S32(a) / 7)}; });
  expect_lanes(narrow("rem.s32", "%r0, -1"), [](U64, U64, U64, U64) { return U64{0}; });
  expect_lanes(narrow("div.s32", "%r0, -1"), [](U64 a, U64, U64, U64) { return U32(0 - U32(a)); });
}

TEST(PtxArithmetic, TakesMinimaMaximaSignsAndMagnitudes) {
  expect_lanes(narrow("min.u32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return std::min(U32(a), U32(b)); });
  expect_lanes(narrow("min.s32", "%r0, %r1"),
               [](U64 a, U64 b, U64, U64) { return U32(std::min(S32(a), S32(b))); });
  expect_lanes(wide("max.u64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return std::max(a, b); });
  expect_lanes(wide("max.s64", "%rd0, %rd1"),
               [](U64 a, U64 b, U64, U64) { return U64(std::max(S64(a), S64(b))); });
  expect_lanes(narrow("neg.s32", "%r0"), [](U64 a, U64, U64, U64) { return U32(0 - U32(a)); });
  expect_lanes(wide("abs.s64", "%rd0"),
               [](U64 a, U64, U64, U64) { return S64(a) < 0 ? 0 - a : a; });
}

U64 high_half(U128 value) { return static_cast<U64>(value >> 64); }

/// The carry out of the opcode before, read into %rd4.
const std::string kReadCarry = " addc.u32 %r5, 0, 0; cvt.u64.u32 %rd4, %r5;";

TEST(PtxCarry, AddChainsGiveSumAndCarry) {
  expect_lanes("add.cc.u32 %r4, %r0, %r1;" + kReadCarry,
               [](U64 a, U64 b, U64, U64) { return (U64{U32(a)} + U32(b)) >> 32; });
  expect_lanes("add.cc.u32 %r4, %r0, %r1; addc.cc.u32 %r6, %r2, %r3;" + kReadCarry,
               [](U64 a, U64 b, U64 c, U64 d) {
                 const U64 low = (U64{U32(a)} + U32(b)) >> 32;
                 return (U64{U32(c)} + U32(d) + low) >> 32;
               });
  expect_lanes("add.cc.u32 %r4, %r0, %r1; addc.u32 %r6, %r2, %r3; mov.b64 %rd4, {%r4, %r6};",
               [](U64 a, U64 b, U64 c, U64 d) {
                 return (U64{U32(c)} << 32 | U32(a)) + (U64{U32(d)} << 32 | U32(b));
               });
  expect_lanes("add.cc.s64 %rd5, %rd0, %rd1; addc.cc.s64 %rd4, %rd2, %rd3;",
               [](U64 a, U64 b, U64 c, U64 d) { return c + d + high_half(U128{a} + b); });
  expect_lanes(
      "add.cc.u64 %rd5, %rd0, %rd1; addc.cc.u64 %rd6, %rd2, %rd3; addc.u64 %rd4, 0, 0;",
      [](U64 a, U64 b, U64 c, U64 d) { return high_half(U128{c} + d + high_half(U128{a} + b)); });
}

TEST(PtxCarry, SubtractChainsGiveDifferenceAndBorrow) {
  expect_lanes("sub.cc.u32 %r4, %r0, %r1; subc.u32 %r6, %r2, %r3; mov.b64 %rd4, {%r4, %r6};",
               [](U64 a, U64 b, U64 c, U64 d) {
                 return (U64{U32(c)} << 32 | U32(a)) - (U64{U32(d)} << 32 | U32(b));
               });
  expect_lanes(
      "sub.cc.u32 %r4, %r0, %r1; subc.cc.u32 %r5, %r2, %r3; subc.u32 %r6, 0, 0; "
      "cvt.u64.u32 %rd4, %r6;",
      [](U64 a, U64 b, U64 c, U64 d) {
        const U64 x = U64{U32(c)} << 32 | U32(a);
        const U64 y = U64{U32(d)} << 32 | U32(b);
        return U64{x < y ? ~U32{0} : 0};
      });
  expect_lanes("sub.cc.u64 %rd5, %rd0, %rd1; subc.cc.u64 %rd6, %rd2, %rd3; subc.u64 %rd4, 0, 0;",
               [](U64 a, U64 b, U64 c, U64 d) {
                 const U128 x = U128{c} << 64 | a;
                 const U128 y = U128{d} << 64 | b;
                 return x < y ? ~U64{0} : 0;
               });
}

TEST(PtxCarry, MultiplyAddChainsCarry) {
  const auto low = [](U64 a, U64 b) { return U64{U32(a * b)}; };
  const auto high = [](U64 a, U64 b) { return U64{U32(a)} * U32(b) >> 32; };
  expect_lanes("mad.lo.cc.u32 %r4, %r0, %r1, %r2;" + kReadCarry,
               [=](U64 a, U64 b, U64 c, U64) { return (low(a, b) + U32(c)) >> 32; });
  expect_lanes("mad.hi.cc.u32 %r4, %r0, %r1, %r2;" + kReadCarry,
               [=](U64 a, U64 b, U64 c, U64) { return (high(a, b) + U32(c)) >> 32; });
  expect_lanes("add.cc.u32 %r5, %r2, %r3; madc.lo.cc.u32 %r4, %r0, %r1, %r2;" + kReadCarry,
               [=](U64 a, U64 b, U64 c, U64 d) {
                 const U64 carry = (U64{U32(c)} + U32(d)) >> 32;
                 return (low(a, b) + U32(c) + carry) >> 32;
               });
  expect_lanes("add.cc.u32 %r5, %r2, %r3; madc.hi.u32 %r4, %r0, %r1, %r2; cvt.u64.u32 %rd4, %r4;",
               [=](U64 a, U64 b, U64 c, U64 d) {
                 const U64 carry = (U64{U32(c)} + U32(d)) >> 32;
                 return U64{U32(high(a, b) + U32(c) + carry)};
               });
  expect_lanes("add.cc.u64 %rd5, %rd2, %rd3; madc.hi.cc.u64 %rd4, %rd0, %rd1, %rd2;",
               [=](U64 a, U64 b, U64 c, U64 d) {
                 return U64(U128{a} * b >> 64) + c + high_half(U128{c} + d);
               });
  expect_lanes("mad.lo.cc.u64 %rd5, %rd0, %rd1, %rd2; addc.u64 %rd4, %rd3, 0;",
               [=](U64 a, U64 b, U64 c, U64 d) { return d + high_half(U128{a * b} + c); });
}

}  // namespace
}  // namespace buri::ptx
