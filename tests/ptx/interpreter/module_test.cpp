#include "tests/ptx/interpreter/module.hpp"

#include "tests/ptx/interpreter/lane_kernel.hpp"

namespace buri::ptx {
namespace {

/// The error for a kernel whose fourth line is `line`.
ParseError refused(const std::string& line) {
  const auto module = Module::parse(
      ".version 9.2\n.target sm_80\n.visible .entry k() { .reg .b32 %r<9>; .reg .b64 %rd<9>; "
      ".reg .pred %p<3>;\n" +
      line + "\nret; }\n");
  EXPECT_FALSE(module.ok()) << line << " was accepted";
  return module.ok() ? ParseError{} : module.error();
}

TEST(PtxModule, RefusesWhatItCannotExecuteWithItsLine) {
  for (const std::string line : {
           "frobnicate.u32 %r1, %r2;",                      // unknown opcode
           "add.sat.s32 %r1, %r2, %r3;",                    // unknown modifier
           "add.f32 %r1, %r2, %r3;",                        // floating point
           "add.s32 %r1, %r2;",                             // operand count
           "add.s32 %r1, %r2, %rd3;",                       // operand width
           "add.s32 %r1, %r2, %r77;",                       // unknown register
           "mov.u32 %r1, %clock;",                          // special register
           "ld.volatile.global.u32 %r1, [%rd1];",           // memory order
           "ld.global.v2.u32 %r1, [%rd1];",                 // vector size
           "bar.sync 0, 64;",                               // part of a block
           "shfl.bfly.b32 %r1, %r2, 1, 31;",                // without .sync
           "atom.global.add.f32 %r1, [%rd1], %r2;",         // floating atomic
           "cp.async.ca.shared.global [%r1], [%rd1], 16;",  // asynchronous copy
           "mul.s32 %r1, %r2, %r3;",                        // which half?
       }) {
    const ParseError error = refused(line);
    EXPECT_EQ(error.line, 4u) << line << ": " << error.text;
    EXPECT_FALSE(error.text.empty());
  }
}

TEST(PtxModule, RefusesUnknownLabelsAndFunctions) {
  EXPECT_NE(refused("bra NOWHERE;").text.find("NOWHERE"), std::string::npos);
  EXPECT_NE(refused("call.uni nobody;").text.find("nobody"), std::string::npos);
}

TEST(PtxModule, FindsKernelsAndVariables) {
  const auto module = Module::parse(
      ".visible .const .align 4 .b8 table[8] = {1, 2, 3};\n.func helper() { ret; }\n"
      ".visible .entry work(.param .u32 work_param_0)\n.maxntid 128, 1, 1\n{ ret; }\n");
  ASSERT_TRUE(module.ok()) << module.error().text;
  ASSERT_NE((*module)->find_kernel("work"), nullptr);
  EXPECT_EQ((*module)->find_kernel("work")->max_threads, 128u);
  EXPECT_EQ((*module)->find_kernel("helper"), nullptr);
  const Variable* table = (*module)->find_variable("table");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->bytes, 8u);
  EXPECT_EQ((*module)->storage_of(*table)[2], 3);
}

TEST(PtxModule, RefusesTextThatIsNoPtx) {
  for (const std::string text :
       {"}", ".entry", ".visible .entry k(", "\"", "\x01", ".visible .entry k() { add",
        ".const .b8 t[2] = {1, 2, 3};", ".visible .entry k() {", "{{{{", ".reg", "@"}) {
    EXPECT_FALSE(Module::parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace buri::ptx
