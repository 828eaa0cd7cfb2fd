#include <algorithm>
#include <array>

#include "node/consensus/modules/auth/module.hpp"
#include "node/consensus/modules/auth/query_types.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/go_text.hpp"
#include "node/consensus/runtime/keys.hpp"

/// Queries of module auth. No meter limits them.

namespace buri::consensus::modules::auth {
namespace {

using runtime::answer_of;
using runtime::Context;
using runtime::Error;
using runtime::Key;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::refuse;
using Code = QueryError::Code;

constexpr std::array<std::string_view, 3> kModules{kFeeCollector, kGovModule, kTopupModule};

/// What the gateway makes of an error that the SDK registered: the registered text comes first.
QueryError gateway_error(const Error& error) {
  const std::string_view log = error.log;
  const std::size_t colon = log.rfind(": ");
  std::string text = "codespace " + error.codespace + " code " + std::to_string(error.code) + ": ";
  if (colon == log.npos) return {Code::kUnknown, text + error.log};
  text += std::string(log.substr(colon + 2)) + ": " + std::string(log.substr(0, colon));
  return {Code::kUnknown, std::move(text)};
}

QueryResult<Account> account_at(const Context& context, const std::string& text) {
  const auto address = runtime::parse_address(text);
  if (!address.ok()) return Failure{gateway_error(address.error())};
  ASSIGN_OR_RETURN(auto account, answer_of(Keeper().get(context, *address)));
  if (account) return *std::move(account);
  return refuse(Code::kNotFound, "account " + text + " not found");
}

QueryResult<QueryAccountResponse> account(const Context& context,
                                          const QueryAccountRequest& request) {
  ASSIGN_OR_RETURN(const Account found, account_at(context, request.address));
  return QueryAccountResponse{to_any(found)};
}

QueryResult<QueryAccountInfoResponse> info(const Context& context,
                                           const QueryAccountRequest& request) {
  ASSIGN_OR_RETURN(const Account found, account_at(context, request.address));
  return QueryAccountInfoResponse{BaseAccount{.address = runtime::to_text(found.address),
                                              .pub_key = found.public_key,
                                              .account_number = found.number,
                                              .sequence = found.sequence}};
}

QueryResult<QueryAccountsResponse> accounts(const Context& context,
                                            const QueryAccountsRequest& request) {
  QueryAccountsResponse answer;
  const auto page = request.pagination.value_or(runtime::PageRequest{});
  ASSIGN_OR_RETURN(answer.pagination, answer_of(runtime::paginate(
                                          context.store(runtime::StoreId::kAuth), Key(0x01), page,
                                          [&answer](ByteView, ByteView value) -> Status<Error> {
                                            auto any = codec::decode<Any>(value);
                                            if (any.ok())
                                              answer.accounts.push_back(*std::move(any));
                                            return Unit{};
                                          })));
  return answer;
}

QueryResult<QueryAccountAddressByIDResponse> address_by_id(
    const Context& context, const QueryAccountAddressByIDRequest& request) {
  if (request.id != 0) {
    return refuse(Code::kInvalidArgument,
                  "requesting with id isn't supported, try to request using account-id");
  }
  const Key key = Key("accountNumber").number(request.account_id);
  ASSIGN_OR_RETURN(const auto address, answer_of(context.store(runtime::StoreId::kAuth).get(key)));
  if (address && address->size() == Address::kSize) {
    return QueryAccountAddressByIDResponse{runtime::to_text(Address::from(*address))};
  }
  return refuse(Code::kNotFound, "account address not found with account number " +
                                     std::to_string(request.account_id));
}

QueryResult<std::optional<Any>> module_account(const Context& context, std::string_view module) {
  ASSIGN_OR_RETURN(const auto found,
                   answer_of(Keeper().get(context, runtime::module_address(module))));
  if (!found) return std::optional<Any>{};
  return std::optional<Any>(to_any(*found));
}

QueryResult<QueryModuleAccountsResponse> module_accounts(
    const Context& context, const QueryModuleAccountsRequest& /*request*/) {
  QueryModuleAccountsResponse answer;
  for (const std::string_view module : kModules) {
    ASSIGN_OR_RETURN(auto found, module_account(context, module));
    if (found) answer.accounts.push_back(*std::move(found));
  }
  return answer;
}

QueryResult<QueryAccountResponse> module_account_by_name(
    const Context& context, const QueryModuleAccountByNameRequest& request) {
  if (request.name.empty()) return refuse(Code::kInvalidArgument, "module name is empty");
  if (std::ranges::find(kModules, request.name) != kModules.end()) {
    ASSIGN_OR_RETURN(auto found, module_account(context, request.name));
    if (found) return QueryAccountResponse{std::move(found)};
  }
  return refuse(Code::kNotFound, "account " + request.name + " not found");
}

QueryResult<AddressBytesToStringResponse> bytes_to_string(
    const Context& /*context*/, const AddressBytesToStringRequest& request) {
  if (request.address_bytes.empty()) {
    return refuse(Code::kUnknown, "empty address bytes is not allowed");
  }
  if (request.address_bytes.size() != Address::kSize) {
    return refuse(Code::kUnknown, "codespace sdk code 9: unknown address: invalid address");
  }
  return AddressBytesToStringResponse{runtime::to_text(Address::from(request.address_bytes))};
}

QueryResult<AddressStringToBytesResponse> string_to_bytes(
    const Context& /*context*/, const AddressStringToBytesRequest& request) {
  if (runtime::trim_space(request.address_string).empty()) {
    return refuse(Code::kUnknown, "empty address string is not allowed");
  }
  const auto address = runtime::parse_address(request.address_string);
  if (!address.ok()) {
    return refuse(Code::kUnknown, "codespace sdk code 9: unknown address: invalid address");
  }
  return AddressStringToBytesResponse{Bytes(address->bytes.begin(), address->bytes.end())};
}

std::string method(std::string_view name) {
  return "cosmos.auth.v1beta1.Query/" + std::string(name);
}

}  // namespace

void Module::register_queries(runtime::QueryRouter& router) {
  router.add<QueryParamsRequest, QueryParamsResponse>(
      method("Params"),
      [](const Context& context, const QueryParamsRequest&) -> QueryResult<QueryParamsResponse> {
        ASSIGN_OR_RETURN(Params params, answer_of(Keeper().params(context)));
        return QueryParamsResponse{std::move(params)};
      });
  router.add<QueryAccountRequest, QueryAccountResponse>(method("Account"), &account);
  router.add<QueryAccountRequest, QueryAccountInfoResponse>(method("AccountInfo"), &info);
  router.add<QueryAccountsRequest, QueryAccountsResponse>(method("Accounts"), &accounts);
  router.add<QueryAccountAddressByIDRequest, QueryAccountAddressByIDResponse>(
      method("AccountAddressByID"), &address_by_id);
  router.add<QueryModuleAccountsRequest, QueryModuleAccountsResponse>(method("ModuleAccounts"),
                                                                      &module_accounts);
  router.add<QueryModuleAccountByNameRequest, QueryAccountResponse>(method("ModuleAccountByName"),
                                                                    &module_account_by_name);
  router.add<AddressBytesToStringRequest, AddressBytesToStringResponse>(
      method("AddressBytesToString"), &bytes_to_string);
  router.add<AddressStringToBytesRequest, AddressStringToBytesResponse>(
      method("AddressStringToBytes"), &string_to_bytes);
}

}  // namespace buri::consensus::modules::auth
