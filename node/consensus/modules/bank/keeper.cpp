#include "node/consensus/modules/bank/keeper.hpp"

#include <algorithm>

#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::bank {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Event;
using runtime::Integer;
using runtime::Key;
using runtime::Outcome;
using runtime::sdk_error;
using runtime::SdkCode;
using runtime::to_text;

Key supply_key(std::string_view denom) { return Key(0x00).text(denom); }
Key balance_key(const Address& address, std::string_view denom) {
  return Key(0x02).sized(address).text(denom);
}
Key denom_index_key(const Address& address, std::string_view denom) {
  return Key(0x03).ended_text(denom).sized(address);
}
Key send_enabled_key(std::string_view denom) { return Key(0x04).text(denom); }
Key params_key() { return Key(0x05); }

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kBank);
}

/// google.protobuf.BoolValue.
struct BoolValue {
  bool value = false;
  static constexpr std::string_view kName = "google.protobuf.BoolValue";
  static constexpr auto fields() { return fields_of(Field{1, "value", &BoolValue::value}); }
};

Outcome<Integer> read_integer(const runtime::MeteredStore& store, ByteView key) {
  ASSIGN_OR_RETURN(const auto bytes, store.get(key));
  if (!bytes) return Integer{};
  const auto value = Integer::from_text(as_text(*bytes));
  if (!value) return Failure{runtime::fatal("a stored amount is no number")};
  return *value;
}

Status<Error> check_valid(const Coins& coins) {
  return runtime::check_coins(coins, SdkCode::kInvalidCoins);
}

Outcome<Integer> sum(const Integer& a, const Integer& b) {
  const auto result = runtime::add(a, b);
  if (!result) return Failure{runtime::panic("Int overflow")};
  return *result;
}

/// The panic of an account that lacks a permission; what it says is in no hash.
Status<Error> check_permission(const auth::Account& account, std::string_view permission) {
  if (std::ranges::find(account.permissions, permission) != account.permissions.end()) {
    return Unit{};
  }
  return Failure{
      runtime::panic("module account does not have permission " + std::string(permission))};
}

Event coins_event(std::string_view type, std::string_view role, const Address& who,
                  const Coins& coins) {
  return {std::string(type), {{std::string(role), to_text(who)}, {"amount", to_text(coins)}}};
}

}  // namespace

bool is_blocked(const Address& address) {
  static const Address fee_collector = runtime::module_address(auth::kFeeCollector);
  return address == fee_collector;
}

Outcome<Params> Keeper::params(const Context& context) const {
  ASSIGN_OR_RETURN(auto params, runtime::read_message<Params>(store_of(context), params_key()));
  return params.value_or(Params{});
}

Status<Error> Keeper::set_params(const Context& context, const Params& params) const {
  for (const SendEnabled& entry : params.send_enabled) {
    RETURN_IF_ERROR(set_send_enabled(context, entry.denom, entry.enabled));
  }
  return runtime::write_message(store_of(context), params_key(),
                                Params{.default_send_enabled = params.default_send_enabled});
}

Status<Error> Keeper::set_send_enabled(const Context& context, std::string_view denom,
                                       bool enabled) const {
  return runtime::write_message(store_of(context), send_enabled_key(denom), BoolValue{enabled});
}

Status<Error> Keeper::remove_send_enabled(const Context& context, std::string_view denom) const {
  return store_of(context).remove(send_enabled_key(denom));
}

Status<Error> Keeper::check_send_enabled(const Context& context, const Coins& coins) const {
  if (coins.empty()) return Unit{};
  ASSIGN_OR_RETURN(const Params defaults, params(context));
  const auto store = store_of(context);
  for (const Coin& coin : coins) {
    bool is_enabled = defaults.default_send_enabled;
    ASSIGN_OR_RETURN(const bool has_entry, store.has(send_enabled_key(coin.denom)));
    if (has_entry) {
      ASSIGN_OR_RETURN(const auto entry,
                       runtime::read_message<BoolValue>(store, send_enabled_key(coin.denom)));
      is_enabled = entry && entry->value;
    }
    if (!is_enabled) {
      return Failure{runtime::make_error(kCodespace, 5, "send transactions are disabled",
                                         coin.denom + " transfers are currently disabled")};
    }
  }
  return Unit{};
}

Outcome<Integer> Keeper::balance(const Context& context, const Address& address,
                                 std::string_view denom) const {
  return read_integer(store_of(context), balance_key(address, denom));
}

Outcome<Coins> Keeper::balances(const Context& context, const Address& address) const {
  const Key prefix = Key(0x02).sized(address);
  ASSIGN_OR_RETURN(auto entries, store_of(context).iterate(store::prefix_range(prefix)));
  Coins coins;
  while (entries.valid()) {
    const auto amount = Integer::from_text(as_text(entries.value()));
    if (!amount) return Failure{runtime::fatal("a stored amount is no number")};
    const ByteView denom = entries.key().subspan(prefix.bytes().size());
    coins.push_back({std::string(as_text(denom)), *amount});
    RETURN_IF_ERROR(entries.next());
  }
  return coins;
}

Status<Error> Keeper::set_balance(const Context& context, const Address& address,
                                  const Coin& balance) const {
  const auto store = store_of(context);
  if (balance.amount.is_zero()) {
    RETURN_IF_ERROR(store.remove(denom_index_key(address, balance.denom)));
    return store.remove(balance_key(address, balance.denom));
  }
  RETURN_IF_ERROR(store.set(denom_index_key(address, balance.denom), {}));
  return store.set(balance_key(address, balance.denom), as_bytes(balance.amount.to_text()));
}

