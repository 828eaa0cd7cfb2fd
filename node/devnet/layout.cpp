#include "node/devnet/layout.hpp"

#include <cstdlib>

namespace buri::devnet {

ValidatorPaths Layout::validator(std::size_t number) const {
  const std::filesystem::path folder = root_ / ("validator-" + std::to_string(number));
  const std::filesystem::path home = folder / "node";
  const std::filesystem::path signer = folder / "signer";
  return {.folder = folder,
          .home = home,
          .node_config = home / "config/buri.toml",
          .node_key = home / "config/node_key.json",
          .validator_key = home / "config/priv_validator_key.json",
          .sign_state = home / "data/priv_validator_state.json",
          .node_log = folder / "burid.log",
          .hsm = folder / "hsm",
          .signer = signer,
          .signer_config = signer / "signer.toml",
          .signer_policy = signer / "policy.toml",
          .signer_socket = signer / "vote.sock",
          .signer_transactions = signer / "tx.sock",
          .signer_admin = signer / "admin.sock",
          .signer_log = folder / "buri-signer.log"};
}

std::filesystem::path default_root() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  const std::filesystem::path state = variable("XDG_STATE_HOME");
  if (!state.empty()) return state / "buri-devnet";
  const std::filesystem::path home = variable("HOME");
  return home.empty() ? std::filesystem::temp_directory_path() / "buri-devnet"
                      : home / ".local/state/buri-devnet";
}

}  // namespace buri::devnet
