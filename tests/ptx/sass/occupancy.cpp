#include "tests/ptx/sass/occupancy.hpp"

#include <algorithm>
#include <array>

namespace buri::ptx::sass {
namespace {

constexpr std::uint32_t kSchedulers = 4;
constexpr std::uint32_t kRegistersPerScheduler = 16384;
constexpr std::uint32_t kRegisterUnit = 256;
/// Shared memory that the system takes from every block.
constexpr std::uint32_t kReservedSharedBytes = 1024;

constexpr std::array<Multiprocessor, 4> kMultiprocessors = {{
    {"sm_80", 64, 32, 164 * 1024},
    {"sm_89", 48, 24, 100 * 1024},
    {"sm_90", 64, 32, 228 * 1024},
    {"sm_120", 48, 24, 100 * 1024},
}};

}  // namespace

std::optional<Multiprocessor> find_multiprocessor(std::string_view architecture) {
  for (const Multiprocessor& limits : kMultiprocessors) {
    if (limits.architecture == architecture) return limits;
  }
  return std::nullopt;
}

std::uint32_t resident_warps(const Multiprocessor& limits, const BlockUsage& usage) {
  const std::uint32_t warps_per_block = (usage.threads + 31) / 32;
  const std::uint32_t registers_per_warp =
      (std::max(usage.registers_per_thread, 1u) * 32 + kRegisterUnit - 1) / kRegisterUnit *
      kRegisterUnit;
  const std::uint32_t by_registers = kRegistersPerScheduler / registers_per_warp * kSchedulers;
  const std::uint32_t by_shared =
      limits.shared_bytes / (usage.shared_bytes + kReservedSharedBytes) * warps_per_block;
  const std::uint32_t by_blocks = limits.blocks * warps_per_block;
  const std::uint32_t warps = std::min({limits.warps, by_registers, by_shared, by_blocks});
  return warps / warps_per_block * warps_per_block;
}

}  // namespace buri::ptx::sass
