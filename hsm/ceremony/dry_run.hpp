#pragma once

#include <optional>
#include <string>

#include "hsm/ceremony/run.hpp"
#include "hsm/ceremony/verify.hpp"

/// A rehearsal: the whole ceremony, signatures of the participants, a restore drill and the check
/// of everything, on two temporary SoftHSM tokens that are gone afterwards.

namespace buri::hsm::ceremony {

struct DryRunOptions {
  PlanDraft draft;                    ///< its device is replaced by a temporary token
  std::optional<AnswerBook> answers;  ///< of ceremony and drill; absent: rehearsal_answers()
  std::string module_path = "/usr/lib/softhsm/libsofthsm2.so";
  std::string worker_program;
  Hash256 program_sha256;
  const Clock* clock = nullptr;
  Random* random = nullptr;
  std::ostream* console = nullptr;
};

/// Holds the rehearsal into the folder `out`, which is made or must be empty. Sets SOFTHSM2_CONF of
/// this process, so it can be called once and before any other module is loaded.
Result<VerifyReport, Reason> dry_run(const std::string& out, const DryRunOptions& options);

/// An answer for every prompt of ceremony and drill.
AnswerBook rehearsal_answers(const Plan& plan);

}  // namespace buri::hsm::ceremony
