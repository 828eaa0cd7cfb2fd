#include "node/consensus/light/rpc_provider.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "node/consensus/api/rpc_json.hpp"

namespace buri::consensus::light {
namespace {

/// The most members that a page of /validators holds.
constexpr std::size_t kPageMembers = 100;

Failure<ProviderFault> provider_failure(ProviderError error, std::string reason) {
  return {ProviderFault{error, std::move(reason)}};
}
Failure<ProviderFault> bad_answer(const JsonError& error) {
  return provider_failure(ProviderError::kBad,
                          "the answer is not that of a node: " + describe(error));
}

/// What a node says to a height that it does not have, by the words of the stock node.
ProviderError error_kind(std::string_view message) {
  if (message.find("must be less than or equal to") != std::string_view::npos) {
    return ProviderError::kHeightTooHigh;
  }
  return message.find("is not available") != std::string_view::npos ? ProviderError::kNotFound
                                                                    : ProviderError::kNoResponse;
}

std::string height_param(std::int64_t height) {
  return height == 0 ? "" : fmt::format("\"height\":\"{}\"", height);
}

Result<engine::LightBlockRecord, JsonError> signed_header_of(const JsonValue& answer) {
  ASSIGN_OR_RETURN(const JsonCursor result, api::rpc_result(JsonCursor(answer)));
  ASSIGN_OR_RETURN(const JsonCursor member, result.member("signed_header"));
  ASSIGN_OR_RETURN(api::SignedHeader read, api::decode_signed_header(member));
  const engine::Validator nobody{};
  return engine::LightBlockRecord{std::move(read.header), std::move(read.commit),
                                  engine::ValidatorSet::restore({nobody}).value()};
}

}  // namespace

RpcProvider::RpcProvider(std::unique_ptr<protocol::json_rpc::Transport> transport,
                         std::string chain_id, accel::Engine& crypto, const Clock& clock,
                         std::chrono::seconds timeout)
    : transport_(std::move(transport)),
      chain_id_(std::move(chain_id)),
      crypto_(crypto),
      clock_(clock),
      timeout_(timeout) {}

Result<JsonValue, ProviderFault> RpcProvider::ask(std::string_view method,
                                                  const std::string& params) {
  const std::string body =
      fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"{}","params":{{{}}}}})", method, params);
  const auto answer = transport_->post(0, body, clock_.monotonic() + timeout_);
  if (!answer.ok()) {
    return provider_failure(ProviderError::kNoResponse,
                            std::string(protocol::json_rpc::describe(answer.error())));
  }
  auto parsed = parse_json(*answer);
  if (!parsed.ok()) return bad_answer(parsed.error());
  const JsonCursor cursor(*parsed);
  if (cursor.has("error")) {
    const auto result = api::rpc_result(cursor);
    const std::string message = result.ok() ? "an error" : describe(result.error());
    return provider_failure(error_kind(*answer), message);
  }
  return std::move(parsed).value();
}

Result<std::vector<engine::Validator>, ProviderFault> RpcProvider::validators(std::int64_t height) {
  std::vector<engine::Validator> members;
  for (std::size_t page = 1; members.size() < api::kMaxValidators; ++page) {
    ASSIGN_OR_RETURN(const JsonValue answer,
                     ask("validators", fmt::format("{},\"page\":\"{}\",\"per_page\":\"{}\"",
                                                   height_param(height), page, kPageMembers)));
    const auto result = api::rpc_result(JsonCursor(answer));
    if (!result.ok()) return bad_answer(result.error());
    auto read = api::decode_validators(*result);
    if (!read.ok()) return bad_answer(read.error());
    if (read->block_height != height || read->validators.empty()) {
      return provider_failure(ProviderError::kBad, "its validators are of another height, or none");
    }
    members.insert(members.end(), read->validators.begin(), read->validators.end());
    if (members.size() >= static_cast<std::size_t>(read->total)) break;
  }
  return members;
}

ProvidedBlock RpcProvider::light_block(std::int64_t height) {
  ASSIGN_OR_RETURN(const JsonValue answer, ask("commit", height_param(height)));
  auto block = signed_header_of(answer);
  if (!block.ok()) return bad_answer(block.error());
  if (height != 0 && block->height() != height) {
    return provider_failure(ProviderError::kBad,
                            fmt::format("it gave block {} for {}", block->height(), height));
  }
  ASSIGN_OR_RETURN(auto members, validators(block->height()));
  auto set = engine::ValidatorSet::restore(std::move(members));
  if (!set.ok()) {
    return provider_failure(ProviderError::kBad, std::string(engine::describe(set.error())));
  }
  block->validators = std::move(set).value();
  auto kept = engine::check_light_block(crypto_, chain_id_, *block);
  if (!kept.ok()) return provider_failure(ProviderError::kBad, std::move(kept).error());
  return std::move(block).value();
}

void RpcProvider::report(const engine::EvidencePiece& evidence) {
  const auto attack = engine::decode_light_client_attack(evidence.encoded);
  CHECK(attack.ok(), "evidence of this client's own making is well-formed");
  static_cast<void>(ask("broadcast_evidence", "\"evidence\":" + evidence_json(*attack)));
}

}  // namespace buri::consensus::light
