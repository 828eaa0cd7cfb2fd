#include "hsm/cli/signer_commands.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "base/descriptor.hpp"
#include "base/durable_write.hpp"
#include "hsm/cli/hsm_commands.hpp"
#include "hsm/cli/signer_audit.hpp"
#include "hsm/cli/signer_state.hpp"
#include "hsm/signer/admin_client.hpp"

namespace buri::hsm::cli {
namespace {

constexpr const char* kAdminSocket = "/run/buri-signer/admin.sock";
constexpr const char* kStateDirectory = "/var/lib/buri-signer/state";
constexpr const char* kAuditDirectory = "/var/lib/buri-signer/audit";

int show(const Result<std::string, std::string>& answer) {
  if (answer.ok()) {
    std::cout << *answer << "\n";
    return kExitOk;
  }
  std::cerr << answer.error() << "\n";
  return kExitRefused;
}

/// A verb that is one line over the admin socket.
CLI::App* add_word(CLI::App& group, const std::string& name, const std::string& what,
                   const std::shared_ptr<std::string>& socket, int& exit_code) {
  CLI::App* verb = group.add_subcommand(name, what);
  verb->callback(
      [socket, name, &exit_code] { exit_code = show(signer::say_to_signer(*socket, name)); });
  return verb;
}

void add_activate(CLI::App& group, const std::shared_ptr<std::string>& socket, int& exit_code) {
  auto force = std::make_shared<bool>(false);
  CLI::App* verb = group.add_subcommand(
      "activate", "Go from STANDBY to ACTIVE: take the fence, agree with it, sign");
  verb->add_flag("--force", *force, "take the fence from a signer that is alive");
  verb->callback([=, &exit_code] {
    exit_code = show(signer::say_to_signer(*socket, *force ? "activate force" : "activate"));
  });
}

void add_unlock(CLI::App& group, const std::shared_ptr<std::string>& socket, int& exit_code) {
  auto pin_file = std::make_shared<std::string>();
  CLI::App* verb = group.add_subcommand("unlock", "Log in at the HSM; one attempt per PIN");
  verb->add_option("--pin-file", *pin_file,
                   "a file with the PIN, or - for standard input; else the configured credential");
  verb->callback([=, &exit_code] {
    if (pin_file->empty()) return void(exit_code = show(signer::say_to_signer(*socket, "unlock")));
    const int descriptor =
        *pin_file == "-" ? ::dup(STDIN_FILENO) : ::open(pin_file->c_str(), O_RDONLY | O_CLOEXEC);
    exit_code = show(signer::say_to_signer(*socket, "unlock", descriptor));
    ::close(descriptor);
  });
}

void add_approvals(CLI::App& group, const std::shared_ptr<std::string>& socket, int& exit_code) {
  add_word(group, "waiting", "Requests that wait for two administrators, field by field", socket,
           exit_code);
  for (const auto& [name, what] :
       {std::pair("approve",
                  "Agree to a policy or a request that waits; the second one makes it hold"),
        std::pair("deny", "Take a request that waits from the list")}) {
    auto hash = std::make_shared<std::string>();
    CLI::App* verb = group.add_subcommand(name, what);
    verb->add_option("hash", *hash, "as `buri signer reload` or `buri signer waiting` printed it")
        ->required();
    verb->callback([=, &exit_code] {
      exit_code = show(signer::say_to_signer(*socket, std::string(name) + " " + *hash));
    });
  }
}

void add_ceremony(CLI::App& group, const std::shared_ptr<std::string>& socket, int& exit_code) {
  CLI::App* ceremony =
      group.add_subcommand("ceremony", "Prove possession of the key to a ceremony's witnesses");
  ceremony->require_subcommand(1);
  auto first = std::make_shared<std::string>();
  auto nonce = std::make_shared<std::string>();
  CLI::App* begin = ceremony->add_subcommand("begin", "From STANDBY to CEREMONY");
  begin->add_option("id", *first, "the ceremony's name")->required();
  begin->callback([=, &exit_code] {
    exit_code = show(signer::say_to_signer(*socket, "ceremony begin " + *first));
  });
  CLI::App* prove = ceremony->add_subcommand("prove", "Sign a number that a witness drew");
  prove->add_option("chain", *first, "such as heimdallv2-137")->required();
  prove->add_option("nonce", *nonce, "64 hex digits")->required();
  prove->callback([=, &exit_code] {
    exit_code = show(signer::say_to_signer(*socket, "ceremony prove " + *first + " " + *nonce));
  });
  CLI::App* end = ceremony->add_subcommand("end", "Back to STANDBY");
  end->callback(
      [=, &exit_code] { exit_code = show(signer::say_to_signer(*socket, "ceremony end")); });
}

void add_export(CLI::App& group, const std::shared_ptr<std::string>& socket, int& exit_code) {
  auto file = std::make_shared<std::string>();
  CLI::App* verb = group.add_subcommand(
      "export", "Hand the sign-state to another machine; this signer never signs again");
  verb->add_option("--out", *file, "a new file for the sign-state")->required();
  verb->callback([=, &exit_code] {
    // The file and its name first: once the signer has answered, it has nothing left.
    const Descriptor descriptor(
        ::open(file->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!descriptor.is_open()) return void(exit_code = show(Failure{*file + " cannot be made"}));
    if (!sync_folder(std::filesystem::absolute(*file).parent_path())) {
      ::unlink(file->c_str());
      return void(exit_code = show(Failure{"the folder of " + *file + " cannot be synced"}));
    }
    const auto answer = signer::say_to_signer(*socket, "export");
    const bool is_kept = answer.ok() && write_all(descriptor.get(), as_bytes(*answer)) &&
                         ::fsync(descriptor.get()) == 0;
    if (is_kept) return void(exit_code = show(std::string("exported to " + *file)));
    // Nothing is lost: the retired files are still in the signer's directory.
    ::unlink(file->c_str());
    exit_code = show(answer.ok() ? Failure{*file + " cannot be written"} : Failure{answer.error()});
  });
}

void add_init_state(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<InitStateOptions>();
  options->directory = kStateDirectory;
  CLI::App* verb = group.add_subcommand("init-state", "Begin sign-state for one ledger of a key");
  verb->add_option("--state-dir", options->directory);
  verb->add_option("--address", options->address, "of the key, in hex")->required();
  verb->add_option("--ledger", options->ledger,
                   "consensus, bor-header, heimdall-tx or root-chain-tx")
      ->required();
  CLI::Option* start = verb->add_option(
      "--start", options->start,
      "first height, block number, sequence or nonce; only for a key that never signed there");
  CLI::Option* from = verb->add_option("--quiet-from", options->quiet_from,
                                       "take over a key: first height seen without its vote");
  CLI::Option* to = verb->add_option("--quiet-to", options->quiet_to, "and the last such height");
  from->needs(to)->excludes(start);
  to->needs(from);
  verb->callback([=, &exit_code] { exit_code = show(init_state(*options)); });
}

void add_import(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<ImportOptions>();
  options->directory = kStateDirectory;
  options->format = "move";
  CLI::App* verb = group.add_subcommand("import", "Make sign-state from another signer's");
  verb->add_option("--state-dir", options->directory);
  verb->add_option("--address", options->address, "of the key, in hex");
  verb->add_option("--format", options->format,
                   "move (what export writes), sign-state, filepv or tmkms")
      ->check(CLI::IsMember({"move", "sign-state", "filepv", "tmkms"}));
  verb->add_option("--chain-id", options->chain_id, "for filepv");
  verb->add_option("file", options->file)->required();
  verb->callback([=, &exit_code] { exit_code = show(import_state(*options)); });
}

void add_audit(CLI::App& group, int& exit_code) {
  CLI::App* audit = group.add_subcommand("audit", "The audit log, checked without the signer");
  audit->require_subcommand(1);
  auto directory = std::make_shared<std::string>(kAuditDirectory);
  auto argument = std::make_shared<std::string>();
  CLI::App* verify = audit->add_subcommand("verify", "Check the chain of all lines");
  verify->add_option("directory", *directory);
  verify->add_option("--head", *argument, "SEQUENCE:HASH known from elsewhere");
  verify->callback([=, &exit_code] { exit_code = run_audit_verify(*directory, *argument); });
  CLI::App* reconcile =
      audit->add_subcommand("reconcile", "Find signatures on chain that the log did not make");
  reconcile->add_option("file", *argument, "lines of DIGEST SIGNATURE in hex")->required();
  reconcile->add_option("directory", *directory);
  reconcile->callback([=, &exit_code] { exit_code = run_audit_reconcile(*directory, *argument); });
}

}  // namespace

void add_signer_commands(CLI::App& app, int& exit_code) {
  CLI::App* group = app.add_subcommand("signer", "Operate the signer");
  group->require_subcommand(1);
  auto socket = std::make_shared<std::string>(kAdminSocket);
  group->add_option("--socket", *socket, "the signer's admin socket");
  add_word(*group, "status", "State, policy, last height, audit head, devices", socket, exit_code);
  add_word(*group, "lock", "Forget the PIN; sign nothing", socket, exit_code);
  add_word(*group, "drain", "Go from ACTIVE to STANDBY and give the fence away", socket, exit_code);
  add_word(*group, "reset", "End a halt whose reason is understood", socket, exit_code);
  add_word(*group, "reload", "Read the policy file again", socket, exit_code);
  add_unlock(*group, socket, exit_code);
  add_activate(*group, socket, exit_code);
  add_approvals(*group, socket, exit_code);
  add_ceremony(*group, socket, exit_code);
  add_export(*group, socket, exit_code);
  add_init_state(*group, exit_code);
  add_import(*group, exit_code);
  add_audit(*group, exit_code);
}

}  // namespace buri::hsm::cli
