#include "node/consensus/app/end_block.hpp"

#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::app {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Event;
using runtime::EventLog;
using runtime::Outcome;

/// Moves all fees of the block to its proposer.
Status<Error> pay_proposer(const Context& context, const Address& proposer) {
  const modules::auth::Keeper accounts;
  const modules::bank::Keeper bank;
  ASSIGN_OR_RETURN(const auto collector,
                   accounts.module_account(context, modules::auth::kFeeCollector));
  ASSIGN_OR_RETURN(const runtime::Integer amount,
                   bank.balance(context, collector.address, runtime::kFeeDenom));
  if (amount.is_zero()) return Unit{};
  const runtime::Coins fees{{std::string(runtime::kFeeDenom), amount}};
  const auto sent = bank.send_from_module(context, modules::auth::kFeeCollector, proposer, fees);
  if (!sent.ok() && sent.error().is_panic()) return Failure{sent.error()};
  if (!sent.ok()) return Unit{};
  context.emit({"fee-transfer",
                {{"proposer", runtime::to_text(proposer)},
                 {"denom", std::string(runtime::kFeeDenom)},
                 {"amount", amount.to_text()}}});
  return Unit{};
}

/// The first block has no proposer: it takes no fees out of the collector.
Status<Error> settle_fees(const Context& context) {
  const modules::auth::Keeper accounts;
  ASSIGN_OR_RETURN(const auto proposer, accounts.block_proposer(context));
  if (!proposer) return Unit{};
  RETURN_IF_ERROR(pay_proposer(context, *proposer));
  return accounts.remove_block_proposer(context);
}

}  // namespace

Outcome<std::vector<runtime::ValidatorUpdate>> end_block(const Context& context, ModuleSet& modules,
                                                         EventLog& events) {
  EventLog fee_events;
  EventLog module_events;
  RETURN_IF_ERROR(settle_fees(context.with_events(fee_events)));
  std::vector<runtime::ValidatorUpdate> updates;
  for (runtime::Module* module : modules.at_block_end()) {
    RETURN_IF_ERROR(module->end_block(context.with_events(module_events), updates));
  }
  std::ranges::move(fee_events, std::back_inserter(module_events));
  for (Event& event : module_events) {
    event.attributes.emplace_back("mode", "EndBlock");
    events.push_back(std::move(event));
  }
  return updates;
}

}  // namespace buri::consensus::app
