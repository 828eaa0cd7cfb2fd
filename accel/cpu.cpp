#include "accel/cpu.hpp"

#include <cpuid.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace buri::accel {
namespace {

using Registers = std::array<std::uint32_t, 4>;  // eax, ebx, ecx, edx

Registers query(std::uint32_t leaf, std::uint32_t subleaf = 0) {
  Registers r{};
  if (__get_cpuid_count(leaf, subleaf, &r[0], &r[1], &r[2], &r[3]) == 0) return {};
  return r;
}

bool bit(std::uint32_t word, unsigned index) { return (word >> index & 1u) != 0; }

/// XCR0: which register files the operating system saves. Zero when it saves none beyond SSE.
std::uint64_t saved_state() {
  if (!bit(query(1)[2], 27)) return 0;  // OSXSAVE
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return std::uint64_t{high} << 32 | low;
}

std::string brand() {
  std::array<char, 49> text{};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const Registers r = query(0x80000002u + i);
    std::memcpy(text.data() + std::size_t{16} * i, r.data(), 16);
  }
  std::string model(text.data());
  while (!model.empty() && model.back() == ' ') model.pop_back();
  return model.empty() ? "unknown x86-64 processor" : model;
}

CpuFeatures probe() {
  constexpr std::uint64_t kYmmState = 0x6;
  constexpr std::uint64_t kZmmState = 0xe6;
  const Registers leaf7 = query(7);
  const std::uint64_t saved = saved_state();
  const std::uint32_t ebx = leaf7[1];
  CpuFeatures features;
  features.model = brand();
  features.bmi2_adx = bit(ebx, 3) && bit(ebx, 8) && bit(ebx, 19);
  const bool fma = bit(query(1)[2], 12);
  features.avx2 = bit(ebx, 5) && bit(ebx, 8) && fma && (saved & kYmmState) == kYmmState;
  features.sha_ni = bit(ebx, 29);
  const bool f_dq_ifma_bw_vl =
      bit(ebx, 16) && bit(ebx, 17) && bit(ebx, 21) && bit(ebx, 30) && bit(ebx, 31);
  const bool vbmi = bit(leaf7[2], 1);
  features.avx512_ifma =
      f_dq_ifma_bw_vl && vbmi && features.bmi2_adx && (saved & kZmmState) == kZmmState;
  return features;
}

}  // namespace

const CpuFeatures& cpu_features() {
  static const CpuFeatures features = probe();
  return features;
}

}  // namespace buri::accel
