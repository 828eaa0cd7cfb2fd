#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accel/engine.hpp"
#include "base/bytes.hpp"
#include "base/codec/rlp.hpp"
#include "base/result.hpp"
#include "base/u256.hpp"

/// Exit proofs ("proof of burn"): that a log stands in a receipt of a Bor block under a checkpoint.
/// Format and checks as pos-contracts' ExitPayloadReader, MerklePatriciaProof and Merkle libraries
/// (spec/rootchain.md 6), but strict: only canonical RLP and hex-prefix paths pass.

namespace buri::bridge {

/// The payload's ten items.
struct ExitProof {
  U256 header_number;                ///< checkpoint id times 10000
  std::vector<Hash256> block_proof;  ///< siblings, leaf to root
  std::uint64_t block_number = 0;
  std::uint64_t block_time = 0;  ///< Unix seconds
  Hash256 transactions_root;
  Hash256 receipts_root;
  Bytes receipt;                     ///< consensus bytes: an RLP list, or a type byte and one
  std::vector<Bytes> receipt_proof;  ///< trie nodes, root to leaf
  std::uint32_t receipt_index = 0;   ///< of the transaction in its block
  std::uint64_t log_index = 0;       ///< within this receipt
};

/// What the payload proves happened.
struct ExitLog {
  Address emitter;
  std::vector<Hash256> topics;
  Bytes data;
  std::size_t log_count = 0;                 ///< logs in the receipt
  std::optional<std::uint8_t> receipt_type;  ///< nothing for a legacy receipt
};

/// A payload that is not one: which item (0..9, or 10 for the list itself) and why.
struct ExitFormatError {
  unsigned item = 0;
  std::string problem;
};

/// The rules, in the order they are asked.
enum class ExitRule : std::uint8_t {
  kTrieNode,    ///< a trie node is not the one its parent (or the receipts root) names
  kTriePath,    ///< the nodes do not lead along the receipt's path to a value at its end
  kReceipt,     ///< the trie holds another receipt
  kLogIndex,    ///< the receipt is malformed or has no such log
  kBlockIndex,  ///< the block is below the checkpoint's start, or too far for the block proof
  kRoot,        ///< the block climbs to another root
};
/// The rule for people.
std::string_view describe(ExitRule rule);

/// The first broken rule; `index` is a trie node's for kTrieNode and kTriePath.
struct ExitFailure {
  ExitRule rule = ExitRule::kTrieNode;
  std::size_t index = 0;
  std::string expected;
  std::string found;
};

/// Decodes a payload. The optional items 10 and 11 (transaction and its proof) are refused.
Result<ExitProof, ExitFormatError> decode_exit_proof(ByteView payload);

/// Log `index` of a receipt in consensus bytes; kMissingItem if it has fewer. The type byte of a
/// typed receipt may be any, as in the contract.
Result<ExitLog, RlpError> decode_receipt_log(ByteView receipt, std::uint64_t index);

/// Checks the receipt against the receipts root and returns the log.
Result<ExitLog, ExitFailure> verify_receipt(accel::Engine& crypto, const ExitProof& proof);

/// The block's leaf in the checkpoint tree.
Hash256 exit_leaf(accel::Engine& crypto, const ExitProof& proof);

/// Checks that the block stands under `root`, the root of a checkpoint that starts at `start`.
Status<ExitFailure> verify_block(accel::Engine& crypto, const ExitProof& proof, std::uint64_t start,
                                 const Hash256& root);

}  // namespace buri::bridge
