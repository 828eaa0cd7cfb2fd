#include "node/consensus/modules/bank/module.hpp"
#include "node/consensus/modules/bank/query_types.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/typed_store.hpp"

/// Queries of module bank. No meter limits them. No account of this chain has locked coins, so that
/// what is spendable is the balance.

namespace buri::consensus::modules::bank {
namespace {

using runtime::answer_of;
using runtime::Context;
using runtime::Error;
using runtime::Integer;
using runtime::Key;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::refuse;
using Code = QueryError::Code;

QueryResult<Address> asked_address(const std::string& text) {
  const auto address = runtime::parse_address(text);
  if (address.ok()) return *address;
  return refuse(Code::kInvalidArgument, "invalid address: " + address.error().log);
}

Status<QueryError> check_denom(const std::string& denom) {
  if (runtime::is_valid_denom(denom)) return Unit{};
  return refuse(Code::kInvalidArgument, "invalid denom: " + denom);
}

Integer amount_in(ByteView value) { return Integer::from_text(as_text(value)).value_or(Integer{}); }

/// One page of the entries under a prefix.
template <class Visit>
QueryResult<runtime::PageResponse> page_of(const Context& context, const Key& prefix,
                                           const OptionalPage& page, const Visit& visit) {
  return answer_of(runtime::paginate(context.store(runtime::StoreId::kBank), prefix,
                                     page.value_or(runtime::PageRequest{}),
                                     [&visit](ByteView key, ByteView value) -> Status<Error> {
                                       visit(key, value);
                                       return Unit{};
                                     }));
}

QueryResult<QueryBalanceResponse> balance(const Context& context,
                                          const QueryBalanceRequest& request) {
  ASSIGN_OR_RETURN(const Address address, asked_address(request.address));
  RETURN_IF_ERROR(check_denom(request.denom));
  ASSIGN_OR_RETURN(const Integer amount,
                   answer_of(Keeper().balance(context, address, request.denom)));
  return QueryBalanceResponse{Coin{request.denom, amount}};
}

QueryResult<QueryAllBalancesResponse> balances(const Context& context,
                                               const QueryAllBalancesRequest& request) {
  ASSIGN_OR_RETURN(const Address address, asked_address(request.address));
  QueryAllBalancesResponse answer;
  ASSIGN_OR_RETURN(answer.pagination, page_of(context, Key(0x02).sized(address), request.pagination,
                                              [&answer](ByteView key, ByteView value) {
                                                answer.balances.push_back(
                                                    {std::string(as_text(key)), amount_in(value)});
                                              }));
  return answer;
}

QueryResult<QueryTotalSupplyResponse> total_supply(const Context& context,
                                                   const QueryTotalSupplyRequest& request) {
  QueryTotalSupplyResponse answer;
  ASSIGN_OR_RETURN(
      answer.pagination,
      page_of(context, Key(0x00), request.pagination, [&answer](ByteView key, ByteView value) {
        answer.supply.push_back({std::string(as_text(key)), amount_in(value)});
      }));
  return answer;
}

QueryResult<QuerySupplyOfResponse> supply_of(const Context& context,
                                             const QueryDenomRequest& request) {
  RETURN_IF_ERROR(check_denom(request.denom));
  ASSIGN_OR_RETURN(const Integer amount, answer_of(Keeper().supply(context, request.denom)));
  return QuerySupplyOfResponse{{request.denom, amount}};
}

QueryResult<QueryDenomMetadataResponse> metadata(const Context& context,
                                                 const QueryDenomRequest& request) {
  RETURN_IF_ERROR(check_denom(request.denom));
  ASSIGN_OR_RETURN(auto found,
                   answer_of(runtime::read_message<Metadata>(context.store(runtime::StoreId::kBank),
                                                             Key(0x01).text(request.denom))));
  if (found) return QueryDenomMetadataResponse{*std::move(found)};
  return refuse(Code::kNotFound, "client metadata for denom " + request.denom);
}

QueryResult<QueryDenomsMetadataResponse> all_metadata(const Context& context,
                                                      const QueryDenomsMetadataRequest& request) {
  QueryDenomsMetadataResponse answer;
  ASSIGN_OR_RETURN(answer.pagination, page_of(context, Key(0x01), request.pagination,
                                              [&answer](ByteView, ByteView value) {
                                                auto decoded = codec::decode<Metadata>(value);
                                                if (decoded.ok())
                                                  answer.metadatas.push_back(*std::move(decoded));
                                              }));
  return answer;
}

QueryResult<QueryDenomOwnersResponse> owners(const Context& context,
                                             const QueryDenomRequest& request) {
  RETURN_IF_ERROR(check_denom(request.denom));
  QueryDenomOwnersResponse answer;
  std::vector<Address> addresses;
  ASSIGN_OR_RETURN(answer.pagination,
                   page_of(context, Key(0x03).ended_text(request.denom), request.pagination,
                           [&addresses](ByteView key, ByteView) {
                             addresses.push_back(Address::from(key.last(Address::kSize)));
                           }));
  for (const Address& address : addresses) {
    ASSIGN_OR_RETURN(const Integer amount,
                     answer_of(Keeper().balance(context, address, request.denom)));
    answer.denom_owners.push_back({runtime::to_text(address), {request.denom, amount}});
  }
  return answer;
}

/// google.protobuf.BoolValue: empty for false.
SendEnabled send_enabled_of(ByteView denom, ByteView value) {
  return {std::string(as_text(denom)), !value.empty()};
}

QueryResult<QuerySendEnabledResponse> send_enabled(const Context& context,
                                                   const QuerySendEnabledRequest& request) {
  QuerySendEnabledResponse answer;
  const auto add = [&answer](ByteView denom, ByteView value) {
    answer.send_enabled.push_back(send_enabled_of(denom, value));
  };
  if (request.denoms.empty()) {
    ASSIGN_OR_RETURN(answer.pagination, page_of(context, Key(0x04), request.pagination, add));
    return answer;
  }
  for (const std::string& denom : request.denoms) {
    ASSIGN_OR_RETURN(const auto value,
                     answer_of(context.store(runtime::StoreId::kBank).get(Key(0x04).text(denom))));
    if (value) add(as_bytes(denom), *value);
  }
  return answer;
}

std::string method(std::string_view name) {
  return "cosmos.bank.v1beta1.Query/" + std::string(name);
}

}  // namespace

void Module::register_queries(runtime::QueryRouter& router) {
  router.add<QueryParamsRequest, QueryParamsResponse>(
      method("Params"),
      [](const Context& context, const QueryParamsRequest&) -> QueryResult<QueryParamsResponse> {
        ASSIGN_OR_RETURN(Params params, answer_of(Keeper().params(context)));
        return QueryParamsResponse{std::move(params)};
      });
  for (const std::string_view name : {"Balance", "SpendableBalanceByDenom"}) {
    router.add<QueryBalanceRequest, QueryBalanceResponse>(method(name), &balance);
  }
  for (const std::string_view name : {"AllBalances", "SpendableBalances"}) {
    router.add<QueryAllBalancesRequest, QueryAllBalancesResponse>(method(name), &balances);
  }
  router.add<QueryTotalSupplyRequest, QueryTotalSupplyResponse>(method("TotalSupply"),
                                                                &total_supply);
  router.add<QueryDenomRequest, QuerySupplyOfResponse>(method("SupplyOf"), &supply_of);
  for (const std::string_view name : {"DenomMetadata", "DenomMetadataByQueryString"}) {
    router.add<QueryDenomRequest, QueryDenomMetadataResponse>(method(name), &metadata);
  }
  router.add<QueryDenomsMetadataRequest, QueryDenomsMetadataResponse>(method("DenomsMetadata"),
                                                                      &all_metadata);
  for (const std::string_view name : {"DenomOwners", "DenomOwnersByQuery"}) {
    router.add<QueryDenomRequest, QueryDenomOwnersResponse>(method(name), &owners);
  }
  router.add<QuerySendEnabledRequest, QuerySendEnabledResponse>(method("SendEnabled"),
                                                                &send_enabled);
}

}  // namespace buri::consensus::modules::bank
