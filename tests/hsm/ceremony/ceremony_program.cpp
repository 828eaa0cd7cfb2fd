#include "hsm/cli/ceremony_commands.hpp"

/// The verbs of `buri ceremony` alone, so that tests start them as processes without the node.

int main(int argc, char** argv) {
  CLI::App app("Ceremonies");
  int exit_code = 0;
  buri::hsm::cli::add_ceremony_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exit_code;
}
