#include "node/consensus/modules/gov/module.hpp"

#include "node/consensus/modules/gov/keys.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::gov {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

/// The genesis of module gov.
struct GenesisState {
  std::uint64_t starting_proposal_id = 0;
  std::vector<Deposit> deposits{};
  std::vector<Vote> votes{};
  std::vector<Proposal> proposals{};
  std::optional<Params> params{};
  std::string constitution{};

  static constexpr std::string_view kName = "cosmos.gov.v1.GenesisState";
  static constexpr auto fields() {
    return std::tuple{Field{1, "starting_proposal_id", &GenesisState::starting_proposal_id},
                      Field{2, "deposits", &GenesisState::deposits},
                      Field{3, "votes", &GenesisState::votes},
                      Field{4, "proposals", &GenesisState::proposals},
                      Field{8, "params", &GenesisState::params},
                      Field{9, "constitution", &GenesisState::constitution}};
  }
};

Status<Error> write_lists(const Keeper& keeper, const Context& context, const GenesisState& state) {
  for (const Deposit& deposit : state.deposits) {
    RETURN_IF_ERROR(keeper.insert_deposit(context, deposit));
  }
  for (const Vote& vote : state.votes) RETURN_IF_ERROR(keeper.insert_vote(context, vote));
  for (const Proposal& proposal : state.proposals) {
    RETURN_IF_ERROR(keeper.insert_proposal(context, proposal));
  }
  return Unit{};
}

Outcome<Coins> sum_of(const std::vector<Deposit>& deposits) {
  Coins total;
  for (const Deposit& deposit : deposits) {
    ASSIGN_OR_RETURN(total, runtime::add_coins(total, deposit.amount));
  }
  return total;
}

}  // namespace

void Module::register_messages(runtime::MessageRegistry& registry) {
  gov::register_messages(registry, keeper_);
}

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  const auto state = codec::from_json<GenesisState>(section.rest(), registry_->any_json());
  if (!state.ok()) return Failure{runtime::genesis_error("gov", state.error())};
  if (!state->params) return Failure{runtime::plain_error("genesis of gov has no params")};
  const auto store = store_of(context);
  RETURN_IF_ERROR(runtime::write_counter(store, next_id_key(), state->starting_proposal_id));
  RETURN_IF_ERROR(keeper_.set_params(context, *state->params));
  RETURN_IF_ERROR(store.set(constitution_key(), as_bytes(state->constitution)));
  ASSIGN_OR_RETURN(const auth::Account account,
                   accounts_.module_account(context, auth::kGovModule));
  RETURN_IF_ERROR(write_lists(keeper_, context, *state));
  ASSIGN_OR_RETURN(const Coins deposits, sum_of(state->deposits));
  ASSIGN_OR_RETURN(const Coins held, bank_.balances(context, account.address));
  // An account without coins is written once more, as the stock daemon does.
  if (held.empty()) RETURN_IF_ERROR(accounts_.set(context, account));
  if (held == deposits) return Unit{};
  return Failure{runtime::plain_error("expected module account was " + runtime::to_text(held) +
                                      " but we got " + runtime::to_text(deposits))};
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  const auto store = store_of(context);
  GenesisState state;
  ASSIGN_OR_RETURN(const auto next, runtime::read_counter(store, next_id_key()));
  state.starting_proposal_id = next.value_or(0);
  ASSIGN_OR_RETURN(state.deposits, keeper_.all_deposits(context));
  ASSIGN_OR_RETURN(state.votes, keeper_.all_votes(context));
  ASSIGN_OR_RETURN(state.proposals, keeper_.all_proposals(context));
  ASSIGN_OR_RETURN(state.params, keeper_.params(context));
  ASSIGN_OR_RETURN(const auto constitution, store.get(constitution_key()));
  if (constitution) state.constitution = as_text(*constitution);
  codec::append_json(sink.text(), state, registry_->any_json());
  return Unit{};
}

Status<Error> Module::end_block(const Context& context,
                                std::vector<runtime::ValidatorUpdate>& /*updates*/) {
  return keeper_.end_block(context);
}

}  // namespace buri::consensus::modules::gov
