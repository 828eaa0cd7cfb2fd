#include <iostream>

#include "node/app/config_reader.hpp"
#include "node/app/config_writer.hpp"
#include "node/cli/commands.hpp"
#include "node/cli/config_import.hpp"
#include "node/cli/finish_verb.hpp"

namespace buri::cli {
namespace {

struct ConfigArguments {
  std::string file;
  bool uses_defaults = false;
  bool as_json = false;
};

AnswerResult check(const ConfigArguments& arguments) {
  const auto config = app::read_config(arguments.file);
  if (!config.ok()) return Failure{config.error()};
  Answer answer;
  answer.facts["file"] = arguments.file;
  answer.facts["verdict"] = "every setting is known and in bounds";
  answer.facts["signs_by"] = !config->signer.socket.empty() ? "buri-signer"
                             : config->signer.is_observer() ? "nothing: an observer"
                                                            : "A DEVELOPMENT KEY IN A PLAIN FILE";
  return answer;
}

int show(const ConfigArguments& arguments) {
  if (arguments.uses_defaults == !arguments.file.empty()) {
    std::cerr << "buri config show: expected a file or --defaults, found "
              << (arguments.uses_defaults ? "both" : "neither") << "; name one of them\n";
    return kExitUnusable;
  }
  app::Config config;
  if (!arguments.uses_defaults) {
    const auto read = app::read_config(arguments.file);
    if (!read.ok()) {
      std::cerr << "buri config show: " << read.error() << "\n";
      return kExitUnusable;
    }
    config = *read;
  }
  if (arguments.as_json) {
    std::cout << boost::json::serialize(app::config_json(config)) << "\n";
  } else {
    std::cout << app::config_toml(config);
  }
  return kExitOk;
}

}  // namespace

void add_config_commands(CLI::App& app, int& exit_code) {
  CLI::App* config = app.add_subcommand("config", "The settings of burid (docs/configuration.md)");
  config->require_subcommand(1);
  CLI::App* checked =
      config->add_subcommand("check", "Reads a buri.toml as strictly as burid does");
  auto arguments = std::make_shared<ConfigArguments>();
  checked->add_option("FILE", arguments->file, "The file, HOME/config/buri.toml")->required();
  finish_verb(*checked, "config check", arguments, check, exit_code);
  CLI::App* imported = config->add_subcommand(
      "import",
      "Makes a home of burid from that of a heimdalld: settings, node key, address book, genesis. "
      "Overwrites nothing.\nExample: buri config import --stock-home /var/lib/heimdall --home "
      "/var/lib/buri");
  auto import_arguments = std::make_shared<ConfigImportArguments>();
  imported->add_option("--stock-home", import_arguments->stock_home, "The folder of heimdalld")
      ->required();
  imported->add_option("--home", import_arguments->home, "That of burid; may be the same")
      ->required();
  finish_verb(*imported, "config import", import_arguments, import_stock_config, exit_code);
  CLI::App* shown = config->add_subcommand("show", "Prints all settings with what they mean");
  auto show_arguments = std::make_shared<ConfigArguments>();
  shown->add_option("FILE", show_arguments->file, "The file whose values are to be printed");
  shown->add_flag("--defaults", show_arguments->uses_defaults, "The values of an empty file");
  shown->add_flag("--json", show_arguments->as_json,
                  "Print one JSON object; addresses that may hold secrets are hidden");
  shown->callback([show_arguments, &exit_code] { exit_code = show(*show_arguments); });
}

}  // namespace buri::cli
