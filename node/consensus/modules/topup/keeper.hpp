#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "node/consensus/modules/topup/types.hpp"
#include "node/consensus/runtime/context.hpp"

/// Applied top-ups and dividend accounts. Every function makes exactly the stock daemon's metered
/// accesses, in its order.

namespace buri::consensus::modules::topup {

inline constexpr std::string_view kCodespace = "topup";

/// Stateless.
class Keeper {
 public:
  [[nodiscard]] runtime::Outcome<bool> has_sequence(const runtime::Context& context,
                                                    std::string_view sequence) const;
  Status<runtime::Error> add_sequence(const runtime::Context& context,
                                      std::string_view sequence) const;
  /// Walks the sequences, ascending as text.
  Status<runtime::Error> for_each_sequence(
      const runtime::Context& context,
      const std::function<Status<runtime::Error>(std::string_view)>& visit) const;

  /// Stores the account under its user's canonical text.
  Status<runtime::Error> set_account(const runtime::Context& context,
                                     DividendAccount account) const;
  /// Adds to what a user may claim; an account that is missing is made. Errors: code 1 if the
  /// stored amount is no number.
  Status<runtime::Error> add_fee(const runtime::Context& context, std::string_view user,
                                 const runtime::Integer& fee) const;
  /// The account of a user; nothing if there is none.
  [[nodiscard]] runtime::Outcome<std::optional<DividendAccount>> account(
      const runtime::Context& context, std::string_view user) const;
  /// Every account, ascending by user.
  [[nodiscard]] runtime::Outcome<std::vector<DividendAccount>> accounts(
      const runtime::Context& context) const;
  /// The same, one at a time.
  Status<runtime::Error> for_each_account(
      const runtime::Context& context,
      const std::function<Status<runtime::Error>(const DividendAccount&)>& visit) const;
};

/// The root over all accounts that checkpoints carry to the root chain (spec/heimdall.md 5.6).
/// Errors: code 1 for no accounts or a user that is no address, kPanic for an amount that is no
/// number.
runtime::Outcome<Hash256> account_root(std::span<const DividendAccount> accounts);

/// An account's place in that tree: the siblings from the leaf up, 32 bytes each. A user without
/// account has place 0 and no siblings. Errors: as account_root.
struct AccountPath {
  Bytes siblings;
  std::uint64_t index = 0;
};
runtime::Outcome<AccountPath> account_path(std::span<const DividendAccount> accounts,
                                           std::string_view user);

}  // namespace buri::consensus::modules::topup
