#pragma once

#include <functional>
#include <vector>

#include "node/consensus/modules/bank/keeper.hpp"
#include "node/consensus/modules/gov/types.hpp"
#include "node/consensus/runtime/message_registry.hpp"

/// Proposals, deposits and votes. Every function makes exactly the metered accesses of
/// spec/heimdall.md 2a, in that order.

namespace buri::consensus::modules::gov {

/// A member of the current validator set, as governance counts it.
struct Elector {
  Address address;
  std::int64_t power = 0;
};

/// Gives the current validator set in its stored order. Module stake implements it.
using Electorate =
    std::function<runtime::Outcome<std::vector<Elector>>(const runtime::Context& context)>;

/// What a proposal is made of.
struct ProposalDraft {
  std::vector<Any> messages;
  std::string metadata;
  std::string title;
  std::string summary;
  Address proposer;
  bool expedited = false;
};

/// Stateless but for what it is given. `registry` must outlive it.
class Keeper {
 public:
  Keeper(const runtime::MessageRegistry& registry, Electorate electorate)
      : registry_(&registry), electorate_(std::move(electorate)) {}

  [[nodiscard]] runtime::Outcome<Params> params(const runtime::Context& context) const;
  Status<runtime::Error> set_params(const runtime::Context& context, const Params& params) const;

  /// Errors: code 1 if there is none.
  [[nodiscard]] runtime::Outcome<Proposal> proposal(const runtime::Context& context,
                                                    std::uint64_t id) const;
  /// Writes the proposal and the marker of its voting period.
  Status<runtime::Error> set_proposal(const runtime::Context& context,
                                      const Proposal& proposal) const;
  Status<runtime::Error> remove_proposal(const runtime::Context& context, std::uint64_t id) const;

  /// Checks and stores a new proposal.
  runtime::Outcome<Proposal> submit(const runtime::Context& context,
                                    const ProposalDraft& draft) const;
  /// Adds coins to a proposal; true if that started its voting period.
  runtime::Outcome<bool> deposit(const runtime::Context& context, std::uint64_t id,
                                 const Address& depositor, const Coins& amount) const;
  Status<runtime::Error> vote(const runtime::Context& context, std::uint64_t id,
                              const Address& voter, VoteOption option,
                              std::string_view metadata) const;
  Status<runtime::Error> cancel(const runtime::Context& context, std::uint64_t id,
                                std::string_view proposer) const;

  /// Ends what is due: drops proposals without enough deposits, tallies those whose voting ended.
  Status<runtime::Error> end_block(const runtime::Context& context) const;

  /// Used by genesis: queue entries, deposits and votes as they are.
  Status<runtime::Error> insert_deposit(const runtime::Context& context,
                                        const Deposit& deposit) const;
  Status<runtime::Error> insert_vote(const runtime::Context& context, const Vote& vote) const;
  Status<runtime::Error> insert_proposal(const runtime::Context& context,
                                         const Proposal& proposal) const;
  [[nodiscard]] runtime::Outcome<std::vector<Deposit>> all_deposits(
      const runtime::Context& context) const;
  [[nodiscard]] runtime::Outcome<std::vector<Vote>> all_votes(
      const runtime::Context& context) const;
  [[nodiscard]] runtime::Outcome<std::vector<Proposal>> all_proposals(
      const runtime::Context& context) const;

 private:
  friend class EndBlock;

  Status<runtime::Error> check_message(const runtime::Context& context, const Any& any) const;
  Status<runtime::Error> activate(const runtime::Context& context, Proposal proposal) const;
  Status<runtime::Error> charge_deposits(const runtime::Context& context, const Params& params,
                                         std::uint64_t id) const;
  Status<runtime::Error> refund_deposits(const runtime::Context& context, std::uint64_t id) const;
  Status<runtime::Error> distribute_deposits(const runtime::Context& context,
                                             std::uint64_t id) const;
  [[nodiscard]] runtime::Outcome<std::vector<Deposit>> deposits_of(const runtime::Context& context,
                                                                   std::uint64_t id) const;
  Status<runtime::Error> remove_deposit(const runtime::Context& context,
                                        const Deposit& deposit) const;
  Status<runtime::Error> remove_votes(const runtime::Context& context, std::uint64_t id) const;

  const runtime::MessageRegistry* registry_;
  Electorate electorate_;
  auth::Keeper accounts_;
  bank::Keeper bank_;
};

/// Errors: gov 23 if a coin is not among those of the minimum deposit.
Status<runtime::Error> check_deposit_denoms(const Params& params, const Coins& amount);
/// Errors: "sdk" 10, gov 16.
Status<runtime::Error> check_initial_deposit(const Params& params, const Coins& amount,
                                             bool is_expedited);
/// Whether governance may set these parameters: code 1 if not.
Status<runtime::Error> validate(const Params& params);

}  // namespace buri::consensus::modules::gov
