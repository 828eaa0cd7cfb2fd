#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "node/consensus/modules/auth/account.hpp"
#include "node/consensus/runtime/context.hpp"

/// Accounts, their numbers, module accounts, the block proposer's item. Every function makes
/// exactly the metered accesses of spec/heimdall.md 2a, in that order, because each counts as gas.

namespace buri::consensus::modules::auth {

inline constexpr std::string_view kFeeCollector = "fee_collector";
inline constexpr std::string_view kGovModule = "gov";
inline constexpr std::string_view kTopupModule = "topup";

/// Stateless: all state is in the context's stores.
class Keeper {
 public:
  /// All zero if none were ever written.
  [[nodiscard]] runtime::Outcome<Params> params(const runtime::Context& context) const;
  Status<runtime::Error> set_params(const runtime::Context& context, const Params& params) const;

  [[nodiscard]] runtime::Outcome<std::optional<Account>> get(const runtime::Context& context,
                                                             const Address& address) const;
  [[nodiscard]] runtime::Outcome<bool> has(const runtime::Context& context,
                                           const Address& address) const;
  /// Writes the account and the index of its number. Errors: kPanic if another account has the
  /// number.
  Status<runtime::Error> set(const runtime::Context& context, const Account& account) const;
  /// Makes a user's account with the next number.
  Status<runtime::Error> create(const runtime::Context& context, const Address& address) const;
  /// The next account number, counted up.
  runtime::Outcome<std::uint64_t> take_number(const runtime::Context& context) const;
  /// The account of a module, made with its permissions if it does not exist. Errors: kPanic if a
  /// user's account stands there.
  runtime::Outcome<Account> module_account(const runtime::Context& context,
                                           std::string_view module) const;

  /// Calls `visit` for every account, ascending by address.
  Status<runtime::Error> for_each(
      const runtime::Context& context,
      const std::function<Status<runtime::Error>(const Account&)>& visit) const;

  /// The item "proposer", which lives from PreBlock to EndBlock.
  [[nodiscard]] runtime::Outcome<std::optional<Address>> block_proposer(
      const runtime::Context& context) const;
  Status<runtime::Error> set_block_proposer(const runtime::Context& context,
                                            const Address& proposer) const;
  Status<runtime::Error> remove_block_proposer(const runtime::Context& context) const;
};

/// Whether the parameters may be set by governance.
Status<runtime::Error> validate(const Params& params);

}  // namespace buri::consensus::modules::auth
