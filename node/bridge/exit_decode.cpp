#include "node/bridge/exit_proof.hpp"

/// Reading the payload.

namespace buri::bridge {
namespace {

constexpr unsigned kItems = 10;
/// Deeper than any trie over 2^32 receipts.
constexpr std::size_t kMaxTrieNodes = 32;
constexpr std::size_t kMaxBlockProofHashes = 64;

Failure<ExitFormatError> problem(unsigned item, std::string text) {
  return {ExitFormatError{item, std::move(text)}};
}

/// The value of an RLP result, or the failure that names `item`.
template <class T>
Result<T, ExitFormatError> at(unsigned item, Result<T, RlpError> result) {
  if (result.ok()) return std::move(result).value();
  return problem(item, std::string(describe(result.error())));
}

Result<std::vector<Hash256>, ExitFormatError> split_hashes(unsigned item, ByteView bytes) {
  if (bytes.size() % Hash256::kSize != 0) return problem(item, "not a multiple of 32 bytes");
  if (bytes.size() > kMaxBlockProofHashes * Hash256::kSize) return problem(item, "over 64 hashes");
  std::vector<Hash256> hashes;
  for (std::size_t i = 0; i < bytes.size(); i += Hash256::kSize) {
    hashes.push_back(Hash256::from(bytes.subspan(i, Hash256::kSize)));
  }
  return hashes;
}

Result<std::vector<Bytes>, ExitFormatError> split_nodes(unsigned item, ByteView bytes) {
  ASSIGN_OR_RETURN(RlpReader nodes, at(item, decode_rlp_list(bytes)));
  std::vector<Bytes> result;
  while (!nodes.at_end()) {
    if (result.size() == kMaxTrieNodes) return problem(item, "over 32 trie nodes");
    ASSIGN_OR_RETURN(const RlpItem node, at(item, nodes.next()));
    if (!node.is_list) return problem(item, "a trie node is not a list");
    result.emplace_back(node.encoded.begin(), node.encoded.end());
  }
  return result;
}

/// The mask is a hex-prefix path without flag: a zero byte, then the RLP of the receipt's index.
Result<std::uint32_t, ExitFormatError> receipt_index(unsigned item, ByteView mask) {
  if (mask.empty() || mask[0] != 0) return problem(item, "the path does not start with 0x00");
  RlpReader key(mask.subspan(1));
  ASSIGN_OR_RETURN(const std::uint64_t index, at(item, key.next_uint64()));
  if (!key.at_end()) return problem(item, "bytes follow the receipt index");
  if (index > UINT32_MAX) return problem(item, "the receipt index exceeds 32 bits");
  return static_cast<std::uint32_t>(index);
}

}  // namespace

Result<ExitProof, ExitFormatError> decode_exit_proof(ByteView payload) {
  ASSIGN_OR_RETURN(RlpReader items, at(kItems, decode_rlp_list(payload)));
  ExitProof proof;
  ASSIGN_OR_RETURN(proof.header_number, at(0, items.next_u256()));
  ASSIGN_OR_RETURN(const ByteView block_proof, at(1, items.next_bytes()));
  ASSIGN_OR_RETURN(proof.block_proof, split_hashes(1, block_proof));
  ASSIGN_OR_RETURN(proof.block_number, at(2, items.next_uint64()));
  ASSIGN_OR_RETURN(proof.block_time, at(3, items.next_uint64()));
  ASSIGN_OR_RETURN(proof.transactions_root, at(4, items.next_fixed<32>()));
  ASSIGN_OR_RETURN(proof.receipts_root, at(5, items.next_fixed<32>()));
  ASSIGN_OR_RETURN(const ByteView receipt, at(6, items.next_bytes()));
  proof.receipt.assign(receipt.begin(), receipt.end());
  ASSIGN_OR_RETURN(const ByteView nodes, at(7, items.next_bytes()));
  ASSIGN_OR_RETURN(proof.receipt_proof, split_nodes(7, nodes));
  ASSIGN_OR_RETURN(const ByteView mask, at(8, items.next_bytes()));
  ASSIGN_OR_RETURN(proof.receipt_index, receipt_index(8, mask));
  ASSIGN_OR_RETURN(proof.log_index, at(9, items.next_uint64()));
  if (!items.at_end()) return problem(kItems, "more than ten items");
  return proof;
}

}  // namespace buri::bridge
