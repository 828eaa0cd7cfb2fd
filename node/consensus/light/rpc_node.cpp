#include "node/consensus/light/rpc_node.hpp"

#include <fmt/format.h>

#include "node/consensus/api/value_json.hpp"

namespace buri::consensus::light {
namespace {

using protocol::json_rpc::RpcError;
using protocol::json_rpc::TransportError;

/// Stock's largest page.
constexpr std::size_t kPageMembers = 100;

Failure<ProviderFault> bad(std::string reason) {
  return {ProviderFault{ProviderError::kBad, std::move(reason)}};
}

Failure<ProviderFault> bad(std::string_view method, const JsonError& error) {
  return bad(fmt::format("its answer to {} is not what a node gives: {}", method, describe(error)));
}

/// What stock's light client reads from the words of an error, which has no code of its own.
ProviderFault fault_of(std::string_view method, const RpcError& error) {
  const std::string& words = error.data.empty() ? error.message : error.data;
  ProviderFault fault{ProviderError::kNoResponse, fmt::format("{}: \"{}\"", method, words)};
  if (words.find("must be less than or equal to") != std::string::npos) {
    fault.error = ProviderError::kHeightTooHigh;
  } else if (words.find("is not available") != std::string::npos ||
             words.find("could not find validator set") != std::string::npos) {
    fault.error = ProviderError::kNotFound;
  }
  return fault;
}

/// Errors that another attempt may not meet.
bool may_pass(TransportError error) {
  return error == TransportError::kTimeout || error == TransportError::kClosed ||
         error == TransportError::kConnect || error == TransportError::kOverloaded;
}

/// Of an answer that is no answer: what sends too much or no HTTP is no sound node.
ProviderFault fault_of(std::string_view method, TransportError error) {
  const bool is_unsound = error == TransportError::kTooLarge || error == TransportError::kMalformed;
  return {is_unsound ? ProviderError::kBad : ProviderError::kNoResponse,
          fmt::format("{}: {}", method, describe(error))};
}

std::string height_member(std::int64_t height) {
  return height == 0 ? std::string("{}") : fmt::format(R"({{"height":"{}"}})", height);
}

Result<api::SignedHeader, JsonError> read_commit(const JsonCursor& result) {
  RETURN_IF_ERROR(result.allow_only({"signed_header", "canonical"}));
  ASSIGN_OR_RETURN(const JsonCursor canonical, result.member("canonical"));
  RETURN_IF_ERROR(canonical.boolean());
  ASSIGN_OR_RETURN(const JsonCursor signed_header, result.member("signed_header"));
  return api::decode_signed_header(signed_header);
}

/// A node that starts above height 1 and has no block yet answers so.
bool is_empty_commit(const JsonCursor& result) {
  if (result.is_null()) return true;
  const auto signed_header = result.member("signed_header");
  if (!signed_header.ok()) return false;
  if (signed_header->is_null()) return true;
  const auto header = signed_header->member("header");
  return header.ok() && header->is_null();
}

Result<NodeStatus, JsonError> read_status(const JsonCursor& result) {
  NodeStatus status;
  ASSIGN_OR_RETURN(const JsonCursor node, result.member("node_info"));
  ASSIGN_OR_RETURN(const JsonCursor network, node.member("network"));
  ASSIGN_OR_RETURN(status.chain_id, network.string());
  ASSIGN_OR_RETURN(const JsonCursor sync, result.member("sync_info"));
  ASSIGN_OR_RETURN(const JsonCursor latest, sync.member("latest_block_height"));
  ASSIGN_OR_RETURN(status.latest_height, latest.int64_string(0, INT64_MAX));
  ASSIGN_OR_RETURN(const JsonCursor earliest, sync.member("earliest_block_height"));
  ASSIGN_OR_RETURN(status.earliest_height, earliest.int64_string(0, INT64_MAX));
  return status;
}

}  // namespace

RpcNode::RpcNode(std::shared_ptr<protocol::json_rpc::Transport> transport, std::size_t endpoint,
                 RpcTimes times, RpcWorld world)
    : transport_(std::move(transport)),
      endpoint_(endpoint),
      times_(times),
      world_(std::move(world)) {}

RpcNode::Answered<JsonValue> RpcNode::call(std::string_view method, std::string params) {
  const protocol::json_rpc::Request request{method, std::move(params)};
  for (unsigned attempt = 1;; ++attempt) {
    const std::uint64_t id = next_id_++;
    const auto deadline = world_.clock->monotonic() + times_.attempt;
    auto body = transport_->post(endpoint_, protocol::json_rpc::encode(std::span(&request, 1), id),
                                 deadline);
    if (body.ok()) {
      JsonLimits limits;
      limits.max_bytes = kMaxRpcAnswerBytes;
      auto answers = protocol::json_rpc::decode(*body, id, 1, limits);
      if (!answers.ok()) return bad(method, answers.error());
      auto& answer = answers->front();
      if (!answer.ok()) return Failure{fault_of(method, answer.error())};
      return std::move(answer).value();
    }
    if (attempt >= times_.attempts || !may_pass(body.error())) {
      return Failure{fault_of(method, body.error())};
    }
    world_.sleep(times_.pause * (1U << (attempt - 1)));
  }
}

RpcNode::Answered<api::SignedHeader> RpcNode::signed_header(std::int64_t height) {
  ASSIGN_OR_RETURN(const JsonValue answer, call("commit", height_member(height)));
  const JsonCursor result(answer);
  if (is_empty_commit(result)) {
    return Failure{
        ProviderFault{height == 0 ? ProviderError::kHeightTooHigh : ProviderError::kNotFound,
                      "commit: it has no block of that height"}};
  }
  auto read = read_commit(result);
  if (!read.ok()) return bad("commit", read.error());
  if (height != 0 && read->header.height != height) {
    return bad(fmt::format("asked for block {} it gave block {}", height, read->header.height));
  }
  return std::move(read).value();
}

RpcNode::Answered<api::ValidatorsPage> RpcNode::page(std::int64_t height, std::size_t number) {
  ASSIGN_OR_RETURN(
      const JsonValue answer,
      call("validators", fmt::format(R"({{"height":"{}","page":"{}","per_page":"{}"}})", height,
                                     number, kPageMembers)));
  auto read = api::decode_validators(JsonCursor(answer));
  if (!read.ok()) return bad("validators", read.error());
  if (read->block_height != height) {
    return bad(fmt::format("asked for the validators of height {} it gave those of {}", height,
                           read->block_height));
  }
  return std::move(read).value();
}

RpcNode::Answered<std::vector<engine::Validator>> RpcNode::validators(std::int64_t height) {
  std::vector<engine::Validator> members;
  std::size_t total = 1;
  for (std::size_t number = 1; members.size() < total; ++number) {
    ASSIGN_OR_RETURN(const api::ValidatorsPage some, page(height, number));
    const auto stated = static_cast<std::size_t>(some.total);
    if (number > 1 && stated != total) {
      return bad(
          fmt::format("page {} of the validators of height {} says {} in all, the first "
                      "page {}",
                      number, height, stated, total));
    }
    total = stated;
    if (some.validators.empty() || members.size() + some.validators.size() > total) {
      return bad(
          fmt::format("page {} of the validators of height {} has {} members of {}, beside "
                      "{} before",
                      number, height, some.validators.size(), total, members.size()));
    }
    members.insert(members.end(), some.validators.begin(), some.validators.end());
  }
  return members;
}

RpcNode::Answered<NodeStatus> RpcNode::status() {
  ASSIGN_OR_RETURN(const JsonValue answer, call("status", "{}"));
  auto read = read_status(JsonCursor(answer));
  if (!read.ok()) return bad("status", read.error());
  return std::move(read).value();
}

Status<ProviderFault> RpcNode::broadcast_evidence(const engine::EvidencePiece& evidence) {
  api::JsonWriter params;
  params.begin_object().key("evidence");
  api::write_evidence(params, evidence);
  params.end_object();
  const auto answer = call("broadcast_evidence", params.take());
  if (!answer.ok()) return Failure{answer.error()};
  return Unit{};
}

}  // namespace buri::consensus::light
