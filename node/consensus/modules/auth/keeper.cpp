#include "node/consensus/modules/auth/keeper.hpp"

#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/integer.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::auth {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Key;
using runtime::Outcome;
using runtime::plain_error;

constexpr std::string_view kProposerKey = "proposer";

Key params_key() { return Key(0x00); }
Key account_key(const Address& address) { return Key(0x01).raw(address); }
Key next_number_key() { return Key(0x02); }
Key number_key(std::uint64_t number) { return Key("accountNumber").number(number); }

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kAuth);
}

std::vector<std::string> permissions_of(std::string_view module) {
  if (module == kTopupModule) return {"minter", "burner"};
  return {};
}

Status<Error> invalid(std::string_view what, std::uint64_t value) {
  return Failure{plain_error("invalid " + std::string(what) + ": " + std::to_string(value))};
}

}  // namespace

Outcome<Params> Keeper::params(const Context& context) const {
  ASSIGN_OR_RETURN(auto params, runtime::read_message<Params>(store_of(context), params_key()));
  return params.value_or(Params{});
}

Status<Error> Keeper::set_params(const Context& context, const Params& params) const {
  return runtime::write_message(store_of(context), params_key(), params);
}

Outcome<std::optional<Account>> Keeper::get(const Context& context, const Address& address) const {
  ASSIGN_OR_RETURN(auto any, runtime::read_message<Any>(store_of(context), account_key(address)));
  if (!any) return std::optional<Account>{};
  auto account = account_from_any(*any);
  if (!account) return Failure{runtime::fatal("a stored account does not decode")};
  return account;
}

Outcome<bool> Keeper::has(const Context& context, const Address& address) const {
  return store_of(context).has(account_key(address));
}

Status<Error> Keeper::set(const Context& context, const Account& account) const {
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const auto previous, get(context, account.address));
  if (previous) RETURN_IF_ERROR(store.remove(number_key(previous->number)));
  ASSIGN_OR_RETURN(const bool is_taken, store.has(number_key(account.number)));
  if (is_taken) return Failure{runtime::panic("uniqueness constrain violation of an account")};
  RETURN_IF_ERROR(store.set(number_key(account.number), account.address));
  return runtime::write_message(store, account_key(account.address), to_any(account));
}

Outcome<std::uint64_t> Keeper::take_number(const Context& context) const {
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const auto next, runtime::read_counter(store, next_number_key()));
  const std::uint64_t number = next.value_or(0);
  RETURN_IF_ERROR(runtime::write_counter(store, next_number_key(), number + 1));
  return number;
}

Status<Error> Keeper::create(const Context& context, const Address& address) const {
  ASSIGN_OR_RETURN(const std::uint64_t number, take_number(context));
  return set(context, Account{.address = address, .number = number});
}

Outcome<Account> Keeper::module_account(const Context& context, std::string_view module) const {
  const Address address = runtime::module_address(module);
  ASSIGN_OR_RETURN(auto account, get(context, address));
  if (account) {
    if (!account->module) return Failure{runtime::panic("account is not a module account")};
    return *std::move(account);
  }
  ASSIGN_OR_RETURN(const std::uint64_t number, take_number(context));
  Account made{.address = address,
               .number = number,
               .module = std::string(module),
               .permissions = permissions_of(module)};
  RETURN_IF_ERROR(set(context, made));
  return made;
}

Status<Error> Keeper::for_each(const Context& context,
                               const std::function<Status<Error>(const Account&)>& visit) const {
  ASSIGN_OR_RETURN(auto entries, store_of(context).iterate(store::prefix_range(Key(0x01))));
  while (entries.valid()) {
    const auto any = codec::decode<Any>(entries.value());
    const auto account = any.ok() ? account_from_any(*any) : std::nullopt;
    if (!account) return Failure{runtime::fatal("a stored account does not decode")};
    RETURN_IF_ERROR(visit(*account));
    RETURN_IF_ERROR(entries.next());
  }
  return Unit{};
}

Outcome<std::optional<Address>> Keeper::block_proposer(const Context& context) const {
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const bool is_set, store.has(as_bytes(kProposerKey)));
  if (!is_set) return std::optional<Address>{};
  ASSIGN_OR_RETURN(const auto bytes, store.get(as_bytes(kProposerKey)));
  if (!bytes || bytes->size() != Address::kSize) {
    return Failure{runtime::fatal("the stored proposer is no address")};
  }
  return std::optional<Address>(Address::from(*bytes));
}

Status<Error> Keeper::set_block_proposer(const Context& context, const Address& proposer) const {
  return store_of(context).set(as_bytes(kProposerKey), proposer);
}

Status<Error> Keeper::remove_block_proposer(const Context& context) const {
  return store_of(context).remove(as_bytes(kProposerKey));
}

Status<Error> validate(const Params& params) {
  if (params.tx_sig_limit != 1) return invalid("tx signature limit", params.tx_sig_limit);
  if (params.sig_verify_cost_ed25519 == 0) return invalid("ED25519 signature verification cost", 0);
  if (params.sig_verify_cost_secp256k1 == 0) {
    return invalid("SECK256k1 signature verification cost", 0);
  }
  if (params.max_memo_characters == 0) return invalid("max memo characters", 0);
  if (params.tx_size_cost_per_byte == 0) return invalid("tx size cost per byte", 0);
  if (params.max_tx_gas == 0) return invalid("max tx gas", 0);
  const auto fees = runtime::Integer::from_decimal(params.tx_fees);
  if (!fees) {
    return Failure{
        plain_error("invalid tx fees: " + params.tx_fees + ", should be valid big integer")};
  }
  if (!fees->is_positive()) {
    return Failure{
        plain_error("invalid tx fees: " + params.tx_fees + ", should be greater than 0")};
  }
  return Unit{};
}

}  // namespace buri::consensus::modules::auth
