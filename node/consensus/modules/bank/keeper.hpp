#pragma once

#include <string_view>

#include "node/consensus/modules/auth/keeper.hpp"
#include "node/consensus/modules/bank/types.hpp"
#include "node/consensus/runtime/context.hpp"

/// Balances, supply, transfers. Every function makes exactly the metered accesses of
/// spec/heimdall.md 2a, in that order.

namespace buri::consensus::modules::bank {

inline constexpr std::string_view kCodespace = "bank";

/// Stateless. A balance stands under its address and again, without value, under its denomination.
class Keeper {
 public:
  explicit Keeper(auth::Keeper accounts = {}) : accounts_(accounts) {}

  /// The default if none were ever written.
  [[nodiscard]] runtime::Outcome<Params> params(const runtime::Context& context) const;
  Status<runtime::Error> set_params(const runtime::Context& context, const Params& params) const;
  /// Errors: bank 5 if some denomination may not be sent.
  Status<runtime::Error> check_send_enabled(const runtime::Context& context,
                                            const Coins& coins) const;
  Status<runtime::Error> set_send_enabled(const runtime::Context& context, std::string_view denom,
                                          bool enabled) const;
  Status<runtime::Error> remove_send_enabled(const runtime::Context& context,
                                             std::string_view denom) const;

  [[nodiscard]] runtime::Outcome<runtime::Integer> balance(const runtime::Context& context,
                                                           const Address& address,
                                                           std::string_view denom) const;
  /// All coins of an account, ascending by denomination.
  [[nodiscard]] runtime::Outcome<Coins> balances(const runtime::Context& context,
                                                 const Address& address) const;
  /// Writes both entries, or removes both at zero.
  Status<runtime::Error> set_balance(const runtime::Context& context, const Address& address,
                                     const Coin& balance) const;
  [[nodiscard]] runtime::Outcome<runtime::Integer> supply(const runtime::Context& context,
                                                          std::string_view denom) const;
  Status<runtime::Error> set_supply(const runtime::Context& context, const Coin& supply) const;

  /// Moves coins between any two accounts and makes the receiver's account if it is new. Errors:
  /// "sdk" 10 for invalid coins, 5 for too little.
  Status<runtime::Error> send(const runtime::Context& context, const Address& from,
                              const Address& to, const Coins& coins) const;
  /// Takes coins away; the first half of `send`.
  Status<runtime::Error> subtract(const runtime::Context& context, const Address& from,
                                  const Coins& coins) const;
  /// Gives coins; no account is made.
  Status<runtime::Error> add(const runtime::Context& context, const Address& to,
                             const Coins& coins) const;
  /// Makes the account of one who received coins, unless it exists.
  Status<runtime::Error> ensure_account(const runtime::Context& context,
                                        const Address& address) const;

  Status<runtime::Error> send_to_module(const runtime::Context& context, const Address& from,
                                        std::string_view module, const Coins& coins) const;
  /// Errors: "sdk" 4 if the receiver is blocked.
  Status<runtime::Error> send_from_module(const runtime::Context& context, std::string_view module,
                                          const Address& to, const Coins& coins) const;
  Status<runtime::Error> send_between_modules(const runtime::Context& context,
                                              std::string_view from, std::string_view to,
                                              const Coins& coins) const;
  /// Makes and destroys coins of a module account that may.
  Status<runtime::Error> mint(const runtime::Context& context, std::string_view module,
                              const Coins& coins) const;
  Status<runtime::Error> burn(const runtime::Context& context, std::string_view module,
                              const Coins& coins) const;

 private:
  auth::Keeper accounts_;
};

/// Whether messages may not send to this address: the fee collector's.
bool is_blocked(const Address& address);

}  // namespace buri::consensus::modules::bank
