#include "node/consensus/modules/stake/module.hpp"

namespace buri::consensus::modules::stake {

using runtime::Context;
using runtime::Error;

Status<Error> Module::import_sets(const Context& context, const GenesisState& state) const {
  const bool has_set = !state.current_validator_set.validators.empty();
  const auto& members = has_set ? state.current_validator_set.validators : state.validators;
  if (members.empty()) return Unit{};
  ASSIGN_OR_RETURN(const ValidatorSet set, make_set(members));
  RETURN_IF_ERROR(keeper_.write_set(context, SetKind::kPrevious, set));
  if (rules_ == GenesisRules::kWithPenultimate) {
    const ValidatorSet& given = state.penultimate_block_validator_set;
    RETURN_IF_ERROR(
        keeper_.write_set(context, SetKind::kPenultimate, given.validators.empty() ? set : given));
  }
  for (const Validator& member : set.validators) RETURN_IF_ERROR(keeper_.add(context, member));
  RETURN_IF_ERROR(keeper_.write_set(context, SetKind::kCurrent, set));
  return has_set ? Status<Error>(Unit{}) : keeper_.increment_accum(context, 1);
}

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  const auto state = codec::from_json<GenesisState>(section.rest());
  if (!state.ok()) return Failure{runtime::genesis_error(kCodespace, state.error())};
  RETURN_IF_ERROR(import_sets(context, *state));
  RETURN_IF_ERROR(
      section.for_each("staking_sequences", [&](const JsonCursor& element) -> Status<Error> {
        const auto sequence = element.string();
        if (!sequence.ok()) return Failure{runtime::genesis_error(kCodespace, sequence.error())};
        return keeper_.add_sequence(context, *sequence);
      }));
  return keeper_.set_last_block_txs(context, state->last_block_txs.txs);
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  GenesisState state;
  ASSIGN_OR_RETURN(state.validators, keeper_.all(context));
  ASSIGN_OR_RETURN(state.current_validator_set, keeper_.set(context, SetKind::kCurrent));
  ASSIGN_OR_RETURN(state.staking_sequences, keeper_.sequences(context));
  ASSIGN_OR_RETURN(state.previous_block_validator_set, keeper_.set(context, SetKind::kPrevious));
  ASSIGN_OR_RETURN(state.last_block_txs.txs, keeper_.last_block_txs(context));
  // Absent before tallyFix on a chain that an older daemon began.
  if (auto set = keeper_.set(context, SetKind::kPenultimate); set.ok()) {
    state.penultimate_block_validator_set = std::move(set).value();
  } else if (set.error().kind == Error::Kind::kFatal) {
    return Failure{std::move(set).error()};
  }
  codec::append_json(sink.text(), state);
  return Unit{};
}

Status<Error> Module::end_block(const Context& context,
                                std::vector<runtime::ValidatorUpdate>& updates) {
  ASSIGN_OR_RETURN(const std::vector<Validator> changes, keeper_.end_block(context));
  for (const Validator& change : changes) {
    updates.push_back({change.pub_key, change.voting_power});
  }
  return Unit{};
}

}  // namespace buri::consensus::modules::stake
