#include "tests/ptx/interpreter/fault.hpp"

#include "base/check.hpp"

namespace buri::ptx {

std::string_view fault_name(FaultKind kind) {
  switch (kind) {
    case FaultKind::kOutOfBounds:
      return "out_of_bounds";
    case FaultKind::kMisaligned:
      return "misaligned";
    case FaultKind::kUninitialised:
      return "uninitialised";
    case FaultKind::kCarryWithoutSetter:
      return "carry_without_setter";
    case FaultKind::kSharedRace:
      return "shared_race";
    case FaultKind::kGlobalRace:
      return "global_race";
    case FaultKind::kDivergentBarrier:
      return "divergent_barrier";
    case FaultKind::kLaneMask:
      return "lane_mask";
    case FaultKind::kInactiveSource:
      return "inactive_source";
    case FaultKind::kDeadlock:
      return "deadlock";
    case FaultKind::kBudget:
      return "budget";
    case FaultKind::kTrap:
      return "trap";
    case FaultKind::kBadLaunch:
      return "bad_launch";
  }
  CHECK(false, "a FaultKind outside its enumerators");
}

}  // namespace buri::ptx
