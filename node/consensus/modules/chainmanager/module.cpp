#include "node/consensus/modules/chainmanager/module.hpp"

#include "node/consensus/modules/auth/messages.hpp"

namespace buri::consensus::modules::chainmanager {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::QueryError;
using runtime::QueryResult;

constexpr std::uint32_t kInvalidParams = 1;

Outcome<codec::Any> update_params(const Keeper& keeper, const Context& context,
                                  const MsgUpdateParams& message) {
  RETURN_IF_ERROR(auth::check_authority(message.authority));
  const auto valid = validate(message.params);
  if (!valid.ok()) {
    return Failure{runtime::make_error(kCodespace, kInvalidParams, "invalid params",
                                       "invalid chainmanager params; " + valid.error().log)};
  }
  RETURN_IF_ERROR(keeper.set_params(context, message.params));
  return codec::pack(MsgUpdateParamsResponse{});
}

}  // namespace

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper) {
  registry.add<MsgUpdateParams>(
      {.signers = [](const MsgUpdateParams& message) { return std::vector{message.authority}; },
       .handle =
           [keeper](const Context& context, const MsgUpdateParams& message) {
             return update_params(keeper, context, message);
           }});
}

void Module::register_messages(runtime::MessageRegistry& registry) {
  chainmanager::register_messages(registry, keeper_);
}

void Module::register_queries(runtime::QueryRouter& router) {
  router.add<QueryParamsRequest, QueryParamsResponse>(
      "heimdallv2.chainmanager.Query/GetChainManagerParams",
      [this](const Context& context,
             const QueryParamsRequest&) -> QueryResult<QueryParamsResponse> {
        auto params = keeper_.params(context);
        if (!params.ok()) {
          return Failure{QueryError{QueryError::Code::kInternal, params.error().log}};
        }
        return QueryParamsResponse{std::move(params).value()};
      });
}

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  auto state = codec::from_json<GenesisState>(section.rest());
  if (!state.ok()) return Failure{runtime::genesis_error(kCodespace, state.error())};
  state->params.chain_params.heimdall_chain_id = context.block().chain_id;
  return keeper_.set_params(context, state->params);
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  ASSIGN_OR_RETURN(Params params, keeper_.params(context));
  codec::append_json(sink.text(), GenesisState{std::move(params)});
  return Unit{};
}

}  // namespace buri::consensus::modules::chainmanager
