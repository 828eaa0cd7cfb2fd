#include <unistd.h>

#include <charconv>
#include <fstream>
#include <iostream>
#include <thread>

#include "node/cli/commands.hpp"
#include "node/devnet/control.hpp"
#include "node/devnet/folder.hpp"
#include "node/devnet/session.hpp"
#include "node/devnet/traffic.hpp"
#include "node/devnet/view.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
using devnet::Layout;

constexpr std::chrono::seconds kWordPatience{60};
constexpr std::chrono::milliseconds kGlance{200};

int refuse(std::string_view verb, const std::string& reason) {
  std::cerr << "buri devnet " << verb << ": " << reason << "\n";
  return kExitUnusable;
}

void add_home(CLI::App& verb, std::string& home) {
  verb.add_option("--home", home, "The devnet's folder")->capture_default_str();
}

/// A word to the process that runs the devnet.
Result<json::object, std::string> ask(const std::string& home, const json::object& question) {
  return devnet::ask_devnet(Layout(home).control(), question, kWordPatience);
}

void add_up(CLI::App& group, const std::string& home, int& exit_code) {
  auto options = std::make_shared<devnet::SessionOptions>();
  auto folder = std::make_shared<std::string>(home);
  auto is_detached = std::make_shared<bool>(false);
  CLI::App* verb = group.add_subcommand(
      "up",
      "Makes a network where there is none, runs it and shows it until Ctrl-C or `buri devnet "
      "down`. Where output is no terminal it prints a line every five seconds.\n"
      "Examples: buri devnet up --validators 4\n"
      "          buri devnet up --fresh --heights 30 --json");
  add_home(*verb, *folder);
  verb->add_option("--validators", options->network.validators, "How many")
      ->check(CLI::Range(std::size_t{1}, devnet::kMaxValidators))
      ->capture_default_str();
  verb->add_option("--heights", options->heights, "End after so many heights; 0: when told")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--chain-id", options->network.chain_id, "Of a new network")
      ->capture_default_str();
  verb->add_option("--commit-timeout-ms", options->commit_timeout_ms,
                   "From a decision to the next height")
      ->check(CLI::Range(0, 60'000))
      ->capture_default_str();
  verb->add_flag("--fresh", options->is_fresh, "Replace the network that the folder holds");
  verb->add_flag("--development-keys", options->network.uses_development_keys,
                 "Keys in plain files instead of SoftHSM tokens behind buri-signer");
  verb->add_flag("--json", options->as_json, "One JSON object when it is ready, one at the end");
  verb->add_flag("--detach", *is_detached,
                 "Go on in the background and return when it is ready; its words are in up.log");
  verb->callback([=, &exit_code] {
    options->root = *folder;
    options->is_terminal = !*is_detached && ::isatty(STDOUT_FILENO) == 1;
    const auto ran = *is_detached ? devnet::run_detached(*options, std::cout)
                                  : devnet::run_session(*options, std::cout);
    exit_code = ran.ok() ? kExitOk : refuse("up", ran.error());
  });
}

void add_down(CLI::App& group, const std::string& home, int& exit_code) {
  auto folder = std::make_shared<std::string>(home);
  CLI::App* verb = group.add_subcommand(
      "down", "Ends the network and returns when its processes are gone; its folder stays");
  add_home(*verb, *folder);
  verb->callback([=, &exit_code] {
    const auto asked = ask(*folder, {{"do", "down"}});
    if (!asked.ok()) return void(exit_code = refuse("down", asked.error()));
    const auto ended = devnet::await_free_folder(Layout(*folder), kWordPatience);
    exit_code = ended.ok() ? kExitOk : refuse("down", ended.error());
  });
}

void add_status(CLI::App& group, const std::string& home, int& exit_code) {
  auto folder = std::make_shared<std::string>(home);
  auto as_json = std::make_shared<bool>(false);
  CLI::App* verb =
      group.add_subcommand("status", "Heights, rounds, peers and signers of all validators");
  add_home(*verb, *folder);
  verb->add_flag("--json", *as_json, "Print one JSON object");
  verb->callback([=, &exit_code] {
    const auto status = ask(*folder, {{"do", "status"}});
    if (!status.ok()) return void(exit_code = refuse("status", status.error()));
    if (*as_json) {
      std::cout << json::serialize(*status) << "\n";
    } else {
      for (const std::string& line : devnet::status_lines(*status)) std::cout << line << "\n";
    }
    exit_code = kExitOk;
  });
}

void add_kill(CLI::App& group, const std::string& home, int& exit_code) {
  struct Arguments {
    std::string home;
    std::int64_t validator = 0;
    bool gracefully = false;
    std::string part = "node";
  };
  auto arguments = std::make_shared<Arguments>(Arguments{.home = home});
  CLI::App* verb = group.add_subcommand(
      "kill",
      "Ends a validator's node as a power cut would, or in order.\nExample: buri devnet kill 2");
  add_home(*verb, arguments->home);
  verb->add_option("validator", arguments->validator, "Its number, from 1")->required();
  verb->add_flag("--gracefully", arguments->gracefully, "SIGTERM instead of SIGKILL");
  verb->add_option("--part", arguments->part, "node, signer or both")
      ->check(CLI::IsMember({"node", "signer", "both"}))
      ->capture_default_str();
  verb->callback([=, &exit_code] {
    const auto done = ask(arguments->home, {{"do", "kill"},
                                            {"validator", arguments->validator},
                                            {"gracefully", arguments->gracefully},
                                            {"part", arguments->part}});
    exit_code = done.ok() ? kExitOk : refuse("kill", done.error());
  });
}

void add_start(CLI::App& group, const std::string& home, int& exit_code) {
  auto folder = std::make_shared<std::string>(home);
  auto validator = std::make_shared<std::int64_t>(0);
  CLI::App* verb = group.add_subcommand("start", "Starts what does not run of a validator");
  add_home(*verb, *folder);
  verb->add_option("validator", *validator, "Its number, from 1")->required();
  verb->callback([=, &exit_code] {
    const auto done = ask(*folder, {{"do", "start"}, {"validator", *validator}});
    exit_code = done.ok() ? kExitOk : refuse("start", done.error());
  });
}

void add_partition(CLI::App& group, const std::string& home, int& exit_code) {
  auto folder = std::make_shared<std::string>(home);
  auto groups = std::make_shared<std::string>();
  CLI::App* verb = group.add_subcommand(
      "partition",
      "Cuts the links between groups of validators until `heal` or another partition; those not "
      "named are one more group.\nExample: buri devnet partition '1,2|3,4'");
  add_home(*verb, *folder);
  verb->add_option("groups", *groups, "Numbers from 1")->required();
  verb->callback([=, &exit_code] {
    const auto done = ask(*folder, {{"do", "partition"}, {"groups", *groups}});
    exit_code = done.ok() ? kExitOk : refuse("partition", done.error());
  });
}

void add_heal(CLI::App& group, const std::string& home, int& exit_code) {
  auto folder = std::make_shared<std::string>(home);
  CLI::App* verb = group.add_subcommand("heal", "Mends all links between validators");
  add_home(*verb, *folder);
  verb->callback([=, &exit_code] {
    const auto done = ask(*folder, {{"do", "heal"}});
    exit_code = done.ok() ? kExitOk : refuse("heal", done.error());
  });
}

/// Prints a file and, if it is to be followed, what is added to it until the process is ended.
int print_log(const std::string& path, bool follows) {
  std::ifstream file(path);
  if (!file) return refuse("logs", path + " cannot be read; is that validator there?");
  for (;;) {
    for (std::string line; std::getline(file, line);) std::cout << line << "\n";
    std::cout << std::flush;
    if (!follows) return kExitOk;
    file.clear();
    std::this_thread::sleep_for(kGlance);
  }
}

void add_logs(CLI::App& group, const std::string& home, int& exit_code) {
  struct Arguments {
    std::string home;
    std::size_t validator = 0;
    bool follows = false;
    bool is_signers = false;
  };
  auto arguments = std::make_shared<Arguments>(Arguments{.home = home});
  CLI::App* verb = group.add_subcommand("logs", "What a validator's node has said");
  add_home(*verb, arguments->home);
  verb->add_option("validator", arguments->validator, "Its number, from 1")
      ->required()
      ->check(CLI::Range(std::size_t{1}, devnet::kMaxValidators));
  verb->add_flag("--follow", arguments->follows, "Go on until Ctrl-C");
  verb->add_flag("--signer", arguments->is_signers, "What its signer has said");
  verb->callback([=, &exit_code] {
    const auto paths = Layout(arguments->home).validator(arguments->validator);
    exit_code =
        print_log(arguments->is_signers ? paths.signer_log : paths.node_log, arguments->follows);
  });
}

void add_sources(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<devnet::SourceOptions>();
  CLI::App* verb = group.add_subcommand(
      "sources",
      "Serves the stand-ins for Ethereum (/l1) and Bor (/bor) alone, for a network put together by "
      "hand, until Ctrl-C.\n"
      "Example: buri devnet sources --port 19545 --rest-port 1317 --rest-port 1417");
  verb->add_option("--port", options->port, "Of 127.0.0.1; 0: any free one")->capture_default_str();
  verb->add_option("--rest-port", options->heimdall_rest_ports,
                   "REST of a Heimdall node on this machine, asked for spans; more than one may be "
                   "given")
      ->required();
  verb->add_option("--bor-file", options->bor_file, "Where Bor's chain is kept over a restart");
  verb->add_option("--root-chain-file", options->root_chain_file,
                   "Where the root chain's start and checkpoints are kept over a restart");
  verb->add_option("--validators", options->validators,
                   "In the network's genesis, with ids from 1: those whose stake changes")
      ->check(CLI::Range(std::size_t{1}, devnet::kMaxValidators))
      ->capture_default_str();
  verb->add_option("--start-time", options->start_time_s,
                   "Unix seconds at which both chains began; 0: now");
  verb->callback([=, &exit_code] {
    const auto ran = devnet::run_sources(*options, std::cout);
    exit_code = ran.ok() ? kExitOk : refuse("sources", ran.error());
  });
}

struct TrafficArguments {
  std::string home;
  std::vector<std::string> nodes;
  std::vector<std::string> key_files;
  devnet::TrafficOptions options;
};

/// "26657:1317": the ports of RPC and REST.
std::optional<devnet::NodeAddress> parse_node(std::string_view text) {
  devnet::NodeAddress node;
  const char* end = text.data() + text.size();
  const auto rpc = std::from_chars(text.data(), end, node.rpc);
  if (rpc.ec != std::errc() || rpc.ptr == end || *rpc.ptr != ':') return std::nullopt;
  const auto rest = std::from_chars(rpc.ptr + 1, end, node.rest);
  return rest.ec == std::errc() && rest.ptr == end ? std::optional(node) : std::nullopt;
}

Status<std::string> find_network(TrafficArguments& arguments) {
  devnet::TrafficOptions& options = arguments.options;
  if (arguments.nodes.empty()) return devnet::find_devnet(Layout(arguments.home), options);
  for (const std::string& text : arguments.nodes) {
    const auto node = parse_node(text);
    if (!node) return Failure{"expected RPC:REST, two ports, after --node, found " + text};
    options.nodes.push_back(*node);
  }
  for (const std::string& file : arguments.key_files) {
    ASSIGN_OR_RETURN(devnet::Account account, devnet::Account::open_file(file));
    options.accounts.push_back(std::move(account));
  }
  return Unit{};
}

void add_traffic(CLI::App& group, const std::string& home, int& exit_code) {
  auto arguments = std::make_shared<TrafficArguments>();
  arguments->home = home;
  devnet::TrafficOptions& options = arguments->options;
  CLI::App* verb = group.add_subcommand(
      "traffic",
      "Sends transactions to a devnet until Ctrl-C: coins, reports of the root chain's events, "
      "checkpoints and their acknowledgements.\n"
      "Examples: buri devnet traffic --rate 5\n"
      "          buri devnet traffic --node 26657:1317 --sources-port 19545 \\\n"
      "              --key-file a/priv_validator_key.json --key-file b/priv_validator_key.json");
  add_home(*verb, arguments->home);
  verb->add_option("--rate", options.sends_per_second, "Coins sent a second")
      ->check(CLI::Range(0.0, 1000.0))
      ->capture_default_str();
  verb->add_option("--seed", options.seed, "Of receivers and amounts")->capture_default_str();
  verb->add_option("--for", options.heights, "End after so many heights; 0: when told")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", options.as_json, "Print one object at the end and nothing else");
  auto* nodes = verb->add_option(
      "--node", arguments->nodes,
      "Ports of RPC and REST of a node on this machine, for a network put together by hand; more "
      "than one may be given");
  verb->add_option("--sources-port", options.sources_port, "Of `buri devnet sources`")
      ->needs(nodes);
  verb->add_option("--key-file", arguments->key_files,
                   "priv_validator_key.json of a validator of that network; checkpoints need those "
                   "of all")
      ->needs(nodes);
  verb->callback([=, &exit_code] {
    auto found = find_network(*arguments);
    if (found.ok()) found = devnet::run_traffic(std::move(arguments->options), std::cout);
    exit_code = found.ok() ? kExitOk : refuse("traffic", found.error());
  });
}

}  // namespace

void add_devnet_commands(CLI::App& app, int& exit_code) {
  CLI::App* group =
      app.add_subcommand("devnet", "A network of one's own on this machine (docs/devnet.md)");
  group->require_subcommand(1);
  const std::string home = devnet::default_root();
  add_up(*group, home, exit_code);
  add_down(*group, home, exit_code);
  add_status(*group, home, exit_code);
  add_logs(*group, home, exit_code);
  add_kill(*group, home, exit_code);
  add_start(*group, home, exit_code);
  add_partition(*group, home, exit_code);
  add_heal(*group, home, exit_code);
  add_sources(*group, exit_code);
  add_traffic(*group, home, exit_code);
}

}  // namespace buri::cli
