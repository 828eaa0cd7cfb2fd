#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tests/ptx/interpreter/fault.hpp"
#include "tests/ptx/interpreter/global_memory.hpp"
#include "tests/ptx/interpreter/module.hpp"

/// Runs a kernel of a module over a grid, under a chosen schedule and with every check on.

namespace buri::ptx {

struct Dim3 {
  std::uint32_t x = 1;
  std::uint32_t y = 1;
  std::uint32_t z = 1;

  [[nodiscard]] std::uint64_t volume() const { return std::uint64_t{x} * y * z; }
};

/// Which lanes of a warp run next when they stand at different instructions.
enum class LaneOrder : std::uint8_t {
  kLowestPc,   ///< those furthest behind: reconverges early, as hardware mostly does
  kHighestPc,  ///< those furthest ahead
  kSerial,     ///< one lane at a time, until it blocks
  kRandom,     ///< one lane at a time, for a random number of instructions
};

/// An order of execution. Every order is one a device may choose, so results may not depend on it.
struct Schedule {
  LaneOrder lanes = LaneOrder::kLowestPc;
  bool reverse_warps = false;
  bool random_blocks = false;
  std::uint64_t seed = 1;  ///< of kRandom and random_blocks
};

struct LaunchOptions {
  Schedule schedule;
  bool check_races = true;
  std::uint64_t instruction_budget = 20'000'000'000;  ///< thread instructions per launch
};

/// What a launch did.
struct LaunchStatistics {
  std::uint64_t thread_instructions = 0;
  std::uint64_t warp_instructions = 0;
};

struct LaunchRequest {
  std::string_view kernel;
  Dim3 grid;
  Dim3 block;
  std::uint32_t dynamic_shared_bytes = 0;
  std::span<const ByteView> arguments;  ///< one per parameter, of its size
};

/// The bytes of a kernel argument. Borrows `value`.
template <class T>
ByteView argument_bytes(const T& value) {
  // NOLINTNEXTLINE(bugprone-sizeof-expression): an argument may be a pointer, and is passed as one
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof(T)};
}

/// Largest number of threads in a block, as on every device so far.
inline constexpr std::uint32_t kMaxBlockThreads = 1024;

/// Runs the kernel to its end, or to the first fault.
Result<LaunchStatistics, Fault> launch(Module& module, GlobalMemory& memory,
                                       const LaunchRequest& request, const LaunchOptions& options);

}  // namespace buri::ptx
