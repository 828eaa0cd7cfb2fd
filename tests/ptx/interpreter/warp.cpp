#include "tests/ptx/interpreter/warp.hpp"

#include <algorithm>
#include <limits>

namespace buri::ptx {
namespace {

/// Lanes of `warp` in a state.
std::uint32_t lanes_in(const Warp& warp, LaneState state) {
  std::uint32_t result = 0;
  each_lane(warp.existing, [&](unsigned lane) {
    result |= std::uint32_t{warp.lane_state[lane] == state} << lane;
  });
  return result;
}

/// Whether everyone `lane` waits for has arrived at the same instruction with the same mask. Faults
/// when someone never will.
bool sync_is_complete(Warp& warp, unsigned lane) {
  const Instruction& instruction = warp.block->launch.module.code[warp.lane_pc[lane]];
  bool complete = true;
  each_lane(warp.member_mask[lane], [&](unsigned other) {
    if (warp.lane_state[other] == LaneState::kExited) {
      warp.fail(FaultKind::kLaneMask, instruction, other, "the member mask names an exited lane",
                warp.member_mask[lane]);
    }
    complete = complete && warp.lane_state[other] == LaneState::kAtWarpSync &&
               warp.member_mask[other] == warp.member_mask[lane] &&
               warp.lane_pc[other] == warp.lane_pc[lane];
  });
  return complete && !warp.block->launch.fault;
}

/// Lets one group of waiting lanes pass; false when no group is complete.
bool complete_warp_sync(Warp& warp, std::uint32_t waiting) {
  for (std::uint32_t rest = waiting; rest != 0; rest &= rest - 1) {
    const auto lane = static_cast<unsigned>(std::countr_zero(rest));
    if (!sync_is_complete(warp, lane)) continue;
    const std::uint32_t members = warp.member_mask[lane];
    run_warp_sync(warp, warp.block->launch.module.code[warp.lane_pc[lane]], members);
    each_lane(members, [&](unsigned other) {
      warp.lane_state[other] = LaneState::kRunning;
      ++warp.lane_pc[other];
    });
    return true;
  }
  return false;
}

/// How far the chosen lanes may run before lanes are chosen again.
struct Slice {
  std::uint32_t pc_limit = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();
};

void choose_one(Warp& warp, std::uint32_t running, unsigned skip) {
  for (; skip != 0; --skip) running &= running - 1;
  const auto lane = static_cast<unsigned>(std::countr_zero(running));
  warp.active = 1u << lane;
  warp.pc = warp.lane_pc[lane];
}

/// All lanes that share the lowest or highest pc. Those at the lowest stop where others wait, and
/// so join them.
Slice choose_by_pc(Warp& warp, std::uint32_t running, bool lowest) {
  std::uint32_t best = lowest ? std::numeric_limits<std::uint32_t>::max() : 0;
  each_lane(running, [&](unsigned lane) {
    best = lowest ? std::min(best, warp.lane_pc[lane]) : std::max(best, warp.lane_pc[lane]);
  });
  Slice slice;
  warp.active = 0;
  warp.pc = best;
  each_lane(running, [&](unsigned lane) {
    if (warp.lane_pc[lane] == best) {
      warp.active |= 1u << lane;
    } else if (lowest) {
      slice.pc_limit = std::min(slice.pc_limit, warp.lane_pc[lane]);
    }
  });
  return slice;
}

Slice choose_lanes(Warp& warp, std::uint32_t running) {
  constexpr std::uint64_t kLongestRandomRun = 64;
  LaunchState& launch = warp.block->launch;
  switch (launch.options.schedule.lanes) {
    case LaneOrder::kLowestPc:
      return choose_by_pc(warp, running, true);
    case LaneOrder::kHighestPc:
      return choose_by_pc(warp, running, false);
    case LaneOrder::kSerial:
      choose_one(warp, running, 0);
      return {};
    case LaneOrder::kRandom: {
      const auto count = static_cast<std::uint64_t>(std::popcount(running));
      choose_one(warp, running, static_cast<unsigned>(launch.random() % count));
      Slice slice;
      slice.steps = 1 + launch.random() % kLongestRandomRun;
      return slice;
    }
  }
  return {};
}

/// One instruction that does not move the pc, under its guard.
void run_straight(Warp& warp, const Instruction& i) {
  const std::uint32_t everyone = warp.active;
  if (i.guard != kNoSource) {
    warp.require_defined(i, i.guard, "a guard depends on a never-written value");
    const std::uint32_t holds = true_lanes(warp.words(i.guard), everyone);
    warp.active = i.guard_negated ? everyone & ~holds : holds;
  }
  if (warp.active != 0) {
    if (i.flow == Flow::kPlain) {
      const std::uint32_t clean = warp.defined[i.a] & warp.defined[i.b] & warp.defined[i.c];
      warp.set_defined(i.to, warp.active, clean);
    }
    i.run(warp, i);
  }
  warp.active = everyone;
  ++warp.pc;
}

void run_slice(Warp& warp, const Slice& slice) {
  LaunchState& launch = warp.block->launch;
  const Instruction* const code = launch.module.code.data();
  const auto width = static_cast<std::uint64_t>(std::popcount(warp.active));
  const std::uint64_t spent = launch.statistics.thread_instructions;
  const std::uint64_t budget = launch.options.instruction_budget;
  const std::uint64_t affordable = (budget - std::min(budget, spent)) / width;
  const std::uint64_t most = std::min(slice.steps, affordable);
  const std::uint32_t everyone = warp.active;
  std::uint64_t steps = 0;
  warp.regroup = false;
  while (!warp.regroup && steps < most && warp.pc < slice.pc_limit) {
    const Instruction& i = code[warp.pc];
    ++steps;
    if (i.flow == Flow::kControl) {
      i.run(warp, i);
    } else {
      run_straight(warp, i);
    }
  }
  launch.statistics.thread_instructions += steps * width;
  launch.statistics.warp_instructions += steps;
  if (!warp.regroup) {
    each_lane(everyone, [&](unsigned lane) { warp.lane_pc[lane] = warp.pc; });
    if (most == affordable && steps == most) {
      warp.fail(FaultKind::kBudget, code[warp.pc], std::countr_zero(everyone),
                "the instruction budget is spent");
    }
  }
}

}  // namespace

void Warp::fail(FaultKind kind, const Instruction& instruction, unsigned lane,
                std::string_view what, std::uint64_t detail) {
  regroup = true;
  LaunchState& launch = block->launch;
  if (launch.fault) return;
  const auto at = static_cast<std::uint32_t>(&instruction - launch.module.code.data());
  char place[160];
  std::snprintf(place, sizeof place, " [block %u,%u,%u warp %u lane %u detail 0x%llx]",
                block->index.x, block->index.y, block->index.z, index, lane,
                static_cast<unsigned long long>(detail));
  launch.fault = Fault{kind, std::string(fault_name(kind)) + ": " + std::string(what) +
                                 ": PTX line " + std::to_string(instruction.line) + " " +
                                 std::string(launch.module.opcode(at)) + place};
}

std::uint32_t true_lanes(const std::uint32_t* predicate, std::uint32_t who) {
  std::uint32_t result = 0;
  for (unsigned lane = 0; lane < kLanes; ++lane) result |= (predicate[lane] & 1) << lane;
  return result & who;
}

void run_warp(Warp& warp) {
  LaunchState& launch = warp.block->launch;
  while (!launch.fault) {
    const std::uint32_t waiting = lanes_in(warp, LaneState::kAtWarpSync);
    if (waiting != 0 && complete_warp_sync(warp, waiting)) continue;
    if (launch.fault) return;
    const std::uint32_t running = lanes_in(warp, LaneState::kRunning);
    if (running == 0) {
      if (waiting == 0) return;
      const auto lane = static_cast<unsigned>(std::countr_zero(waiting));
      warp.fail(FaultKind::kDeadlock, launch.module.code[warp.lane_pc[lane]], lane,
                "lanes wait at a warp synchronisation that the others never reach",
                warp.member_mask[lane]);
      return;
    }
    run_slice(warp, choose_lanes(warp, running));
  }
}

}  // namespace buri::ptx
