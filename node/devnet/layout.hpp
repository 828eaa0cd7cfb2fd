#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

/// Where a devnet keeps what it holds: one folder, with one below it for every validator.

namespace buri::devnet {

/// The files of one validator. Validators are counted from 1, as an operator names them.
struct ValidatorPaths {
  std::filesystem::path folder;         ///< validator-N
  std::filesystem::path home;           ///< of burid, as `burid start --home` takes it
  std::filesystem::path node_config;    ///< home/config/buri.toml
  std::filesystem::path node_key;       ///< home/config/node_key.json
  std::filesystem::path validator_key;  ///< of a development key alone
  std::filesystem::path sign_state;     ///< of a development key alone
  std::filesystem::path node_log;       ///< what burid says
  std::filesystem::path hsm;            ///< the SoftHSM token and its PIN
  std::filesystem::path signer;         ///< state/, audit/, sockets and settings of buri-signer
  std::filesystem::path signer_config;
  std::filesystem::path signer_policy;
  std::filesystem::path signer_socket;        ///< where burid asks for votes
  std::filesystem::path signer_transactions;  ///< where `buri devnet traffic` asks
  std::filesystem::path signer_admin;         ///< where operators ask
  std::filesystem::path signer_log;
};

/// The folder of a devnet.
class Layout {
 public:
  explicit Layout(const std::filesystem::path& root) : root_(std::filesystem::absolute(root)) {}

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  /// Who the validators are; its presence makes a folder a devnet's.
  [[nodiscard]] std::filesystem::path identity() const { return root_ / "devnet.json"; }
  [[nodiscard]] std::filesystem::path genesis() const { return root_ / "genesis.json"; }
  [[nodiscard]] std::filesystem::path forks() const { return root_ / "forks.json"; }
  /// Held by the process that runs the network; it also marks a folder that was begun.
  [[nodiscard]] std::filesystem::path lock() const { return root_ / "devnet.lock"; }
  /// Where the other verbs reach the process that runs the network.
  [[nodiscard]] std::filesystem::path control() const { return root_ / "control.sock"; }
  /// What `up --detach` says.
  [[nodiscard]] std::filesystem::path up_log() const { return root_ / "up.log"; }
  /// The chain of the stand-in for Bor.
  [[nodiscard]] std::filesystem::path bor() const { return root_ / "bor.txt"; }
  /// Start and checkpoints of the stand-in for Ethereum.
  [[nodiscard]] std::filesystem::path root_chain() const { return root_ / "root-chain.txt"; }
  /// REQUIRES: number >= 1.
  [[nodiscard]] ValidatorPaths validator(std::size_t number) const;

 private:
  std::filesystem::path root_;
};

/// $XDG_STATE_HOME/buri-devnet, else ~/.local/state/buri-devnet.
std::filesystem::path default_root();

}  // namespace buri::devnet
