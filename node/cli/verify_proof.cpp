#include "node/cli/verify_proof.hpp"

#include "base/hex.hpp"
#include "node/cli/verify_input.hpp"
#include "node/consensus/iavl/proof.hpp"

namespace buri::cli {
namespace {

using namespace consensus::iavl;
using consensus::api::AbciQueryAnswer;
using consensus::api::ProofOperation;

constexpr std::string_view kStoreType = "ics23:iavl";
constexpr std::string_view kMultistoreType = "ics23:simple";

void add_failure(const std::string& subject, const std::string& tree, const ProofFailure& failure,
                 Report& report) {
  const bool has_step = failure.rule == ProofRule::kInner;
  const bool has_bytes = !failure.expected.empty() || !failure.found.empty();
  report.add({subject, tree + " " + std::string(describe(failure.rule)), false,
              has_bytes ? to_upper_hex(failure.expected) : "as ICS-23 has it",
              has_bytes ? to_upper_hex(failure.found) : "otherwise",
              has_step ? std::optional(failure.step) : std::nullopt});
}

/// The proof of one operation; a check that failed is added when it is none.
std::optional<CommitmentProof> decode_operation(const std::string& subject,
                                                const ProofOperation& operation, Report& report) {
  auto proof = decode_commitment_proof(operation.data);
  if (proof.ok()) return std::move(proof).value();
  report.add({subject,
              operation.type + " encoding",
              false,
              "a canonical CommitmentProof",
              std::string(describe(proof.error())),
              {}});
  return std::nullopt;
}

/// The chain is the store's operation for the queried key, then the multistore's.
bool check_chain(const std::string& subject, const AbciQueryAnswer& answer, Report& report) {
  // Of an answer that succeeded, as stores give it; none of this is proven.
  const std::string status = "code " + std::to_string(answer.code) + ", index " +
                             std::to_string(answer.index) + ", texts \"" + answer.log +
                             answer.info + answer.codespace + "\"";
  if (!report.compare(subject, "status", "code 0, index 0, texts \"\"", status)) return false;
  if (!report.compare(subject, "proof operations", "2", std::to_string(answer.proof.size()))) {
    return false;
  }
  const bool store =
      report.compare(subject, "first proof type", std::string(kStoreType), answer.proof[0].type);
  const bool multistore = report.compare(subject, "second proof type", std::string(kMultistoreType),
                                         answer.proof[1].type);
  const bool key = report.compare(subject, "proof key", to_upper_hex(answer.key),
                                  to_upper_hex(answer.proof[0].key));
  return store && multistore && key;
}

/// The multistore's proof says that the store's root stands at its name under the app hash; that
/// root is the value it proves.
std::optional<Hash256> check_multistore(accel::Engine& crypto, const std::string& subject,
                                        const ProofOperation& operation, const Hash256& app_hash,
                                        StateProofFacts& facts, Report& report) {
  const auto proof = decode_operation(subject, operation, report);
  const auto* existence = proof ? std::get_if<ExistenceProof>(&*proof) : nullptr;
  if (existence == nullptr || existence->value.size() != Hash256::kSize) {
    report.add({subject,
                "multistore proof",
                false,
                "existence of a 32-byte store root",
                "something else",
                {}});
    return std::nullopt;
  }
  facts.store = std::string(as_text(operation.key));
  facts.multistore_steps = existence->path.size();
  const auto status = verify_existence(crypto, *existence, {TreeKind::kSimple, app_hash},
                                       operation.key, existence->value);
  if (!status.ok()) {
    add_failure(subject, "multistore", status.error(), report);
    return std::nullopt;
  }
  report.confirm(subject, "app hash", to_upper_hex(app_hash));
  return Hash256::from(existence->value);
}

/// The store's proof says that the key holds the value, or nothing, under the store's root.
void check_store(accel::Engine& crypto, const std::string& subject, const AbciQueryAnswer& answer,
                 const Hash256& root, StateProofFacts& facts, Report& report) {
  const auto proof = decode_operation(subject, answer.proof[0], report);
  if (!proof) return;
  const auto* existence = std::get_if<ExistenceProof>(&*proof);
  const TreeRoot tree{TreeKind::kIavl, root};
  // An absent key has no value, a key that exists has one: the answer says which proof belongs.
  const Bytes value = answer.value.value_or(Bytes{});
  if ((existence != nullptr) == value.empty()) {
    report.add({subject,
                "proof kind",
                false,
                value.empty() ? "absence" : "existence",
                existence != nullptr ? "existence" : "absence",
                {}});
    return;
  }
  const auto status =
      existence != nullptr
          ? verify_existence(crypto, *existence, tree, answer.key, value)
          : verify_non_existence(crypto, std::get<NonExistenceProof>(*proof), tree, answer.key);
  if (!status.ok()) return add_failure(subject, "store", status.error(), report);
  if (existence != nullptr) facts.store_steps = existence->path.size();
  facts.store_root = root;
  report.confirm(subject, "store root", to_upper_hex(root));
  report.confirm(subject, "value at " + to_upper_hex(answer.key),
                 existence != nullptr ? to_upper_hex(value) : "absent");
}

Result<StateProofFile, JsonError> decode_bundled(const std::string& subject,
                                                 const JsonCursor& document) {
  RETURN_IF_ERROR(document.allow_only({"header_height", "app_hash", "responses"}));
  StateProofFile file;
  ASSIGN_OR_RETURN(const JsonCursor height, document.member("header_height"));
  ASSIGN_OR_RETURN(file.header_height, height.int64_string(1, INT64_MAX));
  ASSIGN_OR_RETURN(const JsonCursor app_hash, document.member("app_hash"));
  ASSIGN_OR_RETURN(file.app_hash, app_hash.fixed_hex<32>(HexStyle::kUpper));
  ASSIGN_OR_RETURN(const JsonCursor responses, document.member("responses"));
  if (responses.value().kind != JsonValue::Kind::kObject || responses.value().children.empty()) {
    return Failure{responses.error("an object of query answers")};
  }
  for (const JsonValue& child : responses.value().children) {
    ASSIGN_OR_RETURN(const JsonCursor response, responses.member(child.key));
    ASSIGN_OR_RETURN(auto answer, consensus::api::decode_abci_query(response));
    file.answers.push_back({subject + " " + child.key, std::move(answer)});
  }
  return file;
}

}  // namespace

StateProofFacts check_state_proof(accel::Engine& crypto, const std::string& subject,
                                  const AbciQueryAnswer& answer, const Hash256& app_hash,
                                  Report& report) {
  StateProofFacts facts;
  if (!check_chain(subject, answer, report)) return facts;
  const auto root = check_multistore(crypto, subject, answer.proof[1], app_hash, facts, report);
  if (root) check_store(crypto, subject, answer, *root, facts, report);
  return facts;
}

Result<StateProofFile, JsonError> decode_state_proofs(const std::string& subject,
                                                      const JsonCursor& document) {
  if (document.has("responses")) return decode_bundled(subject, document);
  ASSIGN_OR_RETURN(JsonCursor result, consensus::api::rpc_result(document));
  if (result.has("response")) {
    RETURN_IF_ERROR(result.allow_only({"response"}));
    ASSIGN_OR_RETURN(result, result.member("response"));
  }
  StateProofFile file;
  ASSIGN_OR_RETURN(auto answer, consensus::api::decode_abci_query(result));
  file.answers.push_back({subject, std::move(answer)});
  return file;
}

Outcome verify_proof_file(accel::Engine& crypto, const ProofOptions& options) {
  const std::string name = input_name(options.file);
  std::optional<Hash256> app_hash;
  if (!options.app_hash.empty()) {
    app_hash = fixed_from_hex<32>(options.app_hash);
    if (!app_hash) {
      return Failure{Unusable{"--app-hash",
                              {"value", "64 hex digits", "\"" + options.app_hash + "\""},
                              "copy app_hash of the header one above the query's height"}};
    }
  }
  ASSIGN_OR_RETURN(const std::string text, read_input(options.file));
  ASSIGN_OR_RETURN(const JsonValue document, usable(name, kGiveRpcAnswer, parse_json(text)));
  ASSIGN_OR_RETURN(const StateProofFile file,
                   usable(name, kGiveRpcAnswer, decode_state_proofs(name, JsonCursor(document))));
  if (!app_hash && !file.app_hash) {
    return Failure{
        Unusable{name,
                 {"app_hash", "the app hash to prove against", "none"},
                 "add --app-hash with app_hash of the header one above the query's height"}};
  }
  Report report;
  if (app_hash && file.app_hash) {
    report.compare(name, "app hash of the file", to_upper_hex(*app_hash),
                   to_upper_hex(*file.app_hash));
  }
  for (const StateProofInput& input : file.answers) {
    if (file.header_height) {
      report.compare(input.subject, "query height", std::to_string(*file.header_height - 1),
                     std::to_string(input.answer.height));
    }
    check_state_proof(crypto, input.subject, input.answer, app_hash ? *app_hash : *file.app_hash,
                      report);
  }
  return report;
}

}  // namespace buri::cli
