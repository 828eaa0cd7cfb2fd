#include "node/consensus/app/genesis_document.hpp"

#include <algorithm>
#include <limits>

#include "node/consensus/codec/json.hpp"

namespace buri::consensus::app {
namespace {

namespace consensus = modules::consensus;

/// A genesis may be larger than what peers send; whole it is held in memory.
constexpr JsonLimits kLimits{.max_bytes = std::size_t{1} << 30,
                             .max_depth = 64,
                             .max_values = 50'000'000,
                             .max_members = 1'000};
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

template <class T>
Result<T, JsonError> number_or(const JsonCursor& object, std::string_view name, T absent) {
  const auto member = codec::json_member(object, name);
  if (!member) return absent;
  return codec::detail::varint_from_json<T>(*member);
}

template <class T>
Status<JsonError> read_section(const JsonCursor& params, std::string_view name,
                               std::optional<T>& target) {
  target.emplace();
  const auto member = codec::json_member(params, name);
  if (!member) return Unit{};
  ASSIGN_OR_RETURN(target, codec::from_json<T>(*member));
  return Unit{};
}

/// CometBFT writes the age as nanoseconds, not as protobuf's duration.
Result<consensus::EvidenceParams, JsonError> read_evidence(const JsonCursor& params) {
  consensus::EvidenceParams evidence;
  const auto object = codec::json_member(params, "evidence");
  if (!object) return evidence;
  ASSIGN_OR_RETURN(evidence.max_age_num_blocks,
                   number_or(*object, "max_age_num_blocks", std::int64_t{0}));
  ASSIGN_OR_RETURN(const std::int64_t age, number_or(*object, "max_age_duration", std::int64_t{0}));
  evidence.max_age_duration = {age / kNanosPerSecond,
                               static_cast<std::int32_t>(age % kNanosPerSecond)};
  ASSIGN_OR_RETURN(evidence.max_bytes, number_or(*object, "max_bytes", std::int64_t{0}));
  return evidence;
}

/// Every section is there in what CometBFT hands on, whether the file has it or not.
Result<consensus::ConsensusParams, JsonError> read_params(const JsonCursor& object) {
  consensus::ConsensusParams params;
  RETURN_IF_ERROR(read_section(object, "block", params.block));
  ASSIGN_OR_RETURN(params.evidence, read_evidence(object));
  RETURN_IF_ERROR(read_section(object, "validator", params.validator));
  RETURN_IF_ERROR(read_section(object, "version", params.version));
  RETURN_IF_ERROR(read_section(object, "abci", params.abci));
  RETURN_IF_ERROR(read_section(object, "blob", params.blob));
  return params;
}

Result<JsonCursor, JsonError> find_params(const JsonCursor& root) {
  const auto plain = codec::json_member(root, "consensus_params");
  if (plain) return *plain;
  ASSIGN_OR_RETURN(const JsonCursor consensus, root.member("consensus"));
  return consensus.member("params");
}

}  // namespace

Result<GenesisDocument, JsonError> parse_genesis(std::string_view text) {
  ASSIGN_OR_RETURN(JsonValue json, parse_json(text, kLimits));
  const JsonCursor root(json);
  GenesisDocument genesis;
  ASSIGN_OR_RETURN(const JsonCursor chain_id, root.member("chain_id"));
  ASSIGN_OR_RETURN(const std::string_view name, chain_id.string());
  genesis.chain_id = name;
  ASSIGN_OR_RETURN(const JsonCursor time, root.member("genesis_time"));
  ASSIGN_OR_RETURN(const std::string_view moment, time.string());
  const auto parsed = codec::timestamp_from_rfc3339(moment);
  if (!parsed) return Failure{time.error("an RFC 3339 time")};
  genesis.time = *parsed;
  ASSIGN_OR_RETURN(genesis.initial_height, number_or(root, "initial_height", std::int64_t{1}));
  if (genesis.initial_height < 0) return Failure{root.error("an initial height above 0")};
  if (genesis.initial_height == 0) genesis.initial_height = 1;
  ASSIGN_OR_RETURN(const JsonCursor params, find_params(root));
  ASSIGN_OR_RETURN(genesis.params, read_params(params));
  ASSIGN_OR_RETURN(const JsonCursor state, root.member("app_state"));
  if (state.value().kind != JsonValue::Kind::kObject) return Failure{state.error("an object")};
  genesis.app_state = std::move(*std::ranges::find(json.children, "app_state", &JsonValue::key));
  return genesis;
}

}  // namespace buri::consensus::app
