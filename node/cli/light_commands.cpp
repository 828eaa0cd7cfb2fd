#include <CLI/CLI.hpp>
#include <memory>

#include "node/cli/commands.hpp"
#include "node/cli/light_verify.hpp"

/// The command lines of `buri light`.

namespace buri::cli {
namespace {

void add_verify(CLI::App& light, int& exit_code) {
  CLI::App* verb = light.add_subcommand(
      "verify",
      "Follows a chain from a header that you trust (of an explorer, of your own node) to another "
      "one: by\nbisection over the commits that --node gives, each new header confirmed by the "
      "witnesses. Where they\nhave different blocks, both signed, both are sent the evidence, and "
      "it is written to a file.\nExit 0: verified, 1: the header or the chain is not what it "
      "should be, 2: it cannot be told.\n"
      "Example: buri light verify --node https://rpc.one.example --witness "
      "https://rpc.two.example\n"
      "           --trusted-height 54000000 --trusted-hash 5A3B...");
  auto arguments = std::make_shared<LightArguments>();
  auto as_json = std::make_shared<bool>(false);
  verb->add_option("--node", arguments->node, "RPC of the node that blocks are taken from")
      ->required();
  verb->add_option("--witness", arguments->witnesses, "RPC of a node of somebody else; repeatable")
      ->required();
  verb->add_option("--trusted-height", arguments->trusted_height, "Height of the trusted header")
      ->required()
      ->check(CLI::PositiveNumber);
  verb->add_option("--trusted-hash", arguments->trusted_hash, "Its hash, 64 hex digits")
      ->required();
  verb->add_option("--height", arguments->height, "The height to verify; without it the newest")
      ->check(CLI::PositiveNumber);
  arguments->trusting_period = "168h";
  verb->add_option("--trust-period", arguments->trusting_period,
                   "How old the trusted header may be; less than validators take to unbond")
      ->capture_default_str();
  verb->add_option("--trust-level", arguments->trust_level,
                   "Share of the trusted power that must have signed a header far away")
      ->capture_default_str();
  verb->add_flag("--sequential", arguments->is_sequential, "Every header instead of bisection");
  verb->add_option("--timeout", arguments->timeout, "Of one call; three are tried")
      ->capture_default_str();
  verb->add_option("--chain-id", arguments->chain_id, "Without it, what the nodes say");
  verb->add_option("--home", arguments->home,
                   "Folder that keeps verified headers: the next run goes on from them");
  arguments->evidence_folder = ".";
  verb->add_option("--evidence-folder", arguments->evidence_folder,
                   "Where evidence of an attack is written")
      ->capture_default_str();
  verb->add_option("--tls-authorities", arguments->authority_file,
                   "PEM file of whom HTTPS trusts, instead of the system's");
  verb->add_flag("--json", *as_json, "Print one JSON object instead of lines");
  verb->callback([=, &exit_code] {
    exit_code = print_answer("light verify", verify_light(*arguments, *as_json), *as_json);
  });
}

}  // namespace

void add_light_commands(CLI::App& app, int& exit_code) {
  CLI::App* light = app.add_subcommand(
      "light",
      "A light client: headers of a chain, verified without a node of one's own.\n"
      "Example: buri light verify --help");
  light->require_subcommand(1);
  add_verify(*light, exit_code);
}

}  // namespace buri::cli
