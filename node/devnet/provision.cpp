#include "node/devnet/provision.hpp"

#include <sys/un.h>

#include <boost/json.hpp>
#include <chrono>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "base/random.hpp"
#include "node/consensus/host/durable_file.hpp"
#include "node/consensus/host/file_key.hpp"
#include "node/consensus/p2p/node_key.hpp"
#include "node/consensus/p2p/node_key_file.hpp"
#include "node/devnet/genesis.hpp"
#include "node/devnet/settings_text.hpp"

namespace buri::devnet {
namespace {

namespace fs = std::filesystem;
namespace host = consensus::host;

constexpr mode_t kPrivate = 0600;

Status<std::string> make_folders(const ValidatorPaths& paths) {
  std::error_code fault;
  for (const fs::path& folder : {paths.home / "config", paths.home / "data", paths.signer / "state",
                                 paths.signer / "audit"}) {
    fs::create_directories(folder, fault);
    if (fault) return Failure{folder.string() + " cannot be made: " + fault.message()};
  }
  fs::permissions(paths.folder, fs::perms::owner_all, fault);
  return Unit{};
}

/// Writes the node's key; its id.
Result<std::string, std::string> make_node_key(const ValidatorPaths& paths) {
  const auto key = consensus::p2p::NodeKey::generate(system_random());
  std::string text = consensus::p2p::node_key_text(key);
  const auto written = host::replace_file(paths.node_key, text, kPrivate);
  explicit_bzero(text.data(), text.size());
  if (!written.ok()) return Failure{written.error()};
  return to_hex(key.id());
}

/// A token with a key in it, made by a process of its own: a PKCS#11 module stays with a process.
Status<std::string> make_token_key(const ValidatorPaths& paths, const Programs& programs,
                                   ValidatorIdentity& validator) {
  const auto said = run_program({programs.buri, "hsm", "soft-token", paths.hsm.string(), "--json"});
  if (!said.ok()) {
    return Failure{said.error() +
                   "\nInstall the package softhsm2 (`./dev deps`), or give --development-keys."};
  }
  const auto document = parse_json(*said);
  if (!document.ok()) return Failure{"buri hsm soft-token: " + describe(document.error())};
  const auto uri = JsonCursor(*document).member("uri");
  const auto key = JsonCursor(*document).member("public_key");
  if (!uri.ok() || !key.ok()) return Failure{std::string("buri hsm soft-token: no key was told")};
  validator.key_uri = uri->string().value();
  validator.public_key = fixed_from_hex<65>(key->string().value()).value();
  // Heights count from 1, an account's transactions from 0.
  for (const auto& [ledger, start] : {std::pair("consensus", "1"), std::pair("heimdall-tx", "0")}) {
    const auto state = run_program(
        {programs.buri, "signer", "init-state", "--state-dir", (paths.signer / "state").string(),
         "--address", to_hex(validator.address()), "--ledger", ledger, "--start", start});
    if (!state.ok()) return Failure{state.error()};
  }
  return Unit{};
}

/// A key in a plain file.
Status<std::string> make_file_key(const ValidatorPaths& paths, ValidatorIdentity& validator) {
  Hash256 secret;
  system_random().fill(secret.bytes);
  std::string text = R"({"priv_key":{"type":"cometbft/PrivKeySecp256k1eth","value":")" +
                     to_base64(secret) + R"("}})";
  auto written = host::replace_file(paths.validator_key, text, kPrivate);
  explicit_bzero(text.data(), text.size());
  explicit_bzero(secret.data(), secret.size());
  if (written.ok()) {
    written = host::replace_file(paths.sign_state, host::sign_state_text({}), kPrivate);
  }
  if (!written.ok()) return Failure{written.error()};
  const auto key =
      host::FileKey::open(paths.validator_key, paths.sign_state, Logger("devnet", LogLevel::kOff));
  if (!key.ok()) return Failure{key.error()};
  validator.public_key = (*key)->public_key();
  return Unit{};
}

