#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"

/// Stored values and the genesis of module stake (heimdallv2.stake).

namespace buri::consensus::modules::stake {

using codec::Amino;
using codec::Field;

/// A validator as its record and as a member of a set. Members keep what the record said when their
/// power last changed.
struct Validator {
  std::uint64_t val_id = 0;
  std::uint64_t start_epoch = 0;
  std::uint64_t end_epoch = 0;  ///< 0: none
  std::uint64_t nonce = 0;
  std::int64_t voting_power = 0;
  Bytes pub_key{};             ///< 65 bytes, uncompressed secp256k1
  std::string signer{};        ///< "0x" and lower-case digits
  std::string last_updated{};  ///< the root chain sequence of the last change
  bool jailed = false;
  std::int64_t proposer_priority = 0;

  static constexpr std::string_view kName = "heimdallv2.stake.Validator";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "val_id", &Validator::val_id}, Field{2, "start_epoch", &Validator::start_epoch},
        Field{3, "end_epoch", &Validator::end_epoch}, Field{4, "nonce", &Validator::nonce},
        Field{5, "voting_power", &Validator::voting_power},
        Field{6, "pub_key", &Validator::pub_key}, Field{7, "signer", &Validator::signer},
        Field{8, "last_updated", &Validator::last_updated}, Field{9, "jailed", &Validator::jailed},
        Field{10, "proposer_priority", &Validator::proposer_priority});
  }
  friend bool operator==(const Validator&, const Validator&) = default;
};

/// Members ascending by signer text; the proposer is a copy that may be older than the member.
struct ValidatorSet {
  std::vector<Validator> validators{};
  std::optional<Validator> proposer{};
  std::int64_t total_voting_power = 0;

  static constexpr std::string_view kName = "heimdallv2.stake.ValidatorSet";
  static constexpr auto fields() {
    return fields_of(Field{1, "validators", &ValidatorSet::validators},
                     Field{2, "proposer", &ValidatorSet::proposer},
                     Field{3, "total_voting_power", &ValidatorSet::total_voting_power});
  }
  friend bool operator==(const ValidatorSet&, const ValidatorSet&) = default;
};

/// The transactions of the last block, without its first.
struct LastBlockTxs {
  std::vector<Bytes> txs{};

  static constexpr std::string_view kName = "heimdallv2.stake.LastBlockTxs";
  static constexpr auto fields() { return fields_of(Field{1, "txs", &LastBlockTxs::txs}); }
};

struct GenesisState {
  std::vector<Validator> validators{};
  ValidatorSet current_validator_set{};
  std::vector<std::string> staking_sequences{};
  ValidatorSet previous_block_validator_set{};
  LastBlockTxs last_block_txs{};
  ValidatorSet penultimate_block_validator_set{};

  static constexpr std::string_view kName = "heimdallv2.stake.GenesisState";
  static constexpr auto fields() {
    using G = GenesisState;
    return fields_of(
        Field{1, "validators", &G::validators},
        Field{2, "current_validator_set", &G::current_validator_set},
        Field{3, "staking_sequences", &G::staking_sequences},
        Field{4, "previous_block_validator_set", &G::previous_block_validator_set},
        Field{5, "last_block_txs", &G::last_block_txs},
        Field{6, "penultimate_block_validator_set", &G::penultimate_block_validator_set});
  }
};

}  // namespace buri::consensus::modules::stake
