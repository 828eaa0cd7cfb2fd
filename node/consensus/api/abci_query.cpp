#include "node/consensus/api/abci_query.hpp"

namespace buri::consensus::api {
namespace {

using runtime::Error;
using runtime::QueryError;
using runtime::sdk_error;
using runtime::SdkCode;

constexpr std::string_view kStoreCodespace = "store";

/// The store's own errors.
enum class StoreCode : std::uint8_t { kTxDecode = 3, kUnknownRequest = 4, kInvalidRequest = 7 };

Error store_error(StoreCode code, std::string_view detail) {
  const std::string_view text = code == StoreCode::kTxDecode         ? "tx parse error"
                                : code == StoreCode::kUnknownRequest ? "unknown request"
                                                                     : "invalid request";
  return runtime::make_error(kStoreCodespace, static_cast<std::uint32_t>(code), text, detail);
}

AbciQueryAnswer refused(const Error& error) {
  AbciQueryAnswer answer;
  answer.code = error.code;
  answer.log = error.log;
  answer.codespace = error.codespace;
  return answer;
}

AbciQueryAnswer unknown(std::string_view detail) {
  return refused(sdk_error(SdkCode::kUnknownRequest, detail));
}

/// "/store/bank/key" as "store", "bank", "key".
std::vector<std::string> split_path(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  std::vector<std::string> parts;
  while (true) {
    const std::size_t slash = path.find('/');
    parts.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::string_view grpc_name(QueryError::Code code) {
  switch (code) {
    case QueryError::Code::kUnknown:
      return "Unknown";
    case QueryError::Code::kInvalidArgument:
      return "InvalidArgument";
    case QueryError::Code::kNotFound:
      return "NotFound";
    case QueryError::Code::kUnimplemented:
      return "Unimplemented";
    case QueryError::Code::kInternal:
      return "Internal";
    case QueryError::Code::kUnavailable:
      return "Unavailable";
  }
  return "Unknown";
}

/// The error of a method as ABCI knows it.
Error abci_error(const QueryError& status) {
  const std::string text =
      "rpc error: code = " + std::string(grpc_name(status.code)) + " desc = " + status.text;
  switch (status.code) {
    case QueryError::Code::kUnknown:
      return sdk_error(SdkCode::kInvalidRequest, status.text);
    case QueryError::Code::kNotFound:
      return sdk_error(SdkCode::kKeyNotFound, text);
    case QueryError::Code::kInvalidArgument:
      return sdk_error(SdkCode::kInvalidRequest, text);
    default:
      return sdk_error(SdkCode::kUnknownRequest, text);
  }
}

void append_pair(Bytes& target, ByteView key, ByteView value) {
  Bytes pair;
  if (!key.empty()) codec::detail::append_delimited(pair, 1, key);
  if (!value.empty()) codec::detail::append_delimited(pair, 2, value);
  codec::detail::append_delimited(target, 1, pair);
}

}  // namespace

AbciQueryAnswer AbciQueries::answer(const AbciQuery& query) const {
  const std::int64_t height = query.height == 0 ? queries_->height() : query.height;
  std::string_view name = query.path;
  if (name == "/cosmos.tx.v1beta1.Service/BroadcastTx") {
    return refused(sdk_error(SdkCode::kInvalidRequest, "can't route a broadcast tx message"));
  }
  if (name.starts_with('/') && queries_->knows(name.substr(1))) return method(query, height);
  const std::vector<std::string> path = split_path(query.path);
  if (path[0] == "app") return application(path, query, height);
  if (path[0] == "store") return store(path, query, height);
  if (path[0] == "p2p") {
    if (path.size() < 4) return unknown("path should be p2p filter <addr|id> <parameter>");
    if (path[1] != "filter") return unknown("expected second parameter to be 'filter'");
    return {};  // no peer is filtered
  }
  return unknown("unknown query path");
}

AbciQueryAnswer AbciQueries::method(const AbciQuery& query, std::int64_t height) const {
  auto result =
      queries_->answer(std::string_view(query.path).substr(1), query.data, height, query.prove);
  if (!result.ok()) {
    const StateRefusal& refusal = result.error();
    AbciQueryAnswer answer =
        refused(refusal.context_error ? *refusal.context_error : abci_error(refusal.status));
    answer.height = refusal.height;
    return answer;
  }
  AbciQueryAnswer answer;
  answer.value = std::move(result->value);
  answer.height = result->height;
  return answer;
}

runtime::Outcome<app::TxResult> AbciQueries::simulate(ByteView raw) const {
  std::optional<runtime::Outcome<app::TxResult>> result;
  RETURN_IF_ERROR(queries_->with_context(0, false, [&](const runtime::Context& context) {
    result = runner_->simulate(context, runner_->decode(raw));
  }));
  return *std::move(result);
}

AbciQueryAnswer AbciQueries::application(const std::vector<std::string>& path,
                                         const AbciQuery& query, std::int64_t height) const {
  if (path.size() < 2) {
    return unknown(
        "expected second parameter to be either 'simulate' or 'version', neither was present");
  }
  AbciQueryAnswer answer;
  answer.codespace = runtime::kSdkCodespace;
  answer.height = height;
  if (path[1] == "version") {
    answer.value = Bytes(version_.begin(), version_.end());
    return answer;
  }
  if (path[1] != "simulate") {
    std::string all;
    for (const std::string& part : path) all += (all.empty() ? "" : " ") + part;
    return unknown("unknown query: [" + all + "]");
  }
  auto result = simulate(query.data);
  if (!result.ok()) return refused(std::move(result).error().wrapped("failed to simulate tx"));
  if (!result->ok()) {
    return refused({Error::Kind::kError, result->codespace, result->code,
                    "failed to simulate tx: " + result->log});
  }
  std::string json;
  codec::append_json(json, simulation_of(*result), anys_);
  answer.value.emplace(json.begin(), json.end());
  return answer;
}

AbciQueryAnswer AbciQueries::store(const std::vector<std::string>& path, const AbciQuery& query,
                                   std::int64_t height) const {
  if (height <= 1 && query.prove) {
    return refused(
        sdk_error(SdkCode::kInvalidRequest,
                  "cannot query with proof when height <= 1; please provide a valid height"));
  }
  const std::string name = path.size() > 1 ? path[1] : "";
  const auto index = queries_->stores().store_index(name);
  if (!index) return refused(store_error(StoreCode::kUnknownRequest, "no such store: " + name));
  if (query.data.empty()) {
    return refused(store_error(StoreCode::kTxDecode, "query cannot be zero length"));
  }
  std::string rest;
  for (std::size_t i = 2; i < path.size(); ++i) rest += "/" + path[i];
  if (rest == "/key") return key(*index, query, height);
  if (rest == "/subspace") return subspace(*index, query, height);
  return refused(store_error(StoreCode::kUnknownRequest, "unexpected query path: " + rest));
}

AbciQueryAnswer AbciQueries::key(std::size_t store, const AbciQuery& query,
                                 std::int64_t height) const {
  AbciQueryAnswer answer;
  answer.key = query.data;
  answer.height = height;
  const Error no_proof = store_error(
      StoreCode::kInvalidRequest, "proof is unexpectedly empty; ensure height has not been pruned");
  const auto view = queries_->stores().view(height);
  if (view == nullptr && query.prove) return refused(no_proof);
  if (view == nullptr) {
    answer.log = "version does not exist";
    return answer;
  }
  auto value = view->store(store).get(query.data);
  if (!value.ok()) return refused(runtime::fatal("the store cannot be read"));
  answer.value = std::move(value).value();
  if (!query.prove) return answer;
  auto proof = queries_->stores().prove(height, store, query.data);
  if (!proof.ok() || !proof->has_value()) return refused(no_proof);
  answer.proof = (*proof)->operations();
  return answer;
}

AbciQueryAnswer AbciQueries::subspace(std::size_t store, const AbciQuery& query,
                                      std::int64_t height) const {
  AbciQueryAnswer answer;
  answer.key = query.data;
  answer.height = height;
  // The stock store reads its newest state here, whatever the height.
  const auto view = queries_->stores().view(queries_->height());
  Bytes& pairs = answer.value.emplace();
  if (view == nullptr) return answer;
  auto iterator =
      view->store(store).iterate(store::prefix_range(query.data), store::Direction::kAscending);
  if (!iterator.ok()) return refused(runtime::fatal("the store cannot be read"));
  for (auto& entry = **iterator; entry.valid();) {
    append_pair(pairs, entry.key(), entry.value());
    if (pairs.size() > kMaxSubspaceBytes) {
      return refused(store_error(StoreCode::kInvalidRequest,
                                 "the subspace holds more than 16 MiB; ask for a longer prefix"));
    }
    if (!entry.next().ok()) return refused(runtime::fatal("the store cannot be read"));
  }
  return answer;
}

}  // namespace buri::consensus::api
