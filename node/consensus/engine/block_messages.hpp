#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"

/// CometBFT's messages on the wire, field by field. block.cpp and block_encode.cpp turn them into
/// the types of types.hpp and block.hpp and back; the API shows some of them as they are.

namespace buri::consensus::engine::wire {

using codec::Field;

struct Version {
  std::uint64_t block = 0;
  std::uint64_t app = 0;
  static constexpr std::string_view kName = "tendermint.version.Consensus";
  static constexpr auto fields() {
    return fields_of(Field{1, "block", &Version::block}, Field{2, "app", &Version::app});
  }
};

struct PartSetHeader {
  std::uint32_t total = 0;
  Bytes hash{};
  static constexpr std::string_view kName = "tendermint.types.PartSetHeader";
  static constexpr auto fields() {
    return fields_of(Field{1, "total", &PartSetHeader::total},
                     Field{2, "hash", &PartSetHeader::hash});
  }
};

struct BlockId {
  Bytes hash{};
  PartSetHeader part_set_header{};
  static constexpr std::string_view kName = "tendermint.types.BlockID";
  static constexpr auto fields() {
    return fields_of(Field{1, "hash", &BlockId::hash},
                     Field{2, "part_set_header", &BlockId::part_set_header});
  }
};

struct Header {
  Version version{};
  std::string chain_id{};
  std::int64_t height = 0;
  codec::Timestamp time{};
  BlockId last_block_id{};
  Bytes last_commit_hash{};
  Bytes data_hash{};
  Bytes validators_hash{};
  Bytes next_validators_hash{};
  Bytes consensus_hash{};
  Bytes app_hash{};
  Bytes last_results_hash{};
  Bytes evidence_hash{};
  Bytes proposer_address{};
  static constexpr std::string_view kName = "tendermint.types.Header";
  static constexpr auto fields() {
    using H = Header;
    return fields_of(
        Field{1, "version", &H::version}, Field{2, "chain_id", &H::chain_id},
        Field{3, "height", &H::height}, Field{4, "time", &H::time},
        Field{5, "last_block_id", &H::last_block_id},
        Field{6, "last_commit_hash", &H::last_commit_hash}, Field{7, "data_hash", &H::data_hash},
        Field{8, "validators_hash", &H::validators_hash},
        Field{9, "next_validators_hash", &H::next_validators_hash},
        Field{10, "consensus_hash", &H::consensus_hash}, Field{11, "app_hash", &H::app_hash},
        Field{12, "last_results_hash", &H::last_results_hash},
        Field{13, "evidence_hash", &H::evidence_hash},
        Field{14, "proposer_address", &H::proposer_address});
  }
};

struct CommitSig {
  std::int32_t block_id_flag = 0;
  Bytes validator_address{};
  codec::Timestamp timestamp{};
  Bytes signature{};
  static constexpr std::string_view kName = "tendermint.types.CommitSig";
  static constexpr auto fields() {
    using C = CommitSig;
    return fields_of(Field{1, "block_id_flag", &C::block_id_flag},
                     Field{2, "validator_address", &C::validator_address},
                     Field{3, "timestamp", &C::timestamp}, Field{4, "signature", &C::signature});
  }
};

struct Commit {
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id{};
  std::vector<CommitSig> signatures{};
  static constexpr std::string_view kName = "tendermint.types.Commit";
  static constexpr auto fields() {
    using C = Commit;
    return fields_of(Field{1, "height", &C::height}, Field{2, "round", &C::round},
                     Field{3, "block_id", &C::block_id}, Field{4, "signatures", &C::signatures});
  }
};

struct ExtendedCommitSig {
  std::int32_t block_id_flag = 0;
  Bytes validator_address{};
  codec::Timestamp timestamp{};
  Bytes signature{};
  Bytes extension{};
  Bytes extension_signature{};
  Bytes non_rp_extension{};
  Bytes non_rp_signature{};
  static constexpr std::string_view kName = "tendermint.types.ExtendedCommitSig";
  static constexpr auto fields() {
    using C = ExtendedCommitSig;
    return fields_of(Field{1, "block_id_flag", &C::block_id_flag},
                     Field{2, "validator_address", &C::validator_address},
                     Field{3, "timestamp", &C::timestamp}, Field{4, "signature", &C::signature},
                     Field{5, "extension", &C::extension},
                     Field{6, "extension_signature", &C::extension_signature},
                     Field{7, "nrp_extension", &C::non_rp_extension},
                     Field{8, "nrp_extension_signature", &C::non_rp_signature});
  }
};

struct ExtendedCommit {
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id{};
  std::vector<ExtendedCommitSig> extended_signatures{};
  static constexpr std::string_view kName = "tendermint.types.ExtendedCommit";
  static constexpr auto fields() {
    using C = ExtendedCommit;
    return fields_of(Field{1, "height", &C::height}, Field{2, "round", &C::round},
                     Field{3, "block_id", &C::block_id},
                     Field{4, "extended_signatures", &C::extended_signatures});
  }
};

struct Data {
  std::vector<Bytes> txs{};
  static constexpr std::string_view kName = "tendermint.types.Data";
  static constexpr auto fields() { return fields_of(Field{1, "txs", &Data::txs}); }
};

/// The pieces stay encoded.
struct Evidence {
  Bytes duplicate_vote{};
  Bytes light_client_attack{};
  static constexpr std::string_view kName = "tendermint.types.Evidence";
  static constexpr auto fields() {
    return fields_of(Field{1, "duplicate_vote_evidence", &Evidence::duplicate_vote},
                     Field{2, "light_client_attack_evidence", &Evidence::light_client_attack});
  }
};
struct EvidenceList {
  std::vector<Evidence> evidence{};
  static constexpr std::string_view kName = "tendermint.types.EvidenceList";
  static constexpr auto fields() {
    return fields_of(Field{1, "evidence", &EvidenceList::evidence});
  }
};

struct Block {
  Header header{};
  Data data{};
  EvidenceList evidence{};
  std::optional<Commit> last_commit{};
  static constexpr std::string_view kName = "tendermint.types.Block";
  static constexpr auto fields() {
    return fields_of(Field{1, "header", &Block::header}, Field{2, "data", &Block::data},
                     Field{3, "evidence", &Block::evidence},
                     Field{4, "last_commit", &Block::last_commit});
  }
};

/// Of the oneof only the key that the network uses.
struct PublicKey {
  Bytes secp256k1_uncompressed{};
  static constexpr std::string_view kName = "tendermint.crypto.PublicKey";
  static constexpr auto fields() {
    return fields_of(Field{3, "secp256k1_uncompressed", &PublicKey::secp256k1_uncompressed});
  }
};
struct Validator {
  Bytes address{};
  PublicKey pub_key{};
  std::int64_t voting_power = 0;
  std::int64_t proposer_priority = 0;
  static constexpr std::string_view kName = "tendermint.types.Validator";
  static constexpr auto fields() {
    using V = Validator;
    return fields_of(Field{1, "address", &V::address}, Field{2, "pub_key", &V::pub_key},
                     Field{3, "voting_power", &V::voting_power},
                     Field{4, "proposer_priority", &V::proposer_priority});
  }
};
struct ValidatorSet {
  std::vector<Validator> validators{};
  static constexpr std::string_view kName = "tendermint.types.ValidatorSet";
  static constexpr auto fields() {
    return fields_of(Field{1, "validators", &ValidatorSet::validators});
  }
};

struct HashedParams {
  std::int64_t block_max_bytes = 0;
  std::int64_t block_max_gas = 0;
  static constexpr std::string_view kName = "tendermint.types.HashedParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "block_max_bytes", &HashedParams::block_max_bytes},
                     Field{2, "block_max_gas", &HashedParams::block_max_gas});
  }
};

}  // namespace buri::consensus::engine::wire
