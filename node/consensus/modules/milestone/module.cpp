#include "node/consensus/modules/milestone/module.hpp"

#include <map>

#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/modules/milestone/query_types.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::QueryError;
using runtime::QueryResult;

Outcome<codec::Any> update_params(const Keeper& keeper, const Context& context,
                                  const MsgUpdateParams& message) {
  RETURN_IF_ERROR(auth::check_authority(message.authority));
  RETURN_IF_ERROR(keeper.set_params(context, message.params));
  return codec::pack(MsgUpdateParamsResponse{});
}

Failure<QueryError> internal(const Error& error) {
  return Failure{QueryError{QueryError::Code::kInternal, error.log}};
}

QueryResult<QueryMilestoneResponse> milestone_by_number(const Keeper& keeper,
                                                        const Context& context,
                                                        const QueryMilestoneRequest& request) {
  const auto count = keeper.count(context);
  if (!count.ok()) return internal(runtime::plain_error("failed to get milestone count"));
  if (request.number == 0 || request.number > *count) {
    return Failure{QueryError{QueryError::Code::kNotFound, "milestone number out of range"}};
  }
  auto milestone = keeper.by_number(context, request.number);
  if (!milestone.ok()) return internal(milestone.error());
  if (!*milestone) {
    return Failure{QueryError{QueryError::Code::kUnknown, "collections: not found"}};
  }
  return QueryMilestoneResponse{**std::move(milestone)};
}

Status<Error> for_each_milestone(const runtime::GenesisSection& section,
                                 const std::function<Status<Error>(Milestone)>& visit) {
  return section.for_each("milestones", [&visit](const JsonCursor& element) -> Status<Error> {
    auto milestone = codec::from_json<Milestone>(element);
    if (!milestone.ok()) return Failure{runtime::genesis_error(kCodespace, milestone.error())};
    return visit(std::move(milestone).value());
  });
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
  milestone::register_messages(registry, keeper_);
}

void Module::register_queries(runtime::QueryRouter& router) {
  router.add<QueryParamsRequest, QueryParamsResponse>(
      "heimdallv2.milestone.Query/GetMilestoneParams",
      [this](const Context& context,
             const QueryParamsRequest&) -> QueryResult<QueryParamsResponse> {
        const auto params = keeper_.params(context);
        if (!params.ok()) return internal(params.error());
        return QueryParamsResponse{*params};
      });
  router.add<QueryCountRequest, QueryCountResponse>(
      "heimdallv2.milestone.Query/GetMilestoneCount",
      [this](const Context& context, const QueryCountRequest&) -> QueryResult<QueryCountResponse> {
        const auto count = keeper_.count(context);
        if (!count.ok()) return internal(count.error());
        return QueryCountResponse{*count};
      });
  router.add<QueryLatestMilestoneRequest, QueryLatestMilestoneResponse>(
      "heimdallv2.milestone.Query/GetLatestMilestone",
      [this](const Context& context,
             const QueryLatestMilestoneRequest&) -> QueryResult<QueryLatestMilestoneResponse> {
        auto last = keeper_.last(context);
        if (!last.ok()) return internal(last.error());
        return QueryLatestMilestoneResponse{std::move(last).value()};
      });
  router.add<QueryMilestoneRequest, QueryMilestoneResponse>(
      "heimdallv2.milestone.Query/GetMilestoneByNumber",
      [this](const Context& context, const QueryMilestoneRequest& request) {
        return milestone_by_number(keeper_, context, request);
      });
}

Status<Error> Module::import_by_time(const Context& context,
                                     const runtime::GenesisSection& section) const {
  std::multimap<std::uint64_t, Milestone> by_time;
  RETURN_IF_ERROR(for_each_milestone(section, [&](Milestone milestone) -> Status<Error> {
    by_time.emplace(milestone.timestamp, std::move(milestone));
    return Unit{};
  }));
  RETURN_IF_ERROR(keeper_.restart_numbers(context));
  for (auto& [time, milestone] : by_time) {
    RETURN_IF_ERROR(keeper_.add(context, std::move(milestone)));
  }
  return Unit{};
}

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  const auto state = codec::from_json<GenesisState>(section.rest());
  if (!state.ok()) return Failure{runtime::genesis_error(kCodespace, state.error())};
  RETURN_IF_ERROR(keeper_.set_params(context, state->params));
  // Millions of milestones may come, so nothing of them stays: no list, since as exported they are
  // in the order of their times, and no events, which nobody sees of a genesis.
  bool is_in_order = true;
  std::uint64_t newest = 0;
  RETURN_IF_ERROR(for_each_milestone(section, [&](Milestone milestone) -> Status<Error> {
    is_in_order = is_in_order && newest <= milestone.timestamp;
    newest = milestone.timestamp;
    if (!is_in_order) return Unit{};
    runtime::EventLog unseen;
    return keeper_.add(context.with_events(unseen), std::move(milestone));
  }));
  return is_in_order ? Status<Error>(Unit{}) : import_by_time(context, section);
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  ASSIGN_OR_RETURN(const Params params, keeper_.params(context));
  sink.text() += "{\"params\":";
  codec::append_json(sink.text(), params);
  sink.text() += ',';
  sink.begin_array("milestones");
  RETURN_IF_ERROR(keeper_.for_each(context, runtime::message_elements(sink)));
  sink.end_array();
  sink.text() += '}';
  return Unit{};
}

}  // namespace buri::consensus::modules::milestone
