#include <CLI/CLI.hpp>

#include "hsm/cli/ceremony_commands.hpp"
#include "hsm/cli/hsm_commands.hpp"
#include "hsm/cli/signer_commands.hpp"
#include "node/cli/commands.hpp"

/// `buri`: the verbs an operator types. It holds no state and no secret.

int main(int argc, char** argv) {
  CLI::App app(
      "Buri, a Polygon PoS validator node: checks of real chain data and of this machine.\n"
      "Example: buri verify");
  app.name("buri");
  app.require_subcommand(1);
  int exit_code = buri::cli::kExitOk;
  buri::cli::add_verify_commands(app, exit_code);
  buri::cli::add_accel_commands(app, exit_code);
  buri::cli::add_config_commands(app, exit_code);
  buri::cli::add_consensus_commands(app, exit_code);
  buri::cli::add_devnet_commands(app, exit_code);
  buri::cli::add_execution_commands(app, exit_code);
  buri::cli::add_light_commands(app, exit_code);
  buri::cli::add_status_commands(app, exit_code);
  buri::hsm::cli::add_hsm_commands(app, exit_code);
  buri::hsm::cli::add_signer_commands(app, exit_code);
  buri::hsm::cli::add_ceremony_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 reports a broken command line by throwing; --help arrives the same way.
    return app.exit(error) == 0 ? buri::cli::kExitOk : buri::cli::kExitUnusable;
  }
  return exit_code;
}
