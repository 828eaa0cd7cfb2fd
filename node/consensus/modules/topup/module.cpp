#include "node/consensus/modules/topup/module.hpp"

namespace buri::consensus::modules::topup {

using runtime::Context;
using runtime::Error;

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  RETURN_IF_ERROR(
      section.for_each("topup_sequences", [&](const JsonCursor& element) -> Status<Error> {
        const auto sequence = element.string();
        if (!sequence.ok()) return Failure{runtime::genesis_error(kCodespace, sequence.error())};
        return keeper_.add_sequence(context, *sequence);
      }));
  return section.for_each("dividend_accounts", [&](const JsonCursor& element) -> Status<Error> {
    auto account = codec::from_json<DividendAccount>(element);
    if (!account.ok()) return Failure{runtime::genesis_error(kCodespace, account.error())};
    return keeper_.set_account(context, std::move(account).value());
  });
}

Status<Error> Module::export_genesis(const Context& context, std::string& json) const {
  GenesisState state;
  ASSIGN_OR_RETURN(state.topup_sequences, keeper_.sequences(context));
  ASSIGN_OR_RETURN(state.dividend_accounts, keeper_.accounts(context));
  codec::append_json(json, state);
  return Unit{};
}

}  // namespace buri::consensus::modules::topup
