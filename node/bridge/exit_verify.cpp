#include "accel/merkle.hpp"
#include "base/hex.hpp"
#include "node/bridge/checkpoint.hpp"
#include "node/bridge/exit_proof.hpp"

/// Checking a decoded payload: the receipt in its trie, the log in the receipt, the block in the
/// checkpoint.

namespace buri::bridge {
namespace {

constexpr std::size_t kBranchItems = 17;
constexpr std::size_t kShortNodeItems = 2;

Failure<ExitFailure> failure(ExitRule rule, std::size_t index, std::string expected,
                             std::string found) {
  return {ExitFailure{rule, index, std::move(expected), std::move(found)}};
}

Bytes nibbles_of(ByteView bytes) {
  Bytes nibbles;
  for (const std::uint8_t byte : bytes) {
    nibbles.push_back(byte >> 4);
    nibbles.push_back(byte & 15);
  }
  return nibbles;
}

/// A hex-prefix encoded path (yellow paper, appendix C).
struct ShortPath {
  bool is_leaf = false;
  Bytes nibbles;
};

std::optional<ShortPath> decode_hex_prefix(ByteView bytes) {
  if (bytes.empty() || bytes[0] >= 0x40) return std::nullopt;
  const bool odd = (bytes[0] & 0x10) != 0;
  if (!odd && (bytes[0] & 0x0f) != 0) return std::nullopt;
  Bytes nibbles = nibbles_of(bytes);
  nibbles.erase(nibbles.begin(), nibbles.begin() + (odd ? 1 : 2));
  return ShortPath{(bytes[0] & 0x20) != 0, std::move(nibbles)};
}

/// Where a node leads: to a child by hash, or to a value; or nowhere along this path.
struct Step {
  std::optional<Hash256> child;
  std::optional<Bytes> value;
  std::size_t nibbles_used = 0;
};

std::optional<std::vector<RlpItem>> node_items(ByteView node) {
  auto reader = decode_rlp_list(node);
  if (!reader.ok()) return std::nullopt;
  std::vector<RlpItem> items;
  while (!reader->at_end()) {
    const auto item = reader->next();
    if (!item.ok() || items.size() == kBranchItems) return std::nullopt;
    items.push_back(item.value());
  }
  return items;
}

/// A child reference; the contract takes hashes alone, no embedded nodes.
Step to_child(const RlpItem& reference, std::size_t nibbles_used) {
  if (reference.is_list || reference.payload.size() != Hash256::kSize) return {};
  return {Hash256::from(reference.payload), std::nullopt, nibbles_used};
}

Step to_value(const RlpItem& value, std::size_t nibbles_used) {
  if (value.is_list) return {};
  return {std::nullopt, Bytes(value.payload.begin(), value.payload.end()), nibbles_used};
}

Step short_node_step(const std::vector<RlpItem>& items, ByteView path) {
  const auto own = items[0].is_list ? std::nullopt : decode_hex_prefix(items[0].payload);
  if (!own || own->nibbles.size() > path.size()) return {};
  if (!equal(own->nibbles, path.first(own->nibbles.size()))) return {};
  if (!own->is_leaf) {
    return own->nibbles.empty() ? Step{} : to_child(items[1], own->nibbles.size());
  }
  return own->nibbles.size() == path.size() ? to_value(items[1], path.size()) : Step{};
}

/// Follows the rest of the path through one node.
Step follow(ByteView node, ByteView path) {
  const auto items = node_items(node);
  if (!items) return {};
  if (items->size() == kShortNodeItems) return short_node_step(*items, path);
  if (items->size() != kBranchItems) return {};
  return path.empty() ? to_value(items->back(), 0) : to_child((*items)[path[0]], 1);
}

/// The value at `path` under `root`, every node used and hashed.
Result<Bytes, ExitFailure> trie_value(accel::Engine& crypto, const std::vector<Bytes>& nodes,
                                      Hash256 root, ByteView path) {
  const std::vector<ByteView> views(nodes.begin(), nodes.end());
  std::vector<Hash256> hashes(nodes.size());
  crypto.keccak256(views, hashes, accel::Assurance::kExact);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (hashes[i] != root) return failure(ExitRule::kTrieNode, i, to_hex(root), to_hex(hashes[i]));
    const Step step = follow(nodes[i], path);
    if (step.value && i + 1 == nodes.size()) return *step.value;
    if (!step.child) break;
    root = *step.child;
    path = path.subspan(step.nibbles_used);
  }
  return failure(ExitRule::kTriePath, nodes.empty() ? 0 : nodes.size() - 1,
                 "nodes that lead to a value at the receipt's path", "nodes that do not");
}

Result<ExitLog, RlpError> decode_log(RlpReader log) {
  ExitLog result;
  ASSIGN_OR_RETURN(result.emitter, log.next_fixed<20>());
  ASSIGN_OR_RETURN(RlpReader topics, log.next_list());
  while (!topics.at_end()) {
    ASSIGN_OR_RETURN(result.topics.emplace_back(), topics.next_fixed<32>());
  }
  ASSIGN_OR_RETURN(const ByteView data, log.next_bytes());
  result.data.assign(data.begin(), data.end());
  RETURN_IF_ERROR(log.expect_end());
  return result;
}

}  // namespace

