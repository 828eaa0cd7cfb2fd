#include "node/consensus/modules/gov/keeper.hpp"
#include "node/consensus/modules/gov/keys.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/decimal.hpp"
#include "node/consensus/runtime/go_random.hpp"
#include "node/consensus/runtime/typed_store.hpp"

/// What becomes of deposits and votes when a proposal ends, and the lists that genesis moves.

namespace buri::consensus::modules::gov {
namespace {

using runtime::Coin;
using runtime::Context;
using runtime::Decimal;
using runtime::Error;
using runtime::Integer;
using runtime::Outcome;
using runtime::parse_address;

/// The whole part of amount * ratio.
Outcome<Integer> share_of(const Integer& amount, const Decimal& ratio) {
  ASSIGN_OR_RETURN(const Decimal whole, Decimal::from_integer(amount));
  ASSIGN_OR_RETURN(const Decimal share, multiply(whole, ratio));
  return share.truncated();
}

/// Splits coins into what is kept back and the rest.
struct Split {
  Coins charged;
  Coins rest;
};
Outcome<Split> split(const Coins& coins, const Decimal& ratio) {
  Split result;
  for (const Coin& coin : coins) {
    ASSIGN_OR_RETURN(const Integer charge, share_of(coin.amount, ratio));
    ASSIGN_OR_RETURN(result.charged, runtime::add_coins(result.charged, {{coin.denom, charge}}));
    const Integer rest = subtract(coin.amount, charge).value_or(Integer{});
    ASSIGN_OR_RETURN(result.rest, runtime::add_coins(result.rest, {{coin.denom, rest}}));
  }
  return result;
}

/// Each coin times `count`.
Outcome<Coins> times(const Coins& coins, std::uint64_t count) {
  Coins product;
  for (const Coin& coin : coins) {
    const auto amount = multiply(coin.amount, Integer(count));
    if (!amount) return Failure{runtime::panic("Int overflow")};
    product.push_back({coin.denom, *amount});
  }
  return product;
}

}  // namespace

Outcome<std::vector<Deposit>> Keeper::deposits_of(const Context& context, std::uint64_t id) const {
  return read_all<Deposit>(context, Key(0x10).number(id));
}

Status<Error> Keeper::remove_deposit(const Context& context, const Deposit& deposit) const {
  ASSIGN_OR_RETURN(const Address depositor, parse_address(deposit.depositor));
  return store_of(context).remove(deposit_key(deposit.proposal_id, depositor));
}

Status<Error> Keeper::remove_votes(const Context& context, std::uint64_t id) const {
  const auto store = store_of(context);
  std::vector<Bytes> keys;
  ASSIGN_OR_RETURN(auto votes, store.iterate(store::prefix_range(Key(0x20).number(id))));
  while (votes.valid()) {
    keys.emplace_back(votes.key().begin(), votes.key().end());
    RETURN_IF_ERROR(votes.next());
  }
  for (const Bytes& key : keys) RETURN_IF_ERROR(store.remove(key));
  return Unit{};
}

Status<Error> Keeper::charge_deposits(const Context& context, const Params& params,
                                      std::uint64_t id) const {
  auto ratio = Decimal::from_text(params.proposal_cancel_ratio);
  if (!ratio.ok()) return Failure{runtime::panic(ratio.error().log)};
  Coins charges;
  ASSIGN_OR_RETURN(const auto deposits, deposits_of(context, id));
  for (const Deposit& deposit : deposits) {
    ASSIGN_OR_RETURN(const Address depositor, parse_address(deposit.depositor));
    ASSIGN_OR_RETURN(const Split parts, split(deposit.amount, *ratio));
    ASSIGN_OR_RETURN(charges, runtime::add_coins(charges, parts.charged));
    if (!parts.rest.empty()) {
      RETURN_IF_ERROR(bank_.send_from_module(context, auth::kGovModule, depositor, parts.rest));
    }
    RETURN_IF_ERROR(remove_deposit(context, deposit));
  }
  // Without a destination the charge simply stays in the module's account.
  if (charges.empty() || params.proposal_cancel_dest.empty()) return Unit{};
  ASSIGN_OR_RETURN(const Address destination, parse_address(params.proposal_cancel_dest));
  return bank_.send_from_module(context, auth::kGovModule, destination, charges);
}

Status<Error> Keeper::refund_deposits(const Context& context, std::uint64_t id) const {
  ASSIGN_OR_RETURN(const auto deposits, deposits_of(context, id));
  for (const Deposit& deposit : deposits) {
    ASSIGN_OR_RETURN(const Address depositor, parse_address(deposit.depositor));
    RETURN_IF_ERROR(bank_.send_from_module(context, auth::kGovModule, depositor, deposit.amount));
    RETURN_IF_ERROR(remove_deposit(context, deposit));
  }
  return Unit{};
}

Status<Error> Keeper::distribute_deposits(const Context& context, std::uint64_t id) const {
  ASSIGN_OR_RETURN(const std::vector<Elector> electors, electorate_(context));
  ASSIGN_OR_RETURN(const auto deposits, deposits_of(context, id));
  Coins total;
  Coins each;
  for (const Deposit& deposit : deposits) {
    ASSIGN_OR_RETURN(total, runtime::add_coins(total, deposit.amount));
    for (const Coin& coin : deposit.amount) {
      if (electors.empty()) return Failure{runtime::panic("division by zero")};
      const Integer part = quotient(coin.amount, Integer(electors.size()));
      ASSIGN_OR_RETURN(each, runtime::add_coins(each, {{coin.denom, part}}));
    }
    RETURN_IF_ERROR(remove_deposit(context, deposit));
  }
  // Even nothing is sent: that makes accounts for members who have none.
  for (const Elector& elector : electors) {
    RETURN_IF_ERROR(bank_.send_from_module(context, auth::kGovModule, elector.address, each));
  }
  ASSIGN_OR_RETURN(const Coins used, times(each, electors.size()));
  ASSIGN_OR_RETURN(const Coins rest, runtime::subtract_coins(total, used));
  if (rest.empty()) return Unit{};
  runtime::GoRandom random(static_cast<std::int64_t>(electors.size()));
  const auto lucky = random.below(static_cast<std::int32_t>(electors.size()));
  return bank_.send_from_module(context, auth::kGovModule,
                                electors[static_cast<std::size_t>(lucky)].address, rest);
}

Status<Error> Keeper::insert_deposit(const Context& context, const Deposit& deposit) const {
  ASSIGN_OR_RETURN(const Address depositor, parse_address(deposit.depositor));
  return runtime::write_message(store_of(context), deposit_key(deposit.proposal_id, depositor),
                                deposit);
}

Status<Error> Keeper::insert_vote(const Context& context, const Vote& vote) const {
  ASSIGN_OR_RETURN(const Address voter, parse_address(vote.voter));
  return runtime::write_message(store_of(context), vote_key(vote.proposal_id, voter), vote);
}

Status<Error> Keeper::insert_proposal(const Context& context, const Proposal& proposal) const {
  const auto store = store_of(context);
  const Bytes id = runtime::number_value(proposal.id);
  if (proposal.status == ProposalStatus::kDepositPeriod && proposal.deposit_end_time) {
    RETURN_IF_ERROR(store.set(inactive_key(*proposal.deposit_end_time, proposal.id), id));
  }
  if (proposal.status == ProposalStatus::kVotingPeriod && proposal.voting_end_time) {
    RETURN_IF_ERROR(store.set(active_key(*proposal.voting_end_time, proposal.id), id));
  }
  return set_proposal(context, proposal);
}

Outcome<std::vector<Deposit>> Keeper::all_deposits(const Context& context) const {
  return read_all<Deposit>(context, Key(0x10));
}
Outcome<std::vector<Vote>> Keeper::all_votes(const Context& context) const {
  return read_all<Vote>(context, Key(0x20));
}
Outcome<std::vector<Proposal>> Keeper::all_proposals(const Context& context) const {
  return read_all<Proposal>(context, Key(0x00));
}

}  // namespace buri::consensus::modules::gov
