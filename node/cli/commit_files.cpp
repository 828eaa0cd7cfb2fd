#include "node/cli/verify_commit.hpp"
#include "node/cli/verify_input.hpp"

/// Commits and validator pages as files.

namespace buri::cli {
namespace {

using consensus::api::ValidatorsPage;

/// No file holds more commits than this.
constexpr std::size_t kMaxCommits = 1000;

Result<CommitInput, JsonError> decode_commit_entry(const std::string& subject,
                                                   const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"signed_header", "canonical", "validator_set"}));
  CommitInput input;
  ASSIGN_OR_RETURN(const JsonCursor signed_header, cursor.member("signed_header"));
  ASSIGN_OR_RETURN(input.signed_header, consensus::api::decode_signed_header(signed_header));
  input.subject = subject + " " + std::to_string(input.signed_header.header.height);
  ASSIGN_OR_RETURN(const JsonCursor canonical, cursor.member("canonical"));
  RETURN_IF_ERROR(canonical.boolean());
  if (cursor.has("validator_set")) {
    ASSIGN_OR_RETURN(const JsonCursor set, cursor.member("validator_set"));
    ASSIGN_OR_RETURN(input.validators, consensus::api::decode_validators(set));
  }
  return input;
}

/// One page read from a file.
Result<ValidatorsPage, Unusable> read_page(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, read_input(path));
  ASSIGN_OR_RETURN(const JsonValue document,
                   usable(input_name(path), kGiveRpcAnswer, parse_json(text)));
  return usable(input_name(path), kGiveRpcAnswer, decode_validators_page(JsonCursor(document)));
}

/// Joins pages, in the order given, into one list.
Result<ValidatorsPage, Unusable> read_pages(const std::vector<std::string>& paths) {
  std::optional<ValidatorsPage> joined;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(ValidatorsPage page, read_page(path));
    if (!joined) {
      joined = std::move(page);
      continue;
    }
    if (page.block_height != joined->block_height || page.total != joined->total) {
      return Failure{
          Unusable{input_name(path),
                   {"block_height, total",
                    std::to_string(joined->block_height) + ", " + std::to_string(joined->total) +
                        " as on the first page",
                    std::to_string(page.block_height) + ", " + std::to_string(page.total)},
                   "give pages of one height"}};
    }
    joined->validators.insert(joined->validators.end(), page.validators.begin(),
                              page.validators.end());
  }
  return *std::move(joined);
}

}  // namespace

Result<ValidatorsPage, JsonError> decode_validators_page(const JsonCursor& document) {
  ASSIGN_OR_RETURN(const JsonCursor result, consensus::api::rpc_result(document));
  return consensus::api::decode_validators(result);
}

Result<std::vector<CommitInput>, JsonError> decode_commits(const std::string& subject,
                                                           const JsonCursor& document) {
  ASSIGN_OR_RETURN(const JsonCursor result, consensus::api::rpc_result(document));
  std::vector<CommitInput> inputs;
  if (!result.has("commits")) {
    ASSIGN_OR_RETURN(inputs.emplace_back(), decode_commit_entry(subject, result));
    return inputs;
  }
  RETURN_IF_ERROR(result.allow_only({"commits"}));
  ASSIGN_OR_RETURN(const JsonCursor list, result.member("commits"));
  ASSIGN_OR_RETURN(const auto elements, list.elements(kMaxCommits));
  if (elements.empty()) return Failure{list.error("at least one commit")};
  for (const JsonCursor& element : elements) {
    ASSIGN_OR_RETURN(inputs.emplace_back(), decode_commit_entry(subject, element));
  }
  return inputs;
}

Outcome verify_commit_files(Verifier& verifier, const CommitOptions& options) {
  const std::string name = input_name(options.file);
  ASSIGN_OR_RETURN(const std::string text, read_input(options.file));
  ASSIGN_OR_RETURN(const JsonValue document, usable(name, kGiveRpcAnswer, parse_json(text)));
  ASSIGN_OR_RETURN(auto inputs,
                   usable(name, kGiveRpcAnswer, decode_commits(name, JsonCursor(document))));
  std::optional<ValidatorsPage> pages;
  if (!options.validators.empty()) {
    ASSIGN_OR_RETURN(pages, read_pages(options.validators));
  }
  Report report;
  for (CommitInput& input : inputs) {
    if (pages) input.validators = pages;
    if (!input.validators) {
      return Failure{Unusable{
          name,
          {"validator_set",
           "the validators of height " + std::to_string(input.signed_header.header.height), "none"},
          "add --validators with every page of the node's /validators answer"}};
    }
    check_commit(verifier, input, options.v_byte, report);
  }
  return report;
}

}  // namespace buri::cli
