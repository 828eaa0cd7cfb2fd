#include "node/consensus/modules/auth/module.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::auth {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

/// Gives accounts whose number another one has the lowest numbers that are free.
void number_apart(std::vector<Account>& accounts) {
  std::set<std::uint64_t> used;
  std::map<std::uint64_t, std::vector<Account*>> duplicates;
  for (Account& account : accounts) {
    if (!used.insert(account.number).second) duplicates[account.number].push_back(&account);
  }
  std::uint64_t next = 0;
  for (const auto& [number, group] : duplicates) {
    for (Account* account : group) {
      while (used.contains(next)) ++next;
      account->number = next;
      used.insert(next);
    }
  }
}

Outcome<std::vector<Account>> read_accounts(const runtime::GenesisSection& section,
                                            const runtime::MessageRegistry& registry) {
  std::vector<Account> accounts;
  RETURN_IF_ERROR(section.for_each("accounts", [&](const JsonCursor& element) -> Status<Error> {
    const auto any = registry.any_json().read(element);
    if (!any.ok()) return Failure{runtime::genesis_error("auth", any.error())};
    auto account = account_from_any(*any);
    if (!account) {
      return Failure{runtime::genesis_error("auth", element.error("an account"))};
    }
    accounts.push_back(*std::move(account));
    return Unit{};
  }));
  return accounts;
}

Outcome<Params> read_params(const runtime::GenesisSection& section) {
  const auto member = codec::json_member(section.rest(), "params");
  if (!member) return Params{};
  auto params = codec::from_json<Params>(*member);
  if (!params.ok()) return Failure{runtime::genesis_error("auth", params.error())};
  return std::move(params).value();
}

}  // namespace

void Module::register_messages(runtime::MessageRegistry& registry) {
  auth::register_messages(registry, keeper_);
}

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  ASSIGN_OR_RETURN(const Params params, read_params(section));
  RETURN_IF_ERROR(keeper_.set_params(context, params));
  ASSIGN_OR_RETURN(std::vector<Account> accounts, read_accounts(section, *registry_));
  number_apart(accounts);
  std::ranges::sort(accounts, {}, &Account::number);
  std::optional<std::uint64_t> last;
  for (const Account& account : accounts) {
    while (!last || *last < account.number) {
      ASSIGN_OR_RETURN(last, keeper_.take_number(context));
    }
    RETURN_IF_ERROR(keeper_.set(context, account));
  }
  RETURN_IF_ERROR(keeper_.module_account(context, kFeeCollector));
  return Unit{};
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  ASSIGN_OR_RETURN(const Params params, keeper_.params(context));
  sink.text() += "{\"params\":";
  codec::append_json(sink.text(), params);
  sink.text() += ',';
  sink.begin_array("accounts");
  RETURN_IF_ERROR(keeper_.for_each(context, [&](const Account& account) -> Status<Error> {
    RETURN_IF_ERROR(sink.next_element());
    if (!registry_->any_json().write(sink.text(), to_any(account))) {
      return Failure{runtime::fatal("an account does not print")};
    }
    return Unit{};
  }));
  sink.end_array();
  sink.text() += '}';
  return Unit{};
}

}  // namespace buri::consensus::modules::auth
