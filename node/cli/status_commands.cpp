#include <filesystem>
#include <iostream>
#include <memory>

#include "node/app/config_reader.hpp"
#include "node/cli/commands.hpp"
#include "node/cli/status_lines.hpp"
#include "node/cli/status_machine.hpp"
#include "node/cli/status_node.hpp"
#include "node/cli/status_signer.hpp"
#include "node/protocol/json_rpc/http_transport.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
using protocol::json_rpc::HttpTransport;

struct StatusArguments {
  std::string home;
  std::string node;     ///< the RPC's address
  std::string network;  ///< that of another node
  std::string signer_admin = "/run/buri-signer/admin.sock";
  bool as_json = false;
};

/// The address at which a service that listens there is reached from this machine.
std::string local_url(const app::ListenAddress& listen) {
  const bool is_any = listen.host == "0.0.0.0" || listen.host == "::";
  const app::ListenAddress reached{is_any ? "127.0.0.1" : listen.host, listen.port};
  return "http://" + reached.to_text();
}

Result<json::object, std::string> ask(std::string address, std::string_view option) {
  constexpr std::string_view kTcp = "tcp://";  // as stock's --node has it
  if (address.starts_with(kTcp)) address = "http://" + address.substr(kTcp.size());
  const auto url = protocol::endpoints::parse_url(address);
  if (!url.ok()) {
    return Failure{std::string(option) +
                   ": expected an address such as http://127.0.0.1:26657, found another text"};
  }
  ASSIGN_OR_RETURN(const auto transport, HttpTransport::create({*url}, {}, system_clock()));
  return ask_node(*transport, system_clock());
}

Result<app::Config, std::string> settings_of(const std::string& home) {
  const std::string path = app::home_path(home, std::string(app::kConfigFile));
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return app::Config{};
  return app::read_config(path);
}

Result<json::object, std::string> report(const StatusArguments& arguments) {
  if (arguments.home.empty() && arguments.node.empty()) {
    return Failure{std::string("expected --home or --node, found neither; name one of them")};
  }
  const bool has_home = !arguments.home.empty();
  app::Config config;
  if (has_home) {
    ASSIGN_OR_RETURN(config, settings_of(arguments.home));
  }
  json::object report{{"buri_version", BURI_VERSION}};
  json::object node;
  if (!arguments.node.empty()) {
    ASSIGN_OR_RETURN(node, ask(arguments.node, "--node"));
  } else if (config.rpc.listen) {
    ASSIGN_OR_RETURN(node, ask(local_url(*config.rpc.listen), "rpc.listen"));
  } else {
    node = unavailable("rpc.listen is empty, so burid answers nobody: set it.");
  }
  std::optional<json::object> network;
  if (!arguments.network.empty()) {
    ASSIGN_OR_RETURN(network, ask(arguments.network, "--network"));
  }
  report["lag"] = lag_of(node, network ? &*network : nullptr);
  if (has_home) {
    report["signer"] = ask_signer(config.signer, arguments.signer_admin);
    report["accelerators"] = ask_accelerators(config.metrics);
    const std::string data = app::home_path(arguments.home, config.files.data_directory);
    report["disk"] = look_at_disk(data, config.storage, node);
  } else {
    for (const char* part : {"signer", "accelerators", "disk"}) {
      report[part] = unavailable("Name the node's home with --home, on the machine where it runs.");
    }
  }
  report["node"] = std::move(node);
  return report;
}

int show(const StatusArguments& arguments) {
  const auto found = report(arguments);
  if (!found.ok()) {
    std::cerr << "buri status: " << found.error() << "\n";
    return kExitUnusable;
  }
  if (arguments.as_json) {
    std::cout << json::serialize(*found) << "\n";
  } else {
    for (const std::string& line : status_lines(*found)) std::cout << line << "\n";
  }
  return is_available(found->at("node").as_object()) ? kExitOk : kExitInvalid;
}

}  // namespace

void add_status_commands(CLI::App& app, int& exit_code) {
  CLI::App* status = app.add_subcommand(
      "status",
      "How a node fares: heights, peers, lag, validator, signer, HSM, accelerators, disk "
      "(docs/operating.md). Exit 0 if it answers, 1 if not.\n"
      "Examples: buri status --home /var/lib/buri\n"
      "          buri status --node http://10.0.0.7:26657 --json");
  auto arguments = std::make_shared<StatusArguments>();
  status->add_option("--home", arguments->home, "The node's folder, for its settings and data");
  status->add_option("--node", arguments->node,
                     "The address of its RPC; without: rpc.listen of the home's settings");
  status->add_option("--network", arguments->network,
                     "The RPC of another node of the chain, to compare heights");
  status->add_option("--signer-admin", arguments->signer_admin, "The signer's admin socket")
      ->capture_default_str();
  status->add_flag("--json", arguments->as_json, "Print one JSON object");
  status->callback([arguments, &exit_code] { exit_code = show(*arguments); });
}

}  // namespace buri::cli
