#include "node/consensus/modules/chainmanager/keeper.hpp"

#include <algorithm>
#include <array>

#include "node/consensus/runtime/go_text.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::chainmanager {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

runtime::Key params_key() { return runtime::Key(0x00); }

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kChainmanager);
}

}  // namespace

Outcome<Params> Keeper::params(const Context& context) const {
  ASSIGN_OR_RETURN(auto params, runtime::read_message<Params>(store_of(context), params_key()));
  if (!params) return Failure{runtime::plain_error("collections: not found")};
  return *std::move(params);
}

Status<Error> Keeper::set_params(const Context& context, const Params& params) const {
  return runtime::write_message(store_of(context), params_key(), params);
}

Status<Error> validate(const Params& params) {
  using C = ChainParams;
  constexpr std::array<std::pair<std::string_view, std::string C::*>, 8> kAddresses{{
      {"pol_token_address", &C::pol_token_address},
      {"staking_manager_address", &C::staking_manager_address},
      {"slash_manager_address", &C::slash_manager_address},
      {"root_chain_address", &C::root_chain_address},
      {"staking_info_address", &C::staking_info_address},
      {"state_sender_address", &C::state_sender_address},
      {"state_receiver_address", &C::state_receiver_address},
      {"validator_set_address", &C::validator_set_address},
  }};
  for (const auto& [name, member] : kAddresses) {
    const std::string& value = params.chain_params.*member;
    if (runtime::is_hex_address(value)) continue;
    return Failure{runtime::plain_error("invalid address for value " + value + " for " +
                                        std::string(name) + " in chain_params")};
  }
  return Unit{};
}

}  // namespace buri::consensus::modules::chainmanager
