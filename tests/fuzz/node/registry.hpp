#pragma once

#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/modules/bank/messages.hpp"
#include "node/consensus/modules/chainmanager/module.hpp"
#include "node/consensus/modules/checkpoint/messages.hpp"
#include "node/consensus/modules/clerk/messages.hpp"
#include "node/consensus/modules/consensus/keeper.hpp"
#include "node/consensus/modules/gov/messages.hpp"
#include "node/consensus/modules/stake/messages.hpp"
#include "node/consensus/modules/topup/messages.hpp"
#include "node/consensus/tx/decode.hpp"

/// The messages of every module, for fuzz targets; nothing outside answers.

namespace buri::fuzz {

/// A root chain without anything on it.
class EmptyRootChain final : public protocol::RootChain {
 public:
  Result<protocol::RootChainReceipt, protocol::FactError> confirmed_receipt(
      const Hash256& /*tx_hash*/, std::uint64_t /*confirmations*/) override {
    return Failure{protocol::FactError::kMissing};
  }
  Result<protocol::RootChainHeaderBlock, protocol::FactError> header_block(
      const Address& /*root_chain*/, const U256& /*number*/) override {
    return Failure{protocol::FactError::kMissing};
  }
};

/// A Bor that is down.
class SilentBor final : public protocol::BorRoots {
 public:
  Result<bool, protocol::FactError> has_block(std::uint64_t /*number*/) override {
    return Failure{protocol::FactError::kUnavailable};
  }
  Result<Hash256, protocol::FactError> root_hash(std::uint64_t /*start*/,
                                                 std::uint64_t /*end*/) override {
    return Failure{protocol::FactError::kUnavailable};
  }
};

/// Made once, lives for ever.
class EveryMessage {
 public:
  static const consensus::runtime::MessageRegistry& registry() {
    static const EveryMessage made;
    return made.registry_;
  }

 private:
  EveryMessage() {
    namespace modules = consensus::modules;
    consensus::tx::register_tx_types(registry_);
    modules::auth::register_messages(registry_, {});
    modules::bank::register_messages(registry_, modules::bank::Keeper());
    modules::consensus::register_messages(registry_, {});
    modules::gov::register_messages(registry_, gov_);
    modules::chainmanager::register_messages(registry_, {});
    modules::stake::register_messages(registry_, root_chain_);
    modules::topup::register_messages(registry_, root_chain_);
    modules::checkpoint::register_messages(registry_, {&root_chain_, &bor_});
    modules::clerk::register_messages(registry_, root_chain_);
  }

  consensus::runtime::MessageRegistry registry_;
  EmptyRootChain root_chain_;
  SilentBor bor_;
  consensus::modules::gov::Keeper gov_{registry_, &consensus::modules::stake::electors};
};

}  // namespace buri::fuzz
