#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hsm/ceremony/run.hpp"
#include "hsm/ceremony/threshold.hpp"

/// A restore drill: shares, backup file and a second device must give a key that signs as the same
/// address. Each drill is a folder of its own below the ceremony's, with transcript and manifest;
/// its transcript begins with the hash of the ceremony's manifest.

namespace buri::hsm::ceremony {

struct DrillTools {
  const Clock* clock = nullptr;
  Random* random = nullptr;
  Answerer* answerer = nullptr;
  std::ostream* console = nullptr;
  PinReaders pins;
  /// Gives that many shares, from custodians or files.
  std::function<Result<std::vector<Secret>, Reason>(unsigned count)> collect_shares;
  std::function<void()> settle = settle_disks;
};

struct DrillPlan {
  PlannedDevice device;   ///< the second device
  bool keep_key = false;  ///< leave the key on it for good, as a standby
};

struct DrillSummary {
  std::string folder;  ///< "drills/001"
  std::string address;
};

/// Holds a drill. A failed drill is recorded as failed and is an error; one that an earlier crash
/// cut off is first recorded as interrupted. No key-encryption key is left on the device either
/// way.
Result<DrillSummary, Reason> hold_drill(Store& store, const DrillTools& tools,
                                        const DrillPlan& wanted);

}  // namespace buri::hsm::ceremony
