#include "tests/ptx/interpreter/launch.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>

#include "tests/ptx/interpreter/access.hpp"

namespace buri::ptx {
namespace {

/// Alignment of the dynamic shared memory behind the static arrays.
constexpr std::uint32_t kDynamicAlignment = 128;

std::uint32_t static_shared_bytes(const Module& module) {
  const std::uint32_t bytes = module.shared_layout.size();
  return (bytes + kDynamicAlignment - 1) / kDynamicAlignment * kDynamicAlignment;
}

/// Writes the preset registers and the kernel's arguments, which no instruction changes.
void prepare(Warp& warp, const Module& module, const Function& kernel,
             const LaunchRequest& request) {
  warp.registers.resize(module.register_units);
  for (const Preset& preset : module.presets) {
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      if (preset.bytes == 8) {
        warp.lanes<std::uint64_t>(preset.unit)[lane] = preset.value;
      } else {
        warp.words(preset.unit)[lane] = static_cast<std::uint32_t>(preset.value);
      }
    }
  }
  warp.private_words.assign(module.private_layout.size() / 4 * kLanes + kLanes, 0xa5a5a5a5u);
  for (std::size_t k = 0; k < kernel.parameters.size(); ++k) {
    const ByteView argument = request.arguments[k];
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      for (std::uint32_t byte = 0; byte < argument.size(); ++byte) {
        store_private(warp, lane, kernel.parameters[k].address + byte, 1, argument[byte]);
      }
    }
  }
}

/// Makes everything but presets and arguments undefined again and sends every lane to the entry.
void enter(Warp& warp, const Module& module, const Function& kernel) {
  warp.defined.assign(module.register_units, 0);
  warp.defined[kNoSource] = kAllLanes;
  for (const Preset& preset : module.presets) warp.defined[preset.unit] = kAllLanes;
  warp.private_defined.assign(module.private_layout.size() + 8, 0);
  for (const Variable& parameter : kernel.parameters) {
    std::fill_n(warp.private_defined.begin() + static_cast<std::ptrdiff_t>(parameter.address),
                parameter.bytes, kAllLanes);
  }
  warp.lane_pc.fill(kernel.entry);
  warp.lane_state.fill(LaneState::kRunning);
  warp.carry_set = 0;
  warp.sync_epoch = 0;
}

/// Releases a block whose threads all wait at one barrier; false when the block has ended. Anything
/// between is a fault.
bool pass_barrier(Block& block, std::vector<Warp>& warps) {
  Warp* waiting_warp = nullptr;
  unsigned waiting_lane = 0;
  bool any_exited = false;
  bool all_same = true;
  for (Warp& warp : warps) {
    each_lane(warp.existing, [&](unsigned lane) {
      if (warp.lane_state[lane] == LaneState::kExited) {
        any_exited = true;
        return;
      }
      if (waiting_warp == nullptr) {
        waiting_warp = &warp;
        waiting_lane = lane;
      }
      all_same = all_same && warp.lane_pc[lane] == waiting_warp->lane_pc[waiting_lane] &&
                 warp.barrier[lane] == waiting_warp->barrier[waiting_lane];
    });
  }
  if (waiting_warp == nullptr) return false;
  if (any_exited || !all_same) {
    waiting_warp->fail(FaultKind::kDivergentBarrier,
                       block.launch.module.code[waiting_warp->lane_pc[waiting_lane]], waiting_lane,
                       any_exited ? "some threads of the block have exited before this barrier"
                                  : "threads of the block wait at different barriers");
    return false;
  }
  for (Warp& warp : warps) {
    each_lane(warp.existing, [&](unsigned lane) {
      warp.lane_state[lane] = LaneState::kRunning;
      ++warp.lane_pc[lane];
    });
    warp.carry_set = 0;
  }
  block.epoch = block.launch.memory.next_epoch();
  return true;
}

void run_block(Block& block, std::vector<Warp>& warps, const Function& kernel) {
  LaunchState& launch = block.launch;
  block.begin = block.epoch = launch.memory.next_epoch();
  std::fill(block.shared.begin(), block.shared.end(), std::uint8_t{0xa5});
  std::fill(block.shared_defined.begin(), block.shared_defined.end(), std::uint8_t{0});
  for (Warp& warp : warps) enter(warp, launch.module, kernel);
  do {
    for (std::size_t k = 0; k < warps.size() && !launch.fault; ++k) {
      const bool reverse = launch.options.schedule.reverse_warps;
      run_warp(warps[reverse ? warps.size() - 1 - k : k]);
    }
  } while (!launch.fault && pass_barrier(block, warps));
}

std::vector<std::uint64_t> block_order(LaunchState& launch) {
  std::vector<std::uint64_t> order(launch.grid.volume());
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  if (launch.options.schedule.random_blocks) {
    std::shuffle(order.begin(), order.end(), launch.random);
  }
  return order;
}

/// Why a request cannot be launched at all, or nothing.
std::string refusal(const Function* kernel, const LaunchRequest& request) {
  if (kernel == nullptr) return "no kernel named " + std::string(request.kernel);
  if (request.grid.volume() == 0 || request.block.volume() == 0 ||
      request.block.volume() > kMaxBlockThreads) {
    return "impossible grid or block size";
  }
  if (request.arguments.size() != kernel->parameters.size()) return "wrong number of arguments";
  for (std::size_t k = 0; k < request.arguments.size(); ++k) {
    if (request.arguments[k].size() != kernel->parameters[k].bytes) {
      return "argument " + std::to_string(k) + " has the wrong size";
    }
  }
  return {};
}

}  // namespace

Result<LaunchStatistics, Fault> launch(Module& module, GlobalMemory& memory,
                                       const LaunchRequest& request, const LaunchOptions& options) {
  const Function* kernel = module.find_kernel(request.kernel);
  if (std::string reason = refusal(kernel, request); !reason.empty()) {
    return Failure{Fault{FaultKind::kBadLaunch, "bad_launch: " + reason}};
  }
  for (const auto& variable : module.globals) memory.add(variable->data(), variable->size());
  LaunchState state{module,
                    memory,
                    options,
                    request.grid,
                    request.block,
                    std::mt19937_64(options.schedule.seed),
                    {},
                    memory.next_epoch(),
                    {}};
  const std::uint32_t static_bytes = static_shared_bytes(module);
  const std::uint32_t shared_bytes = static_bytes + request.dynamic_shared_bytes;
  Block block{state,
              {},
              0,
              0,
              std::vector<std::uint8_t>(shared_bytes),
              std::vector<std::uint8_t>(shared_bytes),
              static_bytes,
              RaceShadow(shared_bytes)};
  const auto threads = static_cast<std::uint32_t>(request.block.volume());
  std::vector<Warp> warps((threads + kLanes - 1) / kLanes);
  for (std::uint32_t k = 0; k < warps.size(); ++k) {
    const std::uint32_t lanes = std::min(kLanes, threads - k * kLanes);
    warps[k].block = &block;
    warps[k].index = k;
    warps[k].existing = lanes == kLanes ? kAllLanes : (1u << lanes) - 1;
    prepare(warps[k], module, *kernel, request);
  }
  for (const std::uint64_t place : block_order(state)) {
    if (state.fault) break;
    const std::uint64_t row = place / request.grid.x;
    block.index = {static_cast<std::uint32_t>(place % request.grid.x),
                   static_cast<std::uint32_t>(row % request.grid.y),
                   static_cast<std::uint32_t>(row / request.grid.y)};
    run_block(block, warps, *kernel);
  }
  if (state.fault) return Failure{std::move(*state.fault)};
  return state.statistics;
}

}  // namespace buri::ptx
