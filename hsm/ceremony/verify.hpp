#pragma once

#include <string>

#include "hsm/ceremony/run.hpp"

/// Checks a ceremony's folder without any device: every hash, every signature, every paper made
/// again from the records, every record against the others.

namespace buri::hsm::ceremony {

/// The first artefact that does not fit.
struct Misfit {
  std::string artefact;  ///< a path in the folder
  std::string expected;
  std::string found;
};

/// "ARTEFACT: expected EXPECTED, found FOUND".
std::string describe(const Misfit& misfit);

struct VerifyOptions {
  /// Participants with a signing key must have signed the manifest.
  bool signatures = true;
};

/// What fits.
struct VerifyReport {
  CeremonySummary summary;
  std::size_t files = 0;
  std::size_t transcript_lines = 0;
  std::size_t signatures = 0;
  std::size_t drills_done = 0;
  std::size_t drills_failed = 0;  ///< failed or interrupted
};

/// Checks in the order manifest, files, plan, script, transcript, device, custody, backup, key,
/// attributes, proof, retirement, papers, signatures, drills.
Result<VerifyReport, Misfit> verify_ceremony(Store& store, const VerifyOptions& options);

}  // namespace buri::hsm::ceremony
