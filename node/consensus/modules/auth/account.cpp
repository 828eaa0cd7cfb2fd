#include "node/consensus/modules/auth/account.hpp"

#include "node/consensus/codec/message.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::auth {
namespace {

std::optional<Account> from_base(BaseAccount base) {
  const auto address = runtime::parse_address(base.address);
  if (!address.ok()) return std::nullopt;
  return Account{.address = *address,
                 .public_key = std::move(base.pub_key),
                 .number = base.account_number,
                 .sequence = base.sequence};
}

}  // namespace

Any to_any(const Account& account) {
  BaseAccount base{.address = runtime::to_text(account.address),
                   .pub_key = account.public_key,
                   .account_number = account.number,
                   .sequence = account.sequence};
  if (!account.module) return codec::pack(base);
  return codec::pack(ModuleAccount{.base_account = std::move(base),
                                   .name = *account.module,
                                   .permissions = account.permissions});
}

std::optional<Account> account_from_any(const Any& any) {
  if (any.type_url == codec::type_url<BaseAccount>()) {
    auto base = codec::decode<BaseAccount>(any.value);
    if (!base.ok()) return std::nullopt;
    return from_base(std::move(base).value());
  }
  if (any.type_url != codec::type_url<ModuleAccount>()) return std::nullopt;
  auto module = codec::decode<ModuleAccount>(any.value);
  if (!module.ok() || !module->base_account) return std::nullopt;
  auto account = from_base(*std::move(module->base_account));
  if (!account) return std::nullopt;
  account->module = std::move(module->name);
  account->permissions = std::move(module->permissions);
  return account;
}

}  // namespace buri::consensus::modules::auth
