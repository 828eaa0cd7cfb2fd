#include "node/cli/verify_checkpoint.hpp"

#include "base/hex.hpp"
#include "base/u256.hpp"
#include "node/cli/verify_input.hpp"
#include "node/consensus/api/rpc_json.hpp"

namespace buri::cli {
namespace {

std::string prefixed(ByteView bytes) { return "0x" + to_hex(bytes); }

/// A decimal integer in a string, of up to 256 bits.
Result<std::string, JsonError> decimal(const JsonCursor& parent, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor cursor, parent.member(key));
  ASSIGN_OR_RETURN(const std::string_view text, cursor.string());
  if (!U256::from_decimal(text)) return Failure{cursor.error("a decimal number in a string")};
  return std::string(text);
}

Result<Hash256, JsonError> hash(const JsonCursor& parent, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor cursor, parent.member(key));
  return cursor.fixed_hex<32>(HexStyle::kPrefixedLower);
}

Result<Bytes, JsonError> data(const JsonCursor& parent, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor cursor, parent.member(key));
  return cursor.hex(HexStyle::kPrefixedLower);
}

/// The values that a file repeats beside its payload.
void compare_items(const std::string& subject, const ExitInput& input,
                   const bridge::ExitProof& proof, Report& report) {
  Bytes block_proof;
  for (const Hash256& sibling : proof.block_proof) append(block_proof, sibling);
  report.compare(subject, "header number", input.header_number, proof.header_number.to_decimal());
  report.compare(subject, "block number", input.block_number, std::to_string(proof.block_number));
  report.compare(subject, "block time", input.block_time, std::to_string(proof.block_time));
  report.compare(subject, "transactions root", prefixed(input.transactions_root),
                 prefixed(proof.transactions_root));
  report.compare(subject, "receipts root", prefixed(input.receipts_root),
                 prefixed(proof.receipts_root));
  report.compare(subject, "block proof", prefixed(input.block_proof), prefixed(block_proof));
}

void add_failure(const std::string& subject, const bridge::ExitFailure& failure, Report& report) {
  const bool has_index =
      failure.rule == bridge::ExitRule::kTrieNode || failure.rule == bridge::ExitRule::kTriePath;
  report.add({subject, std::string(describe(failure.rule)), false, failure.expected, failure.found,
              has_index ? std::optional(failure.index) : std::nullopt});
}

/// One element of a header list: the header, or the answer that wraps it.
Result<bridge::CheckpointHeader, JsonError> decode_header(const JsonCursor& element) {
  ASSIGN_OR_RETURN(const JsonCursor header, consensus::api::rpc_result(element));
  bridge::CheckpointHeader result;
  ASSIGN_OR_RETURN(const JsonCursor block_number, header.member("number"));
  ASSIGN_OR_RETURN(result.number, block_number.quantity());
  ASSIGN_OR_RETURN(const JsonCursor time, header.member("timestamp"));
  ASSIGN_OR_RETURN(result.time, time.quantity());
  ASSIGN_OR_RETURN(result.transactions_root, hash(header, "transactionsRoot"));
  ASSIGN_OR_RETURN(result.receipts_root, hash(header, "receiptsRoot"));
  return result;
}

Report check_headers(accel::Engine& crypto, const std::string& subject,
                     const std::vector<bridge::CheckpointHeader>& headers, const Hash256& root) {
  Report report;
  const auto found = bridge::checkpoint_root(crypto, headers);
  if (!found.ok()) {
    report.add({subject, "block number", false, std::to_string(found.error().expected_number),
                std::to_string(found.error().found_number), found.error().index});
    return report;
  }
  report.compare(subject,
                 "root of blocks " + std::to_string(headers.front().number) + " to " +
                     std::to_string(headers.back().number),
                 prefixed(root), prefixed(found.value()));
  return report;
}

Outcome verify_headers(accel::Engine& crypto, const std::string& name, const JsonCursor& document,
                       const std::optional<Hash256>& root) {
  ASSIGN_OR_RETURN(HeadersInput input, usable(name, kGiveRpcAnswer, decode_headers(document)));
  if (root) input.root = root;
  if (!input.root) {
    return Failure{Unusable{name,
                            {"root", "the root to compare with", "none"},
                            "add --root with the root in RootChain.headerBlocks or the node's "
                            "bor_getRootHash answer"}};
  }
  return check_headers(crypto, name, input.headers, *input.root);
}

Outcome verify_exit(accel::Engine& crypto, const std::string& name, const JsonCursor& document,
                    const std::optional<Hash256>& root) {
  ASSIGN_OR_RETURN(ExitInput input, usable(name, kGiveRpcAnswer, decode_exit_input(document)));
  if (root) input.root = root;
  if (input.root && !input.start) {
    return Failure{Unusable{name,
                            {"start", "the checkpoint's first block, to place the block", "none"},
                            "add \"start\" from RootChain.headerBlocks to the file"}};
  }
  Report report;
  check_exit(crypto, name, input, report);
  return report;
}

}  // namespace

