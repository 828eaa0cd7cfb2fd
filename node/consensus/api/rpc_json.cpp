#include "node/consensus/api/rpc_json.hpp"

/// The envelope, /validators and /abci_query.

namespace buri::consensus::api {
namespace {

constexpr std::size_t kMaxProofOperations = 8;

/// Key type names that mean the fork's uncompressed secp256k1 key (spec/cometbft.md 1.1).
constexpr std::string_view kKeyTypes[] = {"cometbft/PubKeySecp256k1eth",
                                          "tendermint/PubKeySecp256k1"};

Result<PublicKeyBytes, JsonError> decode_public_key(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"type", "value"}));
  ASSIGN_OR_RETURN(const JsonCursor type, cursor.member("type"));
  ASSIGN_OR_RETURN(const std::string_view name, type.string());
  if (name != kKeyTypes[0] && name != kKeyTypes[1]) {
    return Failure{type.error("\"" + std::string(kKeyTypes[0]) + "\"")};
  }
  ASSIGN_OR_RETURN(const JsonCursor value, cursor.member("value"));
  ASSIGN_OR_RETURN(const Bytes bytes, value.base64());
  if (bytes.size() != PublicKeyBytes::kSize || bytes[0] != 4) {
    return Failure{value.error("base64 of 65 bytes that start with 0x04")};
  }
  return PublicKeyBytes::from(bytes);
}

Result<ProofOperation, JsonError> decode_proof_operation(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"type", "key", "data"}));
  ProofOperation operation;
  ASSIGN_OR_RETURN(const JsonCursor type, cursor.member("type"));
  ASSIGN_OR_RETURN(operation.type, type.string());
  ASSIGN_OR_RETURN(const JsonCursor key, cursor.member("key"));
  ASSIGN_OR_RETURN(operation.key, key.base64());
  ASSIGN_OR_RETURN(const JsonCursor data, cursor.member("data"));
  ASSIGN_OR_RETURN(operation.data, data.base64());
  return operation;
}

/// Null is an empty byte string in Go's JSON.
Result<Bytes, JsonError> base64_or_null(const JsonCursor& cursor) {
  if (cursor.is_null()) return Bytes{};
  return cursor.base64();
}

Result<std::vector<ProofOperation>, JsonError> decode_proof(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"ops"}));
  ASSIGN_OR_RETURN(const JsonCursor list, cursor.member("ops"));
  ASSIGN_OR_RETURN(const auto elements, list.elements(kMaxProofOperations));
  std::vector<ProofOperation> operations;
  for (const JsonCursor& element : elements) {
    ASSIGN_OR_RETURN(operations.emplace_back(), decode_proof_operation(element));
  }
  return operations;
}

}  // namespace

Result<JsonCursor, JsonError> rpc_result(const JsonCursor& answer) {
  if (!answer.has("jsonrpc")) return answer;
  RETURN_IF_ERROR(answer.allow_only({"jsonrpc", "id", "result", "error"}));
  if (answer.has("error")) {
    ASSIGN_OR_RETURN(const JsonCursor error, answer.member("error"));
    const auto text = error.has("data") ? error.member("data") : error.member("message");
    return Failure{JsonError{error.path(), "an answer without an error",
                             text.ok() ? "\"" + text.value().value().text + "\"" : "an error"}};
  }
  return answer.member("result");
}

Result<Validator, JsonError> decode_validator(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"address", "pub_key", "voting_power", "proposer_priority"}));
  Validator validator;
  ASSIGN_OR_RETURN(const JsonCursor address, cursor.member("address"));
  ASSIGN_OR_RETURN(validator.address, address.fixed_hex<20>(HexStyle::kUpper));
  ASSIGN_OR_RETURN(const JsonCursor public_key, cursor.member("pub_key"));
  ASSIGN_OR_RETURN(validator.public_key, decode_public_key(public_key));
  ASSIGN_OR_RETURN(const JsonCursor power, cursor.member("voting_power"));
  ASSIGN_OR_RETURN(validator.voting_power, power.int64_string(0, INT64_MAX));
  ASSIGN_OR_RETURN(const JsonCursor priority, cursor.member("proposer_priority"));
  ASSIGN_OR_RETURN(validator.proposer_priority, priority.int64_string(INT64_MIN, INT64_MAX));
  return validator;
}

Result<ValidatorsPage, JsonError> decode_validators(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"block_height", "validators", "count", "total"}));
  ValidatorsPage page;
  ASSIGN_OR_RETURN(const JsonCursor height, cursor.member("block_height"));
  ASSIGN_OR_RETURN(page.block_height, height.int64_string(1, INT64_MAX));
  ASSIGN_OR_RETURN(const JsonCursor list, cursor.member("validators"));
  ASSIGN_OR_RETURN(const auto elements, list.elements(kMaxValidators));
  for (const JsonCursor& element : elements) {
    ASSIGN_OR_RETURN(page.validators.emplace_back(), decode_validator(element));
  }
  ASSIGN_OR_RETURN(const JsonCursor total, cursor.member("total"));
  ASSIGN_OR_RETURN(page.total, total.int64_string(1, kMaxValidators));
  if (!cursor.has("count")) return page;
  ASSIGN_OR_RETURN(const JsonCursor count, cursor.member("count"));
  ASSIGN_OR_RETURN(const std::int64_t count_value, count.int64_string(0, kMaxValidators));
  if (count_value != static_cast<std::int64_t>(page.validators.size())) {
    return Failure{count.error("the number of validators on the page, " +
                               std::to_string(page.validators.size()))};
  }
  return page;
}

Result<AbciQueryAnswer, JsonError> decode_abci_query(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only(
      {"code", "log", "info", "index", "key", "value", "proofOps", "height", "codespace"}));
  AbciQueryAnswer answer;
  ASSIGN_OR_RETURN(const JsonCursor code, cursor.member("code"));
  ASSIGN_OR_RETURN(answer.code, code.unsigned_number(UINT32_MAX));
  for (const auto& [key, text] : {std::pair("log", &answer.log), std::pair("info", &answer.info),
                                  std::pair("codespace", &answer.codespace)}) {
    ASSIGN_OR_RETURN(const JsonCursor field, cursor.member(key));
    ASSIGN_OR_RETURN(*text, field.string());
  }
  ASSIGN_OR_RETURN(const JsonCursor index, cursor.member("index"));
  ASSIGN_OR_RETURN(answer.index, index.int64_string(0, INT64_MAX));
  ASSIGN_OR_RETURN(const JsonCursor key, cursor.member("key"));
  ASSIGN_OR_RETURN(answer.key, base64_or_null(key));
  ASSIGN_OR_RETURN(const JsonCursor value, cursor.member("value"));
  ASSIGN_OR_RETURN(answer.value, base64_or_null(value));
  ASSIGN_OR_RETURN(const JsonCursor height, cursor.member("height"));
  ASSIGN_OR_RETURN(answer.height, height.int64_string(0, INT64_MAX));
  ASSIGN_OR_RETURN(const JsonCursor proof, cursor.member("proofOps"));
  if (proof.is_null()) return Failure{proof.error("a proof; ask the node with prove=true")};
  ASSIGN_OR_RETURN(answer.proof, decode_proof(proof));
  return answer;
}

}  // namespace buri::consensus::api
