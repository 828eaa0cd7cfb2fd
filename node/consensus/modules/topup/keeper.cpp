#include "node/consensus/modules/topup/keeper.hpp"

#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::topup {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Integer;
using runtime::Key;
using runtime::Outcome;
using runtime::plain_error;

constexpr std::uint8_t kSequencePrefix = 0x81;
constexpr std::uint8_t kAccountPrefix = 0x82;

Key sequence_key(std::string_view sequence) { return Key(kSequencePrefix).text(sequence); }
Key account_key(std::string_view user) { return Key(kAccountPrefix).text(user); }

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kTopup);
}

}  // namespace

Outcome<bool> Keeper::has_sequence(const Context& context, std::string_view sequence) const {
  return store_of(context).has(sequence_key(sequence));
}

Status<Error> Keeper::add_sequence(const Context& context, std::string_view sequence) const {
  return store_of(context).set(sequence_key(sequence), {});
}

Status<Error> Keeper::for_each_sequence(
    const Context& context, const std::function<Status<Error>(std::string_view)>& visit) const {
  ASSIGN_OR_RETURN(auto entries,
                   store_of(context).iterate(store::prefix_range(Key(kSequencePrefix))));
  while (entries.valid()) {
    RETURN_IF_ERROR(visit(as_text(entries.key().subspan(1))));
    RETURN_IF_ERROR(entries.next());
  }
  return Unit{};
}

Status<Error> Keeper::set_account(const Context& context, DividendAccount account) const {
  account.user = runtime::format_address(account.user);
  return runtime::write_message(store_of(context), account_key(account.user), account);
}

Status<Error> Keeper::add_fee(const Context& context, std::string_view user,
                              const Integer& fee) const {
  const auto store = store_of(context);
  DividendAccount account{.user = runtime::format_address(user), .fee_amount = "0"};
  ASSIGN_OR_RETURN(const bool is_known, store.has(account_key(account.user)));
  if (is_known) {
    ASSIGN_OR_RETURN(auto stored,
                     runtime::read_message<DividendAccount>(store, account_key(account.user)));
    if (stored) account = *std::move(stored);
  }
  const auto before = Integer::from_decimal(account.fee_amount);
  if (!before) {
    return Failure{plain_error("failed to set the old fee for dividend account")};
  }
  const auto after = runtime::add(*before, fee);
  if (!after) return Failure{runtime::panic("a dividend exceeds 256 bits")};
  account.fee_amount = after->to_text();
  return set_account(context, std::move(account));
}

Outcome<std::optional<DividendAccount>> Keeper::account(const Context& context,
                                                        std::string_view user) const {
  return runtime::read_message<DividendAccount>(store_of(context),
                                                account_key(runtime::format_address(user)));
}

Outcome<std::vector<DividendAccount>> Keeper::accounts(const Context& context) const {
  return runtime::read_messages<DividendAccount>(
      store_of(context), store::prefix_range(Key(kAccountPrefix)), "dividend account");
}

Status<Error> Keeper::for_each_account(
    const Context& context,
    const std::function<Status<Error>(const DividendAccount&)>& visit) const {
  return runtime::for_each_message<DividendAccount>(
      store_of(context), store::prefix_range(Key(kAccountPrefix)), "dividend account", visit);
}

}  // namespace buri::consensus::modules::topup
