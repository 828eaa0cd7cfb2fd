#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/u256.hpp"
#include "node/protocol/bor_chain.hpp"

/// A header of Bor as its servers tell it, whole, so that its hash need not be believed but can be
/// computed. Nothing about its rules: those are the execution layer's.

namespace buri::protocol::bor {

/// Fields in the order they are hashed in. The last six came with forks, one after the other.
struct Header {
  Hash256 parent_hash;
  Hash256 uncles_hash;
  Address coinbase;
  Hash256 state_root;
  Hash256 transactions_root;
  Hash256 receipts_root;
  FixedBytes<256> bloom;
  U256 difficulty;
  std::uint64_t number = 0;
  std::uint64_t gas_limit = 0;
  std::uint64_t gas_used = 0;
  std::uint64_t time = 0;  ///< Unix seconds
  Bytes extra;
  Hash256 mix_digest;
  FixedBytes<8> nonce;
  std::optional<U256> base_fee;
  std::optional<Hash256> withdrawals_root;
  std::optional<std::uint64_t> blob_gas_used;
  std::optional<std::uint64_t> excess_blob_gas;
  std::optional<Hash256> parent_beacon_root;
  std::optional<Hash256> requests_hash;

  friend bool operator==(const Header&, const Header&) = default;
};

/// RLP as go-ethereum writes it: a field of a fork that is missing before one that is there is an
/// empty string.
Bytes encode_rlp(const Header& header);

/// Keccak-256 of the RLP, seal included: the block's hash.
BorBlock identify(const Header& header);
/// The same for many, hashed together.
std::vector<BorBlock> identify(std::span<const Header> headers);

/// Cuts `blocks` where one is not the child of the one before or has another number than its place,
/// the front being `first`: headers of a chain that changed while it was read do not belong
/// together.
void keep_chain(std::vector<BorBlockInfo>& blocks, std::uint64_t first);

}  // namespace buri::protocol::bor
