#pragma once

#include <CLI/CLI.hpp>

/// The verbs of `buri`, one file each. A verb adds its subcommands and options to the application
/// and, when it was chosen and has run, leaves its verdict in `exit_code`.

namespace buri::cli {

/// What every verb returns to the shell.
inline constexpr int kExitOk = 0;
inline constexpr int kExitInvalid = 1;   ///< the input was read, and found false
inline constexpr int kExitUnusable = 2;  ///< the input or the command line could not be used

/// `buri accel info|selftest|bench`.
void add_accel_commands(CLI::App& app, int& exit_code);
/// `buri config check|import|show`.
void add_config_commands(CLI::App& app, int& exit_code);
/// `buri consensus replay` and those of add_genesis_commands(), add_snapshot_commands() and
/// add_upkeep_commands().
void add_consensus_commands(CLI::App& app, int& exit_code);
/// `buri devnet up|down|status|logs|kill|start|sources`.
void add_devnet_commands(CLI::App& app, int& exit_code);
/// `buri execution replay` and those of add_execution_upkeep_commands().
void add_execution_commands(CLI::App& app, int& exit_code);
/// Below `buri execution`: `init`, `import`, `export`, `rewind`, `prune`, `verify-state`,
/// `inspect block|tx|account|storage|trie`.
void add_execution_upkeep_commands(CLI::App& execution, int& exit_code);
/// Below `buri consensus`: `init`, `export`, `migrate`.
void add_genesis_commands(CLI::App& consensus, int& exit_code);
/// `buri light verify`.
void add_light_commands(CLI::App& app, int& exit_code);
/// Below `buri consensus`: `snapshot export|import`.
void add_snapshot_commands(CLI::App& consensus, int& exit_code);
/// Below `buri consensus`: `rollback`, `prune`, `inspect store|key|tx|ve`.
void add_upkeep_commands(CLI::App& consensus, int& exit_code);
/// `buri status`.
void add_status_commands(CLI::App& app, int& exit_code);
/// `buri verify [commit|proof|checkpoint]`.
void add_verify_commands(CLI::App& app, int& exit_code);

}  // namespace buri::cli
