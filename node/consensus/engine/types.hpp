#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "hsm/wire/block_id.hpp"

/// The CometBFT values that are hashed or signed, as plain data (spec/cometbft.md 2). Encodings are
/// in canonical.hpp, hashes in hashes.hpp, rules in verify_commit.hpp.

namespace buri::consensus::engine {

using hsm::wire::BlockId;
using hsm::wire::kZeroTime;
using hsm::wire::OptionalHash;
using hsm::wire::PartSetHeader;
using hsm::wire::Timestamp;

struct Header {
  std::uint64_t block_version = 0;
  std::uint64_t app_version = 0;
  std::string chain_id;
  std::int64_t height = 0;
  Timestamp time;
  BlockId last_block_id;
  OptionalHash last_commit_hash;
  OptionalHash data_hash;
  OptionalHash validators_hash;
  OptionalHash next_validators_hash;
  OptionalHash consensus_hash;
  Bytes app_hash;  ///< the application's own, of any length; 32 bytes in Heimdall
  OptionalHash last_results_hash;
  OptionalHash evidence_hash;
  Address proposer_address;
};

/// What a validator did in the round that decided the block. Values are the wire's.
enum class BlockIdFlag : std::uint8_t {
  kAbsent = 1,  ///< no vote arrived: no address, zero time, no signature
  kCommit = 2,  ///< voted for the block
  kNil = 3      ///< voted for no block
};

/// One validator's entry in a commit.
struct CommitSig {
  BlockIdFlag flag = BlockIdFlag::kAbsent;
  std::optional<Address> validator_address;
  Timestamp timestamp = kZeroTime;
  Bytes signature;  ///< R, S, V: 65 bytes by the fork's keys; V means nothing to consensus

  friend bool operator==(const CommitSig&, const CommitSig&) = default;
};

/// The precommits that decided a block, in validator set order.
struct Commit {
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id;
  std::vector<CommitSig> signatures;

  friend bool operator==(const Commit&, const Commit&) = default;
};

}  // namespace buri::consensus::engine
