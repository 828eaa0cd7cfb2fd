#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "hsm/ceremony/answers.hpp"
#include "hsm/ceremony/device.hpp"
#include "hsm/ceremony/store.hpp"

/// Holding a ceremony: from a plan in a folder to a manifest in the same folder, step by step, each
/// of which can be interrupted by anything and done again.

namespace buri::hsm::ceremony {

class ShareDelivery;

/// Everything a ceremony needs from outside. All pointers outlive the call.
struct CeremonyTools {
  const Clock* clock = nullptr;
  Random* random = nullptr;
  Answerer* answerer = nullptr;
  ShareDelivery* shares = nullptr;
  std::ostream* console = nullptr;
  PinReaders pins;
  std::string worker_program;  ///< path of buri-hsm
  Hash256 program_sha256;      ///< of the running program
  std::function<void()> settle = settle_disks;
  std::chrono::seconds fresh_process_limit{30};  ///< to read the token in a fresh process
};

/// What to read aloud at the end.
struct CeremonySummary {
  std::string ceremony_id;
  std::string address;
  Hash256 transcript_head;
  Hash256 manifest_sha256;
};

enum class Entry : std::uint8_t { kRun, kResume };

/// Writes plan.json and the script. REQUIRES: an empty folder.
Status<Reason> write_plan(Store& store, const Plan& plan);

/// Holds the ceremony whose plan is in `store`, from the beginning or from the first step that is
/// not done. An error says whether it can be resumed; nothing half-written is left either way.
Result<CeremonySummary, Reason> hold_ceremony(Store& store, const CeremonyTools& tools,
                                              Entry entry);

/// SHA-256 of a file of any size.
Result<Hash256, Reason> file_sha256(const std::string& path);

}  // namespace buri::hsm::ceremony
