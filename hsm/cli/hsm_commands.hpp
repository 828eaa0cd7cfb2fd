#pragma once

#include <CLI/CLI.hpp>

/// `buri hsm list|inspect|test|soft-token`: what a module, a token and a key are like, before an
/// institution trusts them with a validator. Signs typed probe messages only.

namespace buri::hsm::cli {

/// What the verbs return to the shell, as the other verbs of `buri` do.
inline constexpr int kExitOk = 0;
inline constexpr int kExitRefused = 1;   ///< everything was read, and the key may not be used
inline constexpr int kExitUnusable = 2;  ///< module, token, PIN or command line could not be used

/// Adds the verbs; the one that was chosen leaves its verdict in `exit_code`.
void add_hsm_commands(CLI::App& app, int& exit_code);

}  // namespace buri::hsm::cli
