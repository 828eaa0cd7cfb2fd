#pragma once

#include <memory>
#include <string>

#include "base/log.hpp"
#include "node/consensus/app/module_set.hpp"
#include "node/consensus/host/outside_calls.hpp"
#include "node/protocol/bor_chain.hpp"
#include "node/protocol/endpoints/settings.hpp"
#include "node/protocol/ethereum/chain.hpp"
#include "node/protocol/root_chain_state.hpp"

/// The root chain and Bor as the application asks them, with its time budgets.

namespace buri::app {

/// The root chain's contracts for queries, over connections that no vote's budget cuts short.
class ContractState final : public protocol::RootChainState {
 public:
  explicit ContractState(std::unique_ptr<protocol::ethereum::Chain> chain)
      : chain_(std::move(chain)) {}

  Result<std::uint64_t, protocol::FactError> state_counter(const Address& state_sender) override {
    return chain_->state_counter(state_sender);
  }
  Result<Hash256, protocol::FactError> account_root(const Address& staking_info) override {
    return chain_->account_state_root(staking_info);
  }

 private:
  std::unique_ptr<protocol::ethereum::Chain> chain_;
};

/// All connections; each is made when it is first used.
class Outside {
 public:
  /// The error is a sentence. `settings` need not outlive this.
  static Result<std::unique_ptr<Outside>, std::string> connect(
      const protocol::endpoints::Settings& settings, const Logger& logger);

  [[nodiscard]] consensus::app::ExternalFacts facts() {
    return {root_chain_.get(), bor_.get(), contracts_.get()};
  }
  [[nodiscard]] consensus::host::OutsideCalls& calls() { return *calls_; }
  /// What became of calls to Bor. Thread-safe.
  [[nodiscard]] const protocol::endpoints::EndpointFigures& bor_figures() const {
    return bor_figures_;
  }

 private:
  Outside() = default;

  protocol::endpoints::TimeLimit limit_;
  protocol::endpoints::EndpointFigures bor_figures_;
  std::unique_ptr<protocol::ethereum::Chain> root_chain_;
  std::unique_ptr<protocol::BorChain> bor_;
  std::unique_ptr<ContractState> contracts_;
  std::unique_ptr<consensus::host::OutsideCalls> calls_;
};

}  // namespace buri::app
