#include "node/consensus/api/state_queries.hpp"

#include "node/consensus/modules/consensus/keeper.hpp"

namespace buri::consensus::api {
namespace {

using runtime::Error;
using runtime::Outcome;
using runtime::QueryError;
using runtime::sdk_error;
using runtime::SdkCode;

/// What Go's zero time is.
constexpr codec::Timestamp kNoTime{-62'135'596'800, 0};

}  // namespace

QueryError status_of(const Error& error) {
  if (error.codespace != runtime::kSdkCodespace) return {QueryError::Code::kUnknown, error.log};
  const std::string root(runtime::describe(static_cast<SdkCode>(error.code)));
  std::string text = "codespace " + error.codespace + " code " + std::to_string(error.code) + ": ";
  text += root;
  // The SDK turns "details: root" around.
  if (error.log.size() > root.size() + 2 && error.log.ends_with(": " + root)) {
    text += ": " + error.log.substr(0, error.log.size() - root.size() - 2);
  }
  return {QueryError::Code::kUnknown, std::move(text)};
}

const runtime::QueryRouter* StateQueries::router_of(std::string_view method) const {
  for (const runtime::QueryRouter* router : parts_.routers) {
    if (router->forms_of(method) != nullptr) return router;
  }
  return nullptr;
}

const runtime::QueryForms* StateQueries::forms_of(std::string_view method) const {
  const runtime::QueryRouter* router = router_of(method);
  return router == nullptr ? nullptr : router->forms_of(method);
}

std::vector<std::string_view> StateQueries::methods() const {
  std::vector<std::string_view> all;
  for (const runtime::QueryRouter* router : parts_.routers) {
    const auto names = router->methods();
    all.insert(all.end(), names.begin(), names.end());
  }
  return all;
}

Outcome<std::int64_t> StateQueries::checked_height(std::int64_t height, bool prove) const {
  if (height < 0) {
    return Failure{sdk_error(SdkCode::kInvalidRequest,
                             "cannot query with height < 0; please provide a valid height")};
  }
  const std::int64_t last = parts_.stores->height();
  if (last == 0) {
    return Failure{
        sdk_error(SdkCode::kInvalidHeight, "heimdalld is not ready; please wait for first block")};
  }
  if (height > last) {
    return Failure{
        sdk_error(SdkCode::kInvalidHeight,
                  "cannot query with height in the future; please provide a valid height")};
  }
  if (height == 0) height = last;
  if (height <= 1 && prove) {
    return Failure{
        sdk_error(SdkCode::kInvalidRequest,
                  "cannot query with proof when height <= 1; please provide a valid height")};
  }
  return height;
}

Status<Error> StateQueries::with_context(
    std::int64_t height, bool prove,
    const std::function<void(const runtime::Context&)>& work) const {
  ASSIGN_OR_RETURN(const std::int64_t at, checked_height(height, prove));
  const auto view = parts_.stores->view(at);
  if (view == nullptr) {
    return Failure{sdk_error(SdkCode::kInvalidRequest,
                             "failed to load state at height " + std::to_string(at) +
                                 "; version mismatch on immutable IAVL tree; version does not "
                                 "exist. Version has either been pruned, or is for a future block "
                                 "height (latest height: " +
                                 std::to_string(parts_.stores->height()) + ")")};
  }
  store::Branch branch(view->stores());
  runtime::BlockFacts facts{.chain_id = parts_.chain->chain_id,
                            .height = at,
                            .time = kNoTime,
                            .proposer = {},
                            .forks = parts_.chain->forks};
  const auto header = parts_.header ? parts_.header(at) : std::nullopt;
  if (header) {
    facts.time = {header->time.seconds, header->time.nanos};
    facts.proposer = header->proposer_address;
  }
  runtime::GasMeter meter = runtime::GasMeter::infinite();
  runtime::EventLog events;
  const runtime::Context context(facts, branch, meter, events);
  ASSIGN_OR_RETURN(const auto params, modules::consensus::Keeper().params(context));
  if (params) modules::consensus::apply_limits(*params, facts);
  work(context);
  return Unit{};
}

Result<StateAnswer, StateRefusal> StateQueries::answer(std::string_view method, ByteView request,
                                                       std::int64_t height, bool prove) const {
  const runtime::QueryRouter* router = router_of(method);
  if (router == nullptr) {
    const std::size_t slash = method.find('/');
    const std::string service(method.substr(0, slash));
    return Failure{
        StateRefusal{{}, {QueryError::Code::kUnimplemented, "unknown service " + service}, 0}};
  }
  std::optional<runtime::QueryResult<Bytes>> result;
  std::int64_t at = 0;
  const auto status = with_context(height, prove, [&](const runtime::Context& context) {
    at = context.height();
    result = parts_.reporter.module_call(app::ModuleCallKind::kQuery, method,
                                         [&] { return router->answer(context, method, request); });
  });
  if (!status.ok()) return Failure{StateRefusal{status.error(), status_of(status.error()), 0}};
  if (!result->ok()) return Failure{StateRefusal{{}, std::move(*result).error(), at}};
  return StateAnswer{std::move(*result).value(), at};
}

}  // namespace buri::consensus::api
