#pragma once

#include "node/execution/chain/receipt.hpp"
#include "node/execution/chain/validator_set.hpp"
#include "node/execution/chain/whitelist.hpp"

/// Blocks as the database holds them. Formats: docs/formats/execution-blocks.md. Every reader
/// accepts exactly what its writer writes.

namespace buri::execution::chain {

/// What is known of a block without its body.
struct BlockEntry {
  Header header;
  Hash256 hash;
  U256 total_difficulty;  ///< of the branch that the block ends
  Address producer;       ///< who sealed it; zero of block 0
};

/// What a canonical block did.
struct BlockOutcome {
  std::vector<Address> senders;   ///< of each transaction; of a state-sync transaction zero
  std::vector<Receipt> receipts;  ///< those of the receipts root
  /// Before Madhugiri: what state sync logged, outside all roots.
  std::optional<Receipt> state_sync_receipt;
};

/// Where a transaction stands.
struct TransactionPlace {
  std::uint64_t block_number = 0;
  std::uint32_t index = 0;

  friend bool operator==(const TransactionPlace&, const TransactionPlace&) = default;
};

/// How much of the past is kept whole.
struct HistoryPolicy {
  /// Bodies, outcomes and places of transactions of so many newest blocks stay; 0: of all.
  std::uint64_t kept_blocks = 0;
  /// The first canonical block above 0 that is whole.
  std::uint64_t first_whole = 1;

  friend bool operator==(const HistoryPolicy&, const HistoryPolicy&) = default;
};

/// A change of branch that is under way.
struct Reorganisation {
  FixedBlock to;    ///< the tip that wins
  FixedBlock from;  ///< the head before

  friend bool operator==(const Reorganisation&, const Reorganisation&) = default;
};

Bytes encode_entry(const BlockEntry& entry);
/// The hash is reckoned from the header.
Result<BlockEntry, DecodeError> decode_entry(ByteView record);

Bytes encode_outcome(const BlockOutcome& outcome);
/// Blooms are reckoned from the logs.
Result<BlockOutcome, DecodeError> decode_outcome(ByteView record);

Bytes encode_place(const TransactionPlace& place);
Result<TransactionPlace, DecodeError> decode_place(ByteView record);

Bytes encode_producers(const ValidatorSet& set);
Result<ValidatorSet, DecodeError> decode_producers(ByteView record);

Bytes encode_fixed_block(const FixedBlock& block);
Result<FixedBlock, DecodeError> decode_fixed_block(ByteView record);

Bytes encode_reorganisation(const Reorganisation& reorganisation);
Result<Reorganisation, DecodeError> decode_reorganisation(ByteView record);

Bytes encode_history(const HistoryPolicy& policy);
Result<HistoryPolicy, DecodeError> decode_history(ByteView record);

}  // namespace buri::execution::chain
