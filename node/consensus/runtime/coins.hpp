#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/consensus/codec/schema.hpp"
#include "node/consensus/runtime/error.hpp"
#include "node/consensus/runtime/integer.hpp"

/// Amounts of denominations. The chain knows one, "pol", but messages may name any.

namespace buri::consensus::runtime {

/// The denomination of fees, stakes and deposits.
inline constexpr std::string_view kFeeDenom = "pol";

/// cosmos.base.v1beta1.Coin.
struct Coin {
  std::string denom;
  Integer amount = Integer::nil();

  static constexpr std::string_view kName = "cosmos.base.v1beta1.Coin";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "denom", &Coin::denom}, Field{2, "amount", &Coin::amount});
  }
  friend bool operator==(const Coin&, const Coin&) = default;
};

using Coins = std::vector<Coin>;

/// A letter, then 2 to 127 letters, digits and "/:._-".
bool is_valid_denom(std::string_view denom);
/// What the SDK's Coins.Validate accepts: valid denominations, strictly ascending, positive
/// amounts; no coins at all are valid. The error's code is the caller's to choose, but an amount
/// that is nil is a panic.
Status<Error> validate_coins(const Coins& coins);
/// validate_coins with an error of the "sdk" codespace.
Status<Error> check_coins(const Coins& coins, SdkCode code);
/// "5pol,7xyz", as the SDK prints coins in events and errors.
std::string to_text(const Coins& coins);
/// The amount of `denom`, zero if it is not among them.
Integer amount_of(const Coins& coins, std::string_view denom);
/// Sum by denomination, ascending, zeros dropped. Errors: kPanic when a sum leaves 256 bits.
Outcome<Coins> add_coins(const Coins& a, const Coins& b);
/// Difference by denomination; nothing negative: kPanic otherwise, as the SDK's Sub.
Outcome<Coins> subtract_coins(const Coins& a, const Coins& b);
/// Whether every denomination of `b` is covered by `a`.
bool covers(const Coins& a, const Coins& b);

}  // namespace buri::consensus::runtime