Outcome<Integer> Keeper::supply(const Context& context, std::string_view denom) const {
  return read_integer(store_of(context), supply_key(denom));
}

Status<Error> Keeper::set_supply(const Context& context, const Coin& supply) const {
  const auto store = store_of(context);
  if (supply.amount.is_zero()) return store.remove(supply_key(supply.denom));
  return store.set(supply_key(supply.denom), as_bytes(supply.amount.to_text()));
}

Status<Error> Keeper::subtract(const Context& context, const Address& from,
                               const Coins& coins) const {
  RETURN_IF_ERROR(check_valid(coins));
  // Looks for locked coins, which no account type of this chain has.
  RETURN_IF_ERROR(accounts_.get(context, from));
  for (const Coin& coin : coins) {
    ASSIGN_OR_RETURN(const Integer held, balance(context, from, coin.denom));
    if (held < coin.amount) {
      return Failure{sdk_error(SdkCode::kInsufficientFunds, "spendable balance " + held.to_text() +
                                                                coin.denom + " is smaller than " +
                                                                to_text({coin}))};
    }
    RETURN_IF_ERROR(
        set_balance(context, from, Coin{coin.denom, *runtime::subtract(held, coin.amount)}));
  }
  context.emit(coins_event("coin_spent", "spender", from, coins));
  return Unit{};
}

Status<Error> Keeper::add(const Context& context, const Address& to, const Coins& coins) const {
  RETURN_IF_ERROR(check_valid(coins));
  for (const Coin& coin : coins) {
    ASSIGN_OR_RETURN(const Integer held, balance(context, to, coin.denom));
    ASSIGN_OR_RETURN(const Integer total, sum(held, coin.amount));
    RETURN_IF_ERROR(set_balance(context, to, Coin{coin.denom, total}));
  }
  context.emit(coins_event("coin_received", "receiver", to, coins));
  return Unit{};
}

Status<Error> Keeper::ensure_account(const Context& context, const Address& address) const {
  ASSIGN_OR_RETURN(const bool exists, accounts_.has(context, address));
  if (exists) return Unit{};
  return accounts_.create(context, address);
}

Status<Error> Keeper::send(const Context& context, const Address& from, const Address& to,
                           const Coins& coins) const {
  RETURN_IF_ERROR(subtract(context, from, coins));
  RETURN_IF_ERROR(add(context, to, coins));
  RETURN_IF_ERROR(ensure_account(context, to));
  context.emit(
      {"transfer",
       {{"recipient", to_text(to)}, {"sender", to_text(from)}, {"amount", to_text(coins)}}});
  context.emit({"message", {{"sender", to_text(from)}}});
  return Unit{};
}

Status<Error> Keeper::send_to_module(const Context& context, const Address& from,
                                     std::string_view module, const Coins& coins) const {
  ASSIGN_OR_RETURN(const auth::Account receiver, accounts_.module_account(context, module));
  return send(context, from, receiver.address, coins);
}

Status<Error> Keeper::send_from_module(const Context& context, std::string_view module,
                                       const Address& to, const Coins& coins) const {
  if (is_blocked(to)) {
    return Failure{
        sdk_error(SdkCode::kUnauthorized, to_text(to) + " is not allowed to receive funds")};
  }
  return send(context, runtime::module_address(module), to, coins);
}

Status<Error> Keeper::send_between_modules(const Context& context, std::string_view from,
                                           std::string_view to, const Coins& coins) const {
  ASSIGN_OR_RETURN(const auth::Account receiver, accounts_.module_account(context, to));
  return send(context, runtime::module_address(from), receiver.address, coins);
}

Status<Error> Keeper::mint(const Context& context, std::string_view module,
                           const Coins& coins) const {
  ASSIGN_OR_RETURN(const auth::Account account, accounts_.module_account(context, module));
  RETURN_IF_ERROR(check_permission(account, "minter"));
  RETURN_IF_ERROR(add(context, account.address, coins));
  for (const Coin& coin : coins) {
    ASSIGN_OR_RETURN(const Integer before, supply(context, coin.denom));
    ASSIGN_OR_RETURN(const Integer after, sum(before, coin.amount));
    RETURN_IF_ERROR(set_supply(context, Coin{coin.denom, after}));
  }
  context.emit(coins_event("coinbase", "minter", account.address, coins));
  return Unit{};
}

Status<Error> Keeper::burn(const Context& context, std::string_view module,
                           const Coins& coins) const {
  ASSIGN_OR_RETURN(const auth::Account account, accounts_.module_account(context, module));
  RETURN_IF_ERROR(check_permission(account, "burner"));
  RETURN_IF_ERROR(subtract(context, account.address, coins));
  for (const Coin& coin : coins) {
    ASSIGN_OR_RETURN(const Integer before, supply(context, coin.denom));
    if (before < coin.amount) return Failure{runtime::panic("negative coin amount")};
    RETURN_IF_ERROR(set_supply(context, Coin{coin.denom, *runtime::subtract(before, coin.amount)}));
  }
  context.emit(coins_event("burn", "burner", account.address, coins));
  return Unit{};
}

}  // namespace buri::consensus::modules::bank
