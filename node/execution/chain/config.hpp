#pragma once

#include <map>
#include <set>
#include <vector>

#include "base/json_cursor.hpp"
#include "base/u256.hpp"
#include "node/execution/chain/steps.hpp"
#include "node/protocol/bor_forks.hpp"

/// What the "config" of a genesis says about a chain: forks, the parameters of "bor", and the
/// tables of exceptions that history needs. Source: spec/bor.md 1.

namespace buri::execution::chain {

/// The blocks [first, last].
struct BlockRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  [[nodiscard]] bool has(std::uint64_t block_number) const {
    return first <= block_number && block_number <= last;
  }
  friend bool operator==(const BlockRange&, const BlockRange&) = default;
};

/// An account of a genesis, or one whose code a fork replaces.
struct AllocAccount {
  std::uint64_t nonce = 0;
  U256 balance;
  Bytes code;
  std::map<U256, U256> storage;  ///< without zeros

  friend bool operator==(const AllocAccount&, const AllocAccount&) = default;
};
using Alloc = std::map<Address, AllocAccount>;

/// Immutable once read. Where a step map is empty and Bor would need a value, the reader has
/// refused the genesis.
struct ChainConfig {
  std::uint64_t chain_id = 0;
  protocol::BorForks forks;

  Steps<std::uint64_t> period_s;
  Steps<std::uint64_t> producer_delay_s;
  Steps<std::uint64_t> sprint_blocks;
  Steps<std::uint64_t> backup_multiplier_s;
  Steps<std::uint64_t> confirmation_delay_s;  ///< of state sync, from Indore on
  Steps<Address> burn_contract;
  Steps<Address> fee_receiver;  ///< "coinbase", from Rio on; zero or nothing: the signer
  Address validator_contract;
  Address state_receiver_contract;

  std::map<std::uint64_t, std::uint64_t> record_limits;  ///< by block: so many records at most
  std::vector<std::pair<BlockRange, std::uint64_t>> record_limit_ranges;
  std::vector<std::pair<BlockRange, std::vector<Address>>> extra_signers;
  std::set<std::uint64_t> unchecked_validator_bytes;  ///< sprint ends
  std::map<std::uint64_t, Alloc> block_alloc;

  [[nodiscard]] bool is_active(protocol::BorFork fork, std::uint64_t block_number) const {
    return forks.is_active(fork, block_number);
  }
  [[nodiscard]] std::uint64_t sprint_at(std::uint64_t block_number) const {
    return *sprint_blocks.at(block_number);
  }
  [[nodiscard]] bool is_sprint_start(std::uint64_t block_number) const {
    return block_number % sprint_at(block_number) == 0;
  }
  /// Whether the next block begins a sprint.
  [[nodiscard]] bool is_sprint_end(std::uint64_t block_number) const {
    return is_sprint_start(block_number + 1);
  }
  /// The most records that a block's state sync may take; nothing without a limit.
  [[nodiscard]] std::optional<std::uint64_t> record_limit_at(std::uint64_t block_number) const;
  /// Signers that may seal the block besides the producers.
  [[nodiscard]] std::vector<Address> extra_signers_at(std::uint64_t block_number) const;
};

/// Reads a genesis' "config" object. Errors: a value of another form, a sprint of zero blocks, a
/// map that Bor would need and that is missing or empty.
Result<ChainConfig, JsonError> read_config(const JsonCursor& config);

/// An object of accounts by address, with or without "0x", as genesis files hold them: balances and
/// nonces in decimal or hex, storage words of up to 32 bytes.
Result<Alloc, JsonError> read_alloc(const JsonCursor& alloc);
/// A number as go-ethereum reads it there: a JSON number, decimal digits, or hex with "0x".
Result<U256, JsonError> read_number(const JsonCursor& value);
Result<std::uint64_t, JsonError> read_uint64(const JsonCursor& value);
/// Hex of any case with "0x"; "" is nothing.
Result<Bytes, JsonError> read_data(const JsonCursor& value);
Result<Address, JsonError> read_address(const JsonCursor& value);

}  // namespace buri::execution::chain
