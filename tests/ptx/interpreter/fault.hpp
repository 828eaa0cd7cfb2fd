#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What can be wrong with a kernel, as the interpreter reports it.

namespace buri::ptx {

/// The rule a kernel broke. A fault ends the launch; memory written before it stays written.
enum class FaultKind : std::uint8_t {
  kOutOfBounds,         ///< access outside every allocation, array or window
  kMisaligned,          ///< address is no multiple of the access size
  kUninitialised,       ///< a never-written value decides a branch or address, or leaves the block
  kCarryWithoutSetter,  ///< addc, subc or madc with no instruction that set CC.CF before it
  kSharedRace,          ///< unordered accesses to one shared byte, at least one of them a write
  kGlobalRace,          ///< the same for global memory, within a block or across blocks
  kDivergentBarrier,    ///< threads of a block wait at different barriers, or some have exited
  kLaneMask,            ///< a member mask omits its executing lane or names a lane that is gone
  kInactiveSource,      ///< a shuffle reads a lane that does not take part
  kDeadlock,            ///< every thread waits and no wait can end
  kBudget,              ///< more instructions than the launch was given: a livelock
  kTrap,                ///< trap was executed, or brx.idx left its table
  kBadLaunch,           ///< unknown kernel, wrong arguments, impossible grid
};

/// Lower-case name of a kind, for reports: "shared_race".
std::string_view fault_name(FaultKind kind);

/// One broken rule and where: PTX line, opcode, block, warp, lane and address.
struct Fault {
  FaultKind kind = FaultKind::kBadLaunch;
  std::string text;
};

}  // namespace buri::ptx
