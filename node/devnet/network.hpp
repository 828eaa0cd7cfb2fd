#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/devnet/daemon.hpp"
#include "node/devnet/identity.hpp"
#include "node/devnet/layout.hpp"
#include "node/devnet/links.hpp"
#include "node/devnet/programs.hpp"
#include "node/devnet/settings_text.hpp"
#include "node/devnet/status.hpp"

/// The running processes of a devnet: a signer and a node for every validator.

namespace buri::devnet {

struct NetworkOptions {
  std::string eth_rpc_url;
  std::string bor_rpc_url;
  std::int64_t commit_timeout_ms = 500;
};

/// Which processes of a validator a word is for.
enum class Part : std::uint8_t { kNode, kSigner, kBoth };

/// Used by one thread, which lives as long as the daemons. Ends them all when it goes.
class Network {
 public:
  Network(Layout layout, Identity identity, Programs programs)
      : layout_(std::move(layout)),
        identity_(std::move(identity)),
        programs_(std::move(programs)) {}
  ~Network() { stop(); }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Draws ports, which ports() tells from then on, and lays the links between the nodes.
  Status<std::string> draw_ports();
  /// Writes all settings and starts everything. REQUIRES: ports were drawn.
  Status<std::string> start(const NetworkOptions& options);
  /// First all nodes, then all signers.
  void stop();
  /// Takes notice of processes that have ended.
  void reap();

  /// Starts what does not run of a validator, counted from 1. The error is a sentence.
  Status<std::string> start_validator(std::size_t number);
  /// SIGKILL, or SIGTERM where it may end in order; returns when it has ended.
  Status<std::string> kill_validator(std::size_t number, Part part, bool gracefully);

  /// Which validators reach each other, as `buri devnet partition` and `heal` say. REQUIRES: ports
  /// were drawn.
  [[nodiscard]] Links& links() { return *links_; }
  [[nodiscard]] const Links& links() const { return *links_; }

  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] const Layout& layout() const { return layout_; }
  [[nodiscard]] std::size_t size() const { return identity_.validators.size(); }
  [[nodiscard]] const Ports& ports(std::size_t number) const { return ports_.at(number - 1); }
  [[nodiscard]] std::vector<StatusSource> status_sources() const;
  /// The node of a validator.
  [[nodiscard]] const Daemon& node(std::size_t number) const { return *nodes_.at(number - 1); }
  /// Its signer; null for a development key.
  [[nodiscard]] const Daemon* signer(std::size_t number) const {
    return signers_.empty() ? nullptr : signers_.at(number - 1).get();
  }

 private:
  Status<std::string> write_settings(std::size_t number, const NetworkOptions& options) const;
  [[nodiscard]] std::vector<std::string> peers_of(std::size_t number) const;
  Status<std::string> check_number(std::size_t number) const;

  const Layout layout_;
  const Identity identity_;
  const Programs programs_;
  std::vector<Ports> ports_;
  std::unique_ptr<Links> links_;
  std::vector<std::unique_ptr<Daemon>> signers_;
  std::vector<std::unique_ptr<Daemon>> nodes_;
};

}  // namespace buri::devnet
