#pragma once

#include <cstdint>

#include "tests/sim/hsm/report.hpp"

/// One or two signers of one key in a world where everything fails that can: the signer's own core,
/// rules, sign-state and audit log, over a simulated disk, fence, device and clock.

namespace buri::hsm::sim {

struct WorldOptions {
  std::uint64_t seed = 0;
  bool is_fenced = false;  ///< two signers and a fence; else one signer and its disk
};

/// Plays one schedule.
Report play(const WorldOptions& options);

}  // namespace buri::hsm::sim