std::string_view describe(ExitRule rule) {
  switch (rule) {
    case ExitRule::kTrieNode:
      return "trie node hash";
    case ExitRule::kTriePath:
      return "trie path";
    case ExitRule::kReceipt:
      return "receipt";
    case ExitRule::kLogIndex:
      return "log index";
    case ExitRule::kBlockIndex:
      return "block index";
    case ExitRule::kRoot:
      return "checkpoint root";
  }
  return "unknown rule";
}

Result<ExitLog, RlpError> decode_receipt_log(ByteView receipt, std::uint64_t index) {
  constexpr std::uint8_t kListBase = 0xc0;
  constexpr std::size_t kBloomBytes = 256;
  const bool typed = !receipt.empty() && receipt[0] < kListBase;
  ASSIGN_OR_RETURN(RlpReader fields, decode_rlp_list(typed ? receipt.subspan(1) : receipt));
  RETURN_IF_ERROR(fields.next_bytes());  // status, or the state root before Byzantium
  RETURN_IF_ERROR(fields.next_uint64());
  RETURN_IF_ERROR(fields.next_fixed<kBloomBytes>());
  ASSIGN_OR_RETURN(RlpReader logs, fields.next_list());
  RETURN_IF_ERROR(fields.expect_end());
  std::optional<ExitLog> wanted;
  std::size_t count = 0;
  for (; !logs.at_end(); ++count) {
    ASSIGN_OR_RETURN(RlpReader log, logs.next_list());
    ASSIGN_OR_RETURN(ExitLog decoded, decode_log(log));
    if (count == index) wanted = std::move(decoded);
  }
  if (!wanted) return Failure{RlpError::kMissingItem};
  wanted->log_count = count;
  if (typed) wanted->receipt_type = receipt[0];
  return *std::move(wanted);
}

Result<ExitLog, ExitFailure> verify_receipt(accel::Engine& crypto, const ExitProof& proof) {
  const Bytes key = RlpWriter().integer(proof.receipt_index).items();
  ASSIGN_OR_RETURN(const Bytes value,
                   trie_value(crypto, proof.receipt_proof, proof.receipts_root, nibbles_of(key)));
  if (value != proof.receipt) {
    return failure(ExitRule::kReceipt, 0, to_hex(value), to_hex(proof.receipt));
  }
  auto log = decode_receipt_log(proof.receipt, proof.log_index);
  if (!log.ok()) {
    return failure(ExitRule::kLogIndex, 0, "a receipt with log " + std::to_string(proof.log_index),
                   std::string(describe(log.error())));
  }
  return std::move(log).value();
}

Hash256 exit_leaf(accel::Engine& crypto, const ExitProof& proof) {
  const CheckpointHeader header{proof.block_number, proof.block_time, proof.transactions_root,
                                proof.receipts_root};
  return checkpoint_leaves(crypto, {&header, 1}).front();
}

Status<ExitFailure> verify_block(accel::Engine& crypto, const ExitProof& proof, std::uint64_t start,
                                 const Hash256& root) {
  if (proof.block_number < start) {
    return failure(ExitRule::kBlockIndex, 0, "at least " + std::to_string(start),
                   std::to_string(proof.block_number));
  }
  const std::uint64_t index = proof.block_number - start;
  const auto status =
      accel::verify_checkpoint_proof(exit_leaf(crypto, proof), index, proof.block_proof, root);
  if (status.ok()) return Unit{};
  const std::string found(accel::proof_error_text(status.error()));
  if (status.error() == accel::ProofError::kWrongRoot) {
    return failure(ExitRule::kRoot, 0, to_hex(root), found);
  }
  return failure(ExitRule::kBlockIndex, 0,
                 "an index below 2^" + std::to_string(proof.block_proof.size()),
                 std::to_string(index) + ": " + found);
}

}  // namespace buri::bridge
