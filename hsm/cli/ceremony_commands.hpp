#pragma once

#include <CLI/CLI.hpp>

/// `buri ceremony plan|dry-run|run|resume|verify|drill-restore`: making a validator key in front of
/// witnesses, and checking later that it was done so (docs/ceremony.md).

namespace buri::hsm::cli {

/// Adds the verbs; the one that was chosen leaves its verdict in `exit_code` (hsm_commands.hpp).
void add_ceremony_commands(CLI::App& app, int& exit_code);

}  // namespace buri::hsm::cli
