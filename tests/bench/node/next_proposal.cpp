#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/json_text.hpp"
#include "node/consensus/p2p/node_key_file.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/bench/node/crowd/crowd.hpp"

/// next-proposal prepare | run: a chain of a hundred validators of which one is a node under test,
/// stock heimdalld or `burid`, and all others are played in this process over one connection
/// (crowd/crowd.hpp). `run` prints how long the node took from the precommits that decided a height
/// to its proposal of the next. tests/bench/node/next_proposal.py runs both kinds of node in turn.

namespace buri::bench {
namespace {

struct Arguments {
  std::string genesis;  ///< what the made genesis takes everything but validators from
  std::string forks;
  std::string home;
  std::uint16_t port = 0;
  CrowdOptions crowd;
  CrowdPlan plan;
};

void write_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// The files of the node's home that both kinds of node read.
void prepare(const Arguments& arguments) {
  const CrowdMembers members(arguments.crowd);
  const std::filesystem::path home(arguments.home);
  const auto base = consensus::records::read_text(arguments.genesis).value();
  write_file(home / "config/genesis.json", members.genesis(base));
  write_file(home / "config/priv_validator_key.json", members.node_key_file());
  write_file(home / "data/priv_validator_state.json", R"({"height":"0","round":0,"step":0})");
  write_file(home / "config/node_key.json",
             consensus::p2p::node_key_text(consensus::p2p::NodeKey::generate(system_random())));
}

Result<CrowdFigures, std::string> play(const Arguments& arguments) {
  const CrowdMembers members(arguments.crowd);
  const auto base = consensus::records::read_text(arguments.genesis).value();
  const auto forks = protocol::HeimdallForks::from_json(
      parse_json(consensus::records::read_text(arguments.forks).value()).value());
  ASSIGN_OR_RETURN(const auto chain, CrowdChain::begin(members.genesis(base), forks.value()));
  ASSIGN_OR_RETURN(const auto link, CrowdLink::dial(arguments.port, std::string(kCrowdChainId),
                                                    arguments.plan.patience));
  return Crowd(*link, *chain, members, arguments.plan).run();
}

int run(const Arguments& arguments) {
  const auto figures = play(arguments);
  if (!figures.ok()) {
    std::fprintf(stderr, "next-proposal: %s.\n", figures.error().c_str());
    return 1;
  }
  boost::json::array delays;
  for (const double delay : figures->delays_ms) delays.push_back(delay);
  const boost::json::object answer{{"heights", figures->heights},
                                   {"votes_needed", figures->votes_needed},
                                   {"delays_ms", std::move(delays)}};
  std::printf("%s\n", boost::json::serialize(answer).c_str());
  return 0;
}

void add_crowd_options(CLI::App& verb, Arguments& arguments) {
  verb.add_option("--genesis", arguments.genesis, "Of another chain, for all but the validators")
      ->required();
  verb.add_option("--members", arguments.crowd.members, "Validators of the crowd")
      ->capture_default_str();
  verb.add_option("--node-power", arguments.crowd.node_power, "Of the node, in members' powers")
      ->capture_default_str();
  verb.add_option("--seed", arguments.crowd.seed, "Of all keys")->capture_default_str();
}

int main(int count, char** words) {
  Arguments arguments;
  CLI::App app("How fast a node proposes after a decision, the other validators being played here");
  app.require_subcommand(1);
  CLI::App* preparing = app.add_subcommand("prepare", "Makes the files of the node's home");
  add_crowd_options(*preparing, arguments);
  preparing->add_option("--home", arguments.home, "Of the node")->required();
  CLI::App* running = app.add_subcommand("run", "Plays the crowd and prints the delays as JSON");
  add_crowd_options(*running, arguments);
  running->add_option("--forks", arguments.forks, "Heights of the chain's forks")->required();
  running->add_option("--port", arguments.port, "Where the node listens for peers")->required();
  running->add_option("--samples", arguments.plan.samples, "Heights to measure")
      ->capture_default_str();
  running->add_option("--warm-up", arguments.plan.warm_up, "Measured before, and thrown away")
      ->capture_default_str();
  running->add_option("--max-heights", arguments.plan.max_heights, "Ends at this one; 0: never")
      ->capture_default_str();
  std::int64_t pause_ms = arguments.plan.pause.count();
  running->add_option("--pause-ms", pause_ms, "Before the precommits, for the node to come to rest")
      ->capture_default_str();
  CLI11_PARSE(app, count, words);
  arguments.plan.pause = std::chrono::milliseconds(pause_ms);
  if (preparing->parsed()) {
    prepare(arguments);
    return 0;
  }
  return run(arguments);
}

}  // namespace
}  // namespace buri::bench

int main(int count, char** words) { return buri::bench::main(count, words); }
