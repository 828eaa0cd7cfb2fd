#include "tests/ptx/interpreter/lane_kernel.hpp"

#include <cstring>

namespace buri::ptx {

std::string lane_kernel(const std::string& lines, const std::string& declarations) {
  return ".version 9.2\n.target sm_80\n.address_size 64\n" + declarations +
         R"(
.visible .entry lanes(.param .u64 lanes_out, .param .u64 .ptr .global .align 8 lanes_in)
{
  .reg .b64 %rd<20>;
  .reg .b32 %r<20>;
  .reg .b16 %rs<8>;
  .reg .pred %p<8>;
  mov.u32 %r10, %tid.x;
  ld.param.u64 %rd10, [lanes_in];
  mul.wide.u32 %rd11, %r10, 32;
  add.s64 %rd10, %rd10, %rd11;
  ld.global.v2.u64 {%rd0, %rd1}, [%rd10];
  ld.global.v2.u64 {%rd2, %rd3}, [%rd10+16];
  cvt.u32.u64 %r0, %rd0;
  cvt.u32.u64 %r1, %rd1;
  cvt.u32.u64 %r2, %rd2;
  cvt.u32.u64 %r3, %rd3;
)" + lines +
         R"(
  ld.param.u64 %rd12, [lanes_out];
  mul.wide.u32 %rd13, %r10, 8;
  add.s64 %rd12, %rd12, %rd13;
  st.global.u64 [%rd12], %rd4;
  ret;
}
)";
}

Result<std::vector<std::uint64_t>, Fault> run_lanes(const std::string& source,
                                                    const std::vector<LaneInputs>& inputs,
                                                    const LaunchOptions& options) {
  auto module = Module::parse(source);
  if (!module.ok()) {
    return Failure{Fault{FaultKind::kBadLaunch, "line " + std::to_string(module.error().line) +
                                                    ": " + module.error().text}};
  }
  std::vector<std::uint64_t> results(inputs.size());
  GlobalMemory memory;
  memory.add(inputs.data(), inputs.size() * sizeof(LaneInputs));
  memory.add(results.data(), results.size() * sizeof(std::uint64_t));
  const auto* in = inputs.data();
  const auto* out = results.data();
  const std::array<ByteView, 2> arguments = {argument_bytes(out), argument_bytes(in)};
  const LaunchRequest request{
      "lanes", {}, {static_cast<std::uint32_t>(inputs.size())}, 0, arguments};
  RETURN_IF_ERROR(launch(**module, memory, request, options));
  return results;
}

std::vector<LaneInputs> lane_inputs(std::uint64_t seed) {
  constexpr std::array<std::uint64_t, 8> kEdges = {0,          1,     0xffffffff, 0x80000000,
                                                   0x7fffffff, ~0ull, 1ull << 63, (1ull << 63) - 1};
  std::mt19937_64 random(seed);
  std::vector<LaneInputs> inputs(32);
  for (std::size_t lane = 0; lane < inputs.size(); ++lane) {
    for (std::size_t k = 0; k < inputs[lane].size(); ++k) {
      const bool edge = lane < 16 && random() % 2 == 0;
      inputs[lane][k] = edge ? kEdges[random() % kEdges.size()] : random();
    }
  }
  return inputs;
}

}  // namespace buri::ptx
