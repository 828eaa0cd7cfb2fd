#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "tests/ptx/interpreter/launch.hpp"

/// The state handlers work on. A warp runs in lockstep: one instruction for all active lanes,
/// values laid out lane after lane so that the compiler turns a handler into vector code.

namespace buri::ptx {

inline constexpr unsigned kLanes = 32;
inline constexpr std::uint32_t kAllLanes = 0xffffffffu;

/// 32 lanes of 4 bytes, the grain of the register file.
struct alignas(128) LaneWords {
  std::array<std::uint32_t, kLanes> words{};
};

struct Block;

/// State of one launch, shared by its blocks.
struct LaunchState {
  Module& module;
  GlobalMemory& memory;
  const LaunchOptions& options;
  Dim3 grid;
  Dim3 block;
  std::mt19937_64 random;
  LaunchStatistics statistics;
  std::uint32_t launch_begin = 0;
  std::optional<Fault> fault;
};

/// State of the block that runs now.
struct Block {
  LaunchState& launch;
  Dim3 index;
  std::uint32_t epoch = 0;  ///< since the last barrier; see Accessor
  std::uint32_t begin = 0;  ///< first epoch of the block
  std::vector<std::uint8_t> shared;
  std::vector<std::uint8_t> shared_defined;  ///< by byte
  std::uint32_t static_shared_bytes = 0;     ///< dynamic memory follows
  RaceShadow shared_shadow;
};

enum class LaneState : std::uint8_t { kRunning, kAtBarrier, kAtWarpSync, kExited };

struct Warp {
  Block* block = nullptr;
  std::uint32_t index = 0;
  std::uint32_t existing = 0;  ///< lanes that are threads of the block
  std::vector<LaneWords> registers;
  std::vector<std::uint32_t> defined;  ///< by unit: lanes whose value derives from written data
  std::vector<std::uint32_t> private_words;    ///< [word][lane]
  std::vector<std::uint32_t> private_defined;  ///< by byte: lanes that wrote it

  std::uint32_t active = 0;  ///< lanes the current instruction runs for
  std::uint32_t pc = 0;      ///< of the active lanes
  bool regroup = false;      ///< lanes moved apart, blocked or faulted: choose anew
  std::uint32_t sync_epoch = 0;

  std::array<std::uint32_t, kLanes> lane_pc{};
  std::array<LaneState, kLanes> lane_state{};
  std::array<std::uint32_t, kLanes> member_mask{};  ///< what a lane at a warp sync waits for
  std::array<std::uint32_t, kLanes> barrier{};      ///< which barrier a lane waits at
  alignas(128) std::array<std::uint32_t, kLanes> carry{};
  std::uint32_t carry_set = 0;      ///< lanes that set CC.CF since the last branch or call
  std::uint32_t carry_defined = 0;  ///< lanes whose carry derives from written data

  std::uint32_t* words(Unit32 unit) { return registers[unit].words.data(); }
  /// The lanes of a register that holds T: 64-bit lanes for 8-byte types, else 32-bit ones.
  template <class T>
  auto* lanes(Unit32 unit) {
    if constexpr (sizeof(T) == 8) {
      return reinterpret_cast<std::uint64_t*>(words(unit));
    } else {
      return words(unit);
    }
  }
  /// Notes for lanes `who` of `unit` whether their value is defined.
  void set_defined(Unit32 unit, std::uint32_t who, std::uint32_t lanes_defined) {
    defined[unit] = (defined[unit] & ~who) | (lanes_defined & who);
  }
  [[nodiscard]] Accessor accessor(unsigned lane) const {
    return {block->epoch, block->launch.launch_begin, block->begin, sync_epoch,
            static_cast<std::uint16_t>(index * kLanes + lane)};
  }

  /// Records a fault of the launch (the first one counts) and stops the warp.
  void fail(FaultKind kind, const Instruction& instruction, unsigned lane, std::string_view what,
            std::uint64_t detail = 0);
  /// Faults when an active lane's value in `unit` is not defined: it is about to matter.
  void require_defined(const Instruction& instruction, Unit32 unit, std::string_view use) {
    const std::uint32_t bad = active & ~defined[unit];
    if (bad != 0) [[unlikely]] {
      fail(FaultKind::kUninitialised, instruction, std::countr_zero(bad), use);
    }
  }
};

/// Before a loop over lanes: lanes do not depend on each other, whatever the registers' addresses.
#ifdef __clang__
#define BURI_INDEPENDENT_LANES _Pragma("clang loop vectorize(assume_safety)")
#else
#define BURI_INDEPENDENT_LANES _Pragma("GCC ivdep")
#endif

/// Calls f(lane) for every lane of `who`, in order. For bodies that only touch their own lane.
template <class F>
inline void for_lanes(std::uint32_t who, F&& f) {
  if (who == kAllLanes) {
    BURI_INDEPENDENT_LANES
    for (unsigned lane = 0; lane < kLanes; ++lane) f(lane);
  } else {
    for (; who != 0; who &= who - 1) f(static_cast<unsigned>(std::countr_zero(who)));
  }
}

/// The same for bodies with side effects outside their lane.
template <class F>
inline void each_lane(std::uint32_t who, F&& f) {
  for (; who != 0; who &= who - 1) f(static_cast<unsigned>(std::countr_zero(who)));
}

/// The lanes of `who` whose predicate is true.
std::uint32_t true_lanes(const std::uint32_t* predicate, std::uint32_t who);

/// Runs `warp` until every lane has exited or waits at a block barrier, or the launch faults.
void run_warp(Warp& warp);

/// Carries out a warp-synchronising instruction for lanes `members`, which have all arrived.
void run_warp_sync(Warp& warp, const Instruction& instruction, std::uint32_t members);

}  // namespace buri::ptx
