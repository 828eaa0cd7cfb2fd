#pragma once

#include <string>
#include <vector>

/// What the verbs of `buri ceremony` do. Each prints its result, with `as_json` one JSON object
/// alone on standard output, and returns the exit code.

namespace buri::hsm::cli {

struct CeremonyPlanOptions {
  std::string draft;  ///< file; empty: the example is printed
  std::string out;    ///< folder to make
  bool as_json = false;
};
int run_ceremony_plan(const CeremonyPlanOptions& options);

struct CeremonyDryRunOptions {
  std::string draft;  ///< file; empty: the example
  std::string out;
  std::string answers;  ///< file; empty: answers of a rehearsal
  std::string worker_program;
  bool as_json = false;
};
int run_ceremony_dry_run(const CeremonyDryRunOptions& options);

/// Where people and secrets are.
struct CeremonyInput {
  std::string answers;  ///< file; empty: typed
  std::string officer_pin = "terminal";
  std::string user_pin = "terminal";
  bool ignore_pin_flags = false;
};

struct CeremonyHoldOptions {
  std::string folder;
  CeremonyInput input;
  std::string share_folder;  ///< empty: shares are shown on the terminal
  std::string worker_program;
  bool resumes = false;
  bool as_json = false;
};
int run_ceremony_hold(const CeremonyHoldOptions& options);

struct CeremonyVerifyOptions {
  std::string folder;
  bool without_signatures = false;
  bool as_json = false;
};
int run_ceremony_verify(const CeremonyVerifyOptions& options);

struct CeremonyDrillOptions {
  std::string folder;
  CeremonyInput input;
  std::string device_uri;
  std::string profile;
  std::vector<std::string> shares;  ///< files; empty: typed
  bool keep_key = false;
  bool as_json = false;
};
int run_ceremony_drill(const CeremonyDrillOptions& options);

}  // namespace buri::hsm::cli
