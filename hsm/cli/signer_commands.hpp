#pragma once

#include <CLI/CLI.hpp>

/// `buri signer ...`: what an operator does to a signer, running or not.

namespace buri::hsm::cli {

/// Adds the verbs; the one that was chosen leaves its verdict in `exit_code` (hsm_commands.hpp).
void add_signer_commands(CLI::App& app, int& exit_code);

}  // namespace buri::hsm::cli
