#pragma once

#include "node/consensus/modules/bank/keeper.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/checkpoint/keeper.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/modules/topup/keeper.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/message_registry.hpp"
#include "tests/unit/node/consensus/app/scripted_facts.hpp"
#include "tests/unit/node/consensus/runtime/memory_stores.hpp"

/// A small state for tests of single rules: parameters of every module, two validators, forks and
/// block facts that the test sets.

namespace buri::consensus::modules {

inline constexpr std::string_view kBorChainId = "15001";

/// The contracts whose events are believed.
inline Address contract(std::uint8_t last_byte) {
  Address address;
  address.bytes.back() = last_byte;
  return address;
}
inline const Address kStakingInfo = contract(0xA1);
inline const Address kStateSender = contract(0xA2);
inline const Address kRootChain = contract(0xA3);

/// Worthless keys, told apart by their last byte.
inline Bytes test_key(std::uint8_t last_byte) {
  Bytes key(65);
  key.front() = 0x04;
  key.back() = last_byte;
  return key;
}
inline std::string test_signer(std::uint8_t last_byte) {
  return runtime::to_text(runtime::address_of_key(test_key(last_byte)));
}

class ModuleState {
 public:
  static constexpr std::int64_t kStartSeconds = 1'700'000'000;

  ModuleState() {
    facts_.chain_id = "heimdall-test";
    facts_.time = {kStartSeconds, 0};
    const runtime::Context start = at(1);
    chainmanager::Params chain{.main_chain_tx_confirmations = 6, .bor_chain_tx_confirmations = 10};
    chain.chain_params.bor_chain_id = kBorChainId;
    chain.chain_params.staking_info_address = runtime::to_text(kStakingInfo);
    chain.chain_params.state_sender_address = runtime::to_text(kStateSender);
    chain.chain_params.root_chain_address = runtime::to_text(kRootChain);
    CHECK(chainmanager::Keeper().set_params(start, chain).ok(), "memory");
    CHECK(checkpoint::Keeper().set_params(start, {{1000, 0}, 256, 1024, 10'000}).ok(), "memory");
    CHECK(bank::Keeper().set_params(start, {.default_send_enabled = true}).ok(), "memory");
    const std::vector<stake::Validator> validators{validator(1, 100), validator(2, 50)};
    for (const auto& one : validators) CHECK(stake::Keeper().add(start, one).ok(), "memory");
    const auto set = stake::make_set(validators);
    for (const auto kind : {stake::SetKind::kCurrent, stake::SetKind::kPrevious}) {
      CHECK(stake::Keeper().write_set(start, kind, set.value()).ok(), "memory");
    }
    CHECK(topup::Keeper().add_fee(start, test_signer(1), runtime::Integer(7)).ok(), "memory");
  }

  static stake::Validator validator(std::uint8_t id, std::int64_t power) {
    return {.val_id = id,
            .voting_power = power,
            .pub_key = test_key(id),
            .signer = test_signer(id),
            .last_updated = {}};
  }

  void set_fork(protocol::HeimdallFork fork, std::int64_t height) {
    facts_.forks.set(fork, height);
  }
  void pass_seconds(std::int64_t seconds) { facts_.time.seconds += seconds; }
  /// A context at a height over everything written so far. The last one made is the valid one.
  runtime::Context at(std::int64_t height) {
    facts_.height = height;
    return {facts_, branch_, meter_, events};
  }
  /// What one store holds under a key, written here.
  [[nodiscard]] bool has(runtime::StoreId store, ByteView key) {
    return branch_.store(static_cast<std::size_t>(store)).has(key).value();
  }
  void give(std::string_view account, std::uint64_t amount) {
    const Address address = runtime::parse_address(account).value();
    const runtime::Context context = at(facts_.height);
    const runtime::Integer supply = bank::Keeper().supply(context, "pol").value();
    const runtime::Integer total = runtime::add(supply, amount).value();
    CHECK(bank::Keeper().set_supply(context, {"pol", total}).ok(), "memory");
    CHECK(bank::Keeper().set_balance(context, address, {"pol", amount}).ok(), "memory");
  }
  runtime::Integer balance(std::string_view account) {
    const Address address = runtime::parse_address(account).value();
    return bank::Keeper().balance(at(facts_.height), address, "pol").value();
  }
  /// The code with which a message's handler answers, 0 for success. What it writes stays.
  template <codec::Message T>
  std::uint32_t handle(std::int64_t height, const T& message) {
    const auto decoded = registry.decode(codec::pack(message)).value();
    const auto result = decoded->type().handle(at(height), *decoded);
    return result.ok() ? 0 : result.error().code;
  }

  runtime::MessageRegistry registry;
  protocol::ScriptedRootChain root_chain;
  protocol::ScriptedBorRoots bor;
  runtime::EventLog events;

 private:
  runtime::BlockFacts facts_;
  runtime::MemoryStores stores_;
  store::Branch branch_{stores_.stores()};
  runtime::GasMeter meter_ = runtime::GasMeter::infinite();
};

inline std::uint32_t code_of(const Status<runtime::Error>& status) {
  return status.ok() ? 0 : status.error().code;
}

}  // namespace buri::consensus::modules
