#include "node/consensus/app/genesis_head.hpp"

#include "node/consensus/codec/json.hpp"

namespace buri::consensus::app {
namespace {

namespace consensus = modules::consensus;

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

Result<GenesisHead, JsonError> read_genesis_head(const JsonCursor& document) {
  GenesisHead head;
  ASSIGN_OR_RETURN(const JsonCursor chain_id, document.member("chain_id"));
  ASSIGN_OR_RETURN(const std::string_view name, chain_id.string());
  head.chain_id = name;
  ASSIGN_OR_RETURN(const JsonCursor time, document.member("genesis_time"));
  ASSIGN_OR_RETURN(const std::string_view moment, time.string());
  const auto parsed = codec::timestamp_from_rfc3339(moment);
  if (!parsed) return Failure{time.error("an RFC 3339 time")};
  head.time = *parsed;
  ASSIGN_OR_RETURN(head.initial_height, number_or(document, "initial_height", std::int64_t{1}));
  if (head.initial_height < 0) return Failure{document.error("an initial height above 0")};
  if (head.initial_height == 0) head.initial_height = 1;
  ASSIGN_OR_RETURN(const JsonCursor params, find_params(document));
  ASSIGN_OR_RETURN(head.params, read_params(params));
  return head;
}

}  // namespace buri::consensus::app