Result<ValidatorIdentity, std::string> make_validator(const Layout& layout, std::size_t number,
                                                      const Programs& programs,
                                                      const ProvisionOptions& options) {
  const ValidatorPaths paths = layout.validator(number);
  RETURN_IF_ERROR(make_folders(paths));
  ValidatorIdentity validator;
  ASSIGN_OR_RETURN(validator.node_id, make_node_key(paths));
  if (options.uses_development_keys) {
    RETURN_IF_ERROR(make_file_key(paths, validator));
  } else {
    RETURN_IF_ERROR(make_token_key(paths, programs, validator));
  }
  return validator;
}

/// Half a network that an earlier start left behind; devnet.json is written last.
void remove_parts(const Layout& layout) {
  std::error_code ignored;
  for (std::size_t number = 1; number <= kMaxValidators; ++number) {
    fs::remove_all(layout.validator(number).folder, ignored);
  }
  for (const fs::path& file :
       {layout.genesis(), layout.forks(), layout.bor(), layout.root_chain()}) {
    fs::remove(file, ignored);
  }
}

Result<Identity, std::string> make_network(const Layout& layout, const Programs& programs,
                                           const ProvisionOptions& options) {
  remove_parts(layout);
  Identity identity;
  identity.chain_id = options.chain_id;
  for (std::size_t number = 1; number <= options.validators; ++number) {
    ASSIGN_OR_RETURN(ValidatorIdentity validator,
                     make_validator(layout, number, programs, options));
    identity.validators.push_back(std::move(validator));
  }
  identity.genesis_time_s = std::chrono::duration_cast<std::chrono::seconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count();
  RETURN_IF_ERROR(host::replace_file(layout.genesis(), genesis_text(identity), 0644));
  RETURN_IF_ERROR(host::replace_file(layout.forks(), forks_text(), 0644));
  RETURN_IF_ERROR(host::replace_file(layout.identity(), identity_text(identity), 0644));
  return identity;
}

Status<std::string> check_fit(const Layout& layout, const Identity& identity,
                              const ProvisionOptions& options) {
  const std::string where = layout.root().string() + " holds a devnet ";
  const std::string fix = "; give --fresh to replace it or --home for another folder";
  if (identity.validators.size() != options.validators) {
    return Failure{where + "of " + std::to_string(identity.validators.size()) +
                   " validators, expected " + std::to_string(options.validators) + fix};
  }
  if (identity.uses_development_keys() != options.uses_development_keys) {
    return Failure{where + (identity.uses_development_keys() ? "with" : "without") +
                   " development keys" + fix};
  }
  return Unit{};
}

}  // namespace

Result<Identity, std::string> provision(const Layout& layout, const Programs& programs,
                                        const ProvisionOptions& options) {
  const std::string socket = layout.validator(options.validators).signer_socket;
  if (socket.size() >= sizeof(sockaddr_un::sun_path)) {
    return Failure{layout.root().string() +
                   " is too long a path for sockets; give --home a shorter one"};
  }
  std::error_code fault;
  if (!fs::exists(layout.identity(), fault)) return make_network(layout, programs, options);
  ASSIGN_OR_RETURN(const std::string text, host::read_file(layout.identity()));
  auto identity = parse_identity(text);
  if (!identity.ok()) return Failure{layout.identity().string() + ": " + identity.error()};
  RETURN_IF_ERROR(check_fit(layout, *identity, options));
  return std::move(identity).value();
}

Status<std::string> remove_devnet(const Layout& layout) {
  std::error_code fault;
  if (!fs::exists(layout.identity(), fault)) return Unit{};
  fs::remove(layout.identity(), fault);
  if (fault) return Failure{layout.identity().string() + ": " + fault.message()};
  remove_parts(layout);
  return Unit{};
}

}  // namespace buri::devnet
