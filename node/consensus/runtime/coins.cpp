#include "node/consensus/runtime/coins.hpp"

#include <algorithm>

namespace buri::consensus::runtime {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

Outcome<Integer> needed(std::optional<Integer> value) {
  if (!value) return Failure{panic("Int overflow")};
  return *value;
}

/// Merges two lists; `second_sign` is applied to b's amounts.
Outcome<Coins> combine(const Coins& a, const Coins& b, bool subtracts) {
  Coins all;
  const auto collect = [&all](const Coin& coin, bool negated) -> Status<Error> {
    const Integer amount = negated ? coin.amount.negated() : coin.amount;
    const auto place = std::ranges::lower_bound(all, coin.denom, {}, &Coin::denom);
    if (place == all.end() || place->denom != coin.denom) {
      all.insert(place, Coin{coin.denom, amount});
      return Unit{};
    }
    ASSIGN_OR_RETURN(place->amount, needed(add(place->amount, amount)));
    return Unit{};
  };
  for (const Coin& coin : a) RETURN_IF_ERROR(collect(coin, false));
  for (const Coin& coin : b) RETURN_IF_ERROR(collect(coin, subtracts));
  std::erase_if(all, [](const Coin& coin) { return coin.amount.is_zero(); });
  return all;
}

}  // namespace

bool is_valid_denom(std::string_view denom) {
  if (denom.size() < 3 || denom.size() > 128 || !is_letter(denom[0])) return false;
  return std::ranges::all_of(denom, [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("/:._-").find(c) != std::string_view::npos;
  });
}

Status<Error> validate_coins(const Coins& coins) {
  for (std::size_t i = 0; i < coins.size(); ++i) {
    const Coin& coin = coins[i];
    if (!is_valid_denom(coin.denom)) return Failure{plain_error("invalid denom: " + coin.denom)};
    if (i > 0 && coin.denom < coins[i - 1].denom) {
      return Failure{plain_error("denomination " + coin.denom + " is not sorted")};
    }
    if (i > 0 && coin.denom == coins[i - 1].denom) {
      return Failure{plain_error("duplicate denomination " + coin.denom)};
    }
    if (coin.amount.is_nil()) return Failure{nil_panic()};
    if (!coin.amount.is_positive()) {
      return Failure{plain_error("coin " + coin.denom + " amount is not positive")};
    }
  }
  return Unit{};
}

Status<Error> check_coins(const Coins& coins, SdkCode code) {
  auto valid = validate_coins(coins);
  if (valid.ok()) return valid;
  return Failure{
      std::move(valid).error().with_code(kSdkCodespace, static_cast<std::uint32_t>(code))};
}

std::string to_text(const Coins& coins) {
  std::string text;
  for (const Coin& coin : coins) {
    text += (text.empty() ? "" : ",") + coin.amount.to_text() + coin.denom;
  }
  return text;
}

Integer amount_of(const Coins& coins, std::string_view denom) {
  const auto coin = std::ranges::find(coins, denom, &Coin::denom);
  return coin == coins.end() ? Integer{} : coin->amount;
}

Outcome<Coins> add_coins(const Coins& a, const Coins& b) { return combine(a, b, false); }

Outcome<Coins> subtract_coins(const Coins& a, const Coins& b) {
  ASSIGN_OR_RETURN(Coins difference, combine(a, b, true));
  if (std::ranges::any_of(difference, &Integer::is_negative, &Coin::amount)) {
    return Failure{panic("negative coin amount")};
  }
  return difference;
}

bool covers(const Coins& a, const Coins& b) {
  return std::ranges::all_of(
      b, [&a](const Coin& coin) { return amount_of(a, coin.denom) >= coin.amount; });
}

}  // namespace buri::consensus::runtime