Result<ExitInput, JsonError> decode_exit_input(const JsonCursor& document) {
  RETURN_IF_ERROR(document.allow_only({"payload", "header", "block", "time", "txRoot",
                                       "receiptRoot", "leaf", "blockProof", "start", "root"}));
  ExitInput input;
  ASSIGN_OR_RETURN(input.payload, data(document, "payload"));
  ASSIGN_OR_RETURN(input.header_number, decimal(document, "header"));
  ASSIGN_OR_RETURN(input.block_number, decimal(document, "block"));
  ASSIGN_OR_RETURN(input.block_time, decimal(document, "time"));
  ASSIGN_OR_RETURN(input.transactions_root, hash(document, "txRoot"));
  ASSIGN_OR_RETURN(input.receipts_root, hash(document, "receiptRoot"));
  ASSIGN_OR_RETURN(input.leaf, hash(document, "leaf"));
  ASSIGN_OR_RETURN(input.block_proof, data(document, "blockProof"));
  if (document.has("start")) {
    ASSIGN_OR_RETURN(const JsonCursor start, document.member("start"));
    ASSIGN_OR_RETURN(const std::int64_t value, start.int64_string(0, INT64_MAX));
    input.start = static_cast<std::uint64_t>(value);
  }
  if (document.has("root")) {
    ASSIGN_OR_RETURN(input.root, hash(document, "root"));
  }
  return input;
}

std::optional<ExitFacts> check_exit(accel::Engine& crypto, const std::string& subject,
                                    const ExitInput& input, Report& report) {
  auto proof = bridge::decode_exit_proof(input.payload);
  if (!proof.ok()) {
    report.add({subject, "payload encoding", false, "an exit payload of ten items",
                proof.error().problem, proof.error().item});
    return std::nullopt;
  }
  compare_items(subject, input, proof.value(), report);
  report.compare(subject, "checkpoint leaf", prefixed(input.leaf),
                 prefixed(bridge::exit_leaf(crypto, proof.value())));
  if (input.start && input.root) {
    const auto status = bridge::verify_block(crypto, proof.value(), *input.start, *input.root);
    if (!status.ok()) add_failure(subject, status.error(), report);
    if (status.ok()) report.confirm(subject, "checkpoint root", prefixed(*input.root));
  }
  auto log = bridge::verify_receipt(crypto, proof.value());
  if (!log.ok()) {
    add_failure(subject, log.error(), report);
    return std::nullopt;
  }
  report.confirm(subject, "receipt " + std::to_string(proof->receipt_index) + " under",
                 prefixed(proof->receipts_root));
  return ExitFacts{std::move(proof).value(), std::move(log).value()};
}

Result<HeadersInput, JsonError> decode_headers(const JsonCursor& document) {
  HeadersInput input;
  JsonCursor list = document;
  if (document.value().kind == JsonValue::Kind::kObject) {
    RETURN_IF_ERROR(document.allow_only({"headers", "root"}));
    ASSIGN_OR_RETURN(list, document.member("headers"));
    if (document.has("root")) {
      ASSIGN_OR_RETURN(input.root, hash(document, "root"));
    }
  }
  ASSIGN_OR_RETURN(const auto elements, list.elements(bridge::kMaxCheckpointHeaders));
  if (elements.empty()) return Failure{list.error("at least one header")};
  for (const JsonCursor& element : elements) {
    ASSIGN_OR_RETURN(input.headers.emplace_back(), decode_header(element));
  }
  return input;
}

Outcome verify_checkpoint_file(accel::Engine& crypto, const CheckpointOptions& options) {
  const std::string name = input_name(options.file);
  std::optional<Hash256> root;
  if (!options.root.empty()) {
    root = fixed_from_hex<32>(options.root);
    if (!root) {
      return Failure{Unusable{"--root",
                              {"value", "64 hex digits", "\"" + options.root + "\""},
                              "copy the root from RootChain.headerBlocks or bor_getRootHash"}};
    }
  }
  ASSIGN_OR_RETURN(const std::string text, read_input(options.file));
  if (text.starts_with("leaf ")) {
    return usable(name, "give the bundled text of vectors as it is",
                  check_checkpoint_vectors(crypto, name, text));
  }
  ASSIGN_OR_RETURN(const JsonValue document, usable(name, kGiveRpcAnswer, parse_json(text)));
  const JsonCursor cursor(document);
  return cursor.has("payload") ? verify_exit(crypto, name, cursor, root)
                               : verify_headers(crypto, name, cursor, root);
}

}  // namespace buri::cli
