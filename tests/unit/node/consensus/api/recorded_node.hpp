#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json_cursor.hpp"
#include "node/consensus/api/heimdall_api.hpp"
#include "node/consensus/app/module_set.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"
#include "tests/unit/node/consensus/app/scripted_facts.hpp"

/// The stores of recorded chain A with all their heights, and what a node asks of them.

namespace buri::consensus::api {

/// Bor as it stood behind the recording: it gives roots and has no blocks.
class RootsOnly final : public protocol::BorChain {
 public:
  Result<protocol::BorBlock, protocol::FactError> head() override { return blocks_.head(); }
  Result<protocol::BorBlock, protocol::FactError> block(std::uint64_t number) override {
    return blocks_.block(number);
  }
  Result<Address, protocol::FactError> author(std::uint64_t number) override {
    return blocks_.author(number);
  }
  Result<std::vector<protocol::BorBlockInfo>, protocol::FactError> blocks(
      std::uint64_t first, std::uint64_t last) override {
    return blocks_.blocks(first, last);
  }
  Result<Hash256, protocol::FactError> root_hash(std::uint64_t first, std::uint64_t last) override {
    return roots.root_hash(first, last);
  }

  protocol::ScriptedBorRoots roots;

 private:
  protocol::ScriptedBorChain blocks_;
};

/// Made once per process; nothing in it changes but what is broadcast to it.
class RecordedNode final : public ServiceNode {
 public:
  /// Null where the recordings are absent, which `why` then says.
  static RecordedNode* get(std::string& why);
  /// One of the caller's own, to change.
  static std::unique_ptr<RecordedNode> fresh(std::string& why);

  [[nodiscard]] const app::RecordedChain& chain() const { return *chain_; }
  [[nodiscard]] iavl::Multistore& stores() { return *stores_; }
  [[nodiscard]] const app::ModuleSet& modules() const { return modules_; }
  [[nodiscard]] const app::ChainOptions& options() const { return options_; }
  [[nodiscard]] const app::TxRunner& runner() const { return runner_; }
  [[nodiscard]] HeimdallApi& api() { return *api_; }
  [[nodiscard]] const std::vector<Bytes>& sent() const { return sent_; }
  /// Whether headers are told, as a node knows them; a stock daemon that has just started does not.
  void tell_headers(bool tells) { tells_headers_ = tells; }

  [[nodiscard]] std::int64_t base() const override { return 1; }
  [[nodiscard]] std::int64_t height() const override { return stores_->height(); }
  [[nodiscard]] std::optional<ServiceBlock> block(std::int64_t height) const override;
  [[nodiscard]] std::optional<engine::Header> header(std::int64_t height) const override;
  [[nodiscard]] std::optional<std::vector<engine::Validator>> validators(
      std::int64_t height) const override;
  [[nodiscard]] p2p::NodeInfo node_info() const override;
  [[nodiscard]] bool is_catching_up() const override { return true; }
  [[nodiscard]] std::size_t peer_count() const override { return 0; }
  [[nodiscard]] OwnValidator own_validator() const override;
  Result<app::TxResult, std::string> broadcast(ByteView tx) override;
  void broadcast_later(ByteView tx) override { sent_.emplace_back(tx.begin(), tx.end()); }

  /// What the stock daemon answered: {path, status, json}.
  [[nodiscard]] const JsonValue& answers() const { return answers_; }
  /// The body that was recorded for a path.
  [[nodiscard]] const JsonValue& recorded(std::string_view path) const;

 private:
  explicit RecordedNode(const app::RecordedChain& chain);

  const app::RecordedChain* chain_;
  testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<iavl::Multistore> stores_;
  protocol::ScriptedRootChain root_chain_;
  RootsOnly bor_chain_;
  app::ModuleSet modules_;
  app::ChainOptions options_;
  tx::SignatureMemory signatures_;
  app::AnteChain ante_;
  app::TxRunner runner_;
  std::map<std::int64_t, records::BlockRecord> blocks_;
  JsonValue answers_;
  std::vector<Bytes> sent_;
  bool tells_headers_ = false;
  std::unique_ptr<HeimdallApi> api_;
};

}  // namespace buri::consensus::api
