#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"
#include "node/consensus/engine/block_messages.hpp"

/// Blocks as REST and gRPC show them: messages of tendermint.types, which describe themselves so
/// that they become JSON. What decides anything reads blocks with engine/block.hpp.

namespace buri::consensus::api::wire {

using codec::Any;
using codec::Timestamp;

enum class BlockFlag : std::int32_t { kUnknown = 0, kAbsent = 1, kCommit = 2, kNil = 3 };
inline constexpr std::array<std::string_view, 4> kBlockFlagNames{
    "BLOCK_ID_FLAG_UNKNOWN", "BLOCK_ID_FLAG_ABSENT", "BLOCK_ID_FLAG_COMMIT", "BLOCK_ID_FLAG_NIL"};
constexpr std::span<const std::string_view> enum_names(BlockFlag) { return kBlockFlagNames; }

/// SignedMsgType; its numbers have gaps, so that the gaps have no names.
enum class VoteType : std::int32_t { kUnknown = 0, kPrevote = 1, kPrecommit = 2 };
inline constexpr std::array<std::string_view, 3> kVoteTypeNames{
    "SIGNED_MSG_TYPE_UNKNOWN", "SIGNED_MSG_TYPE_PREVOTE", "SIGNED_MSG_TYPE_PRECOMMIT"};
constexpr std::span<const std::string_view> enum_names(VoteType) { return kVoteTypeNames; }

// What JSON shows just as the wire has it.
using Consensus = engine::wire::Version;
using engine::wire::BlockId;
using engine::wire::Data;
using engine::wire::Header;
using engine::wire::PartSetHeader;

struct CommitSig {
  BlockFlag block_id_flag = BlockFlag::kUnknown;
  Bytes validator_address{};
  Timestamp timestamp{};
  Bytes signature{};

  static constexpr std::string_view kName = "tendermint.types.CommitSig";
  static constexpr auto fields() {
    using codec::Field;
    using T = CommitSig;
    return fields_of(Field{1, "block_id_flag", &T::block_id_flag},
                     Field{2, "validator_address", &T::validator_address},
                     Field{3, "timestamp", &T::timestamp}, Field{4, "signature", &T::signature});
  }
};

struct Commit {
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id{};
  std::vector<CommitSig> signatures{};

  static constexpr std::string_view kName = "tendermint.types.Commit";
  static constexpr auto fields() {
    using codec::Field;
    using T = Commit;
    return fields_of(Field{1, "height", &T::height}, Field{2, "round", &T::round},
                     Field{3, "block_id", &T::block_id}, Field{4, "signatures", &T::signatures});
  }
};

struct Vote {
  VoteType type = VoteType::kUnknown;
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id{};
  Timestamp timestamp{};
  Bytes validator_address{};
  std::int32_t validator_index = 0;
  Bytes signature{};
  Bytes extension{};
  Bytes extension_signature{};
  Bytes non_rp_extension{};
  Bytes non_rp_extension_signature{};

  static constexpr std::string_view kName = "tendermint.types.Vote";
  static constexpr auto fields() {
    using codec::Field;
    using T = Vote;
    return fields_of(Field{1, "type", &T::type}, Field{2, "height", &T::height},
                     Field{3, "round", &T::round}, Field{4, "block_id", &T::block_id},
                     Field{5, "timestamp", &T::timestamp},
                     Field{6, "validator_address", &T::validator_address},
                     Field{7, "validator_index", &T::validator_index},
                     Field{8, "signature", &T::signature}, Field{9, "extension", &T::extension},
                     Field{10, "extension_signature", &T::extension_signature},
                     Field{11, "non_rp_extension", &T::non_rp_extension},
                     Field{12, "non_rp_extension_signature", &T::non_rp_extension_signature});
  }
};

struct DuplicateVoteEvidence {
  std::optional<Vote> vote_a{};
  std::optional<Vote> vote_b{};
  std::int64_t total_voting_power = 0;
  std::int64_t validator_power = 0;
  Timestamp timestamp{};

  static constexpr std::string_view kName = "tendermint.types.DuplicateVoteEvidence";
  static constexpr auto fields() {
    using codec::Field;
    using T = DuplicateVoteEvidence;
    return fields_of(Field{1, "vote_a", &T::vote_a}, Field{2, "vote_b", &T::vote_b},
                     Field{3, "total_voting_power", &T::total_voting_power},
                     Field{4, "validator_power", &T::validator_power},
                     Field{5, "timestamp", &T::timestamp});
  }
};

struct PublicKey {
  std::optional<Bytes> ed25519{};
  std::optional<Bytes> secp256k1{};

  static constexpr std::string_view kName = "tendermint.crypto.PublicKey";
  static constexpr bool kIsOneof = true;
  static constexpr auto fields() {
    using codec::Field;
    using T = PublicKey;
    return fields_of(Field{1, "ed25519", &T::ed25519}, Field{2, "secp256k1", &T::secp256k1});
  }
};

struct Validator {
  Bytes address{};
  PublicKey pub_key{};
  std::int64_t voting_power = 0;
  std::int64_t proposer_priority = 0;

  static constexpr std::string_view kName = "tendermint.types.Validator";
  static constexpr auto fields() {
    using codec::Field;
    using T = Validator;
    return fields_of(Field{1, "address", &T::address}, Field{2, "pub_key", &T::pub_key},
                     Field{3, "voting_power", &T::voting_power},
                     Field{4, "proposer_priority", &T::proposer_priority});
  }
};

struct ValidatorSet {
  std::vector<Validator> validators{};
  std::optional<Validator> proposer{};
  std::int64_t total_voting_power = 0;

  static constexpr std::string_view kName = "tendermint.types.ValidatorSet";
  static constexpr auto fields() {
    using codec::Field;
    using T = ValidatorSet;
    return fields_of(Field{1, "validators", &T::validators}, Field{2, "proposer", &T::proposer},
                     Field{3, "total_voting_power", &T::total_voting_power});
  }
};

struct SignedHeader {
  std::optional<Header> header{};
  std::optional<Commit> commit{};

  static constexpr std::string_view kName = "tendermint.types.SignedHeader";
  static constexpr auto fields() {
    using codec::Field;
    using T = SignedHeader;
    return fields_of(Field{1, "header", &T::header}, Field{2, "commit", &T::commit});
  }
};

struct LightBlock {
  std::optional<SignedHeader> signed_header{};
  std::optional<ValidatorSet> validator_set{};

  static constexpr std::string_view kName = "tendermint.types.LightBlock";
  static constexpr auto fields() {
    using codec::Field;
    using T = LightBlock;
    return fields_of(Field{1, "signed_header", &T::signed_header},
                     Field{2, "validator_set", &T::validator_set});
  }
};

struct LightClientAttackEvidence {
  std::optional<LightBlock> conflicting_block{};
  std::int64_t common_height = 0;
  std::vector<Validator> byzantine_validators{};
  std::int64_t total_voting_power = 0;
  Timestamp timestamp{};

  static constexpr std::string_view kName = "tendermint.types.LightClientAttackEvidence";
  static constexpr auto fields() {
    using codec::Field;
    using T = LightClientAttackEvidence;
    return fields_of(Field{1, "conflicting_block", &T::conflicting_block},
                     Field{2, "common_height", &T::common_height},
                     Field{3, "byzantine_validators", &T::byzantine_validators},
                     Field{4, "total_voting_power", &T::total_voting_power},
                     Field{5, "timestamp", &T::timestamp});
  }
};

struct Evidence {
  std::optional<DuplicateVoteEvidence> duplicate_vote_evidence{};
  std::optional<LightClientAttackEvidence> light_client_attack_evidence{};

  static constexpr std::string_view kName = "tendermint.types.Evidence";
  static constexpr bool kIsOneof = true;
  static constexpr auto fields() {
    using codec::Field;
    using T = Evidence;
    return fields_of(Field{1, "duplicate_vote_evidence", &T::duplicate_vote_evidence},
                     Field{2, "light_client_attack_evidence", &T::light_client_attack_evidence});
  }
};

struct EvidenceList {
  std::vector<Evidence> evidence{};

  static constexpr std::string_view kName = "tendermint.types.EvidenceList";
  static constexpr auto fields() {
    using codec::Field;
    using T = EvidenceList;
    return fields_of(Field{1, "evidence", &T::evidence});
  }
};

struct Block {
  Header header{};
  Data data{};
  EvidenceList evidence{};
  std::optional<Commit> last_commit{};

  static constexpr std::string_view kName = "tendermint.types.Block";
  static constexpr auto fields() {
    using codec::Field;
    using T = Block;
    return fields_of(Field{1, "header", &T::header}, Field{2, "data", &T::data},
                     Field{3, "evidence", &T::evidence}, Field{4, "last_commit", &T::last_commit});
  }
};

/// The SDK's header: the proposer's address is a text.
struct SdkHeader {
  Consensus version{};
  std::string chain_id{};
  std::int64_t height = 0;
  Timestamp time{};
  BlockId last_block_id{};
  Bytes last_commit_hash{};
  Bytes data_hash{};
  Bytes validators_hash{};
  Bytes next_validators_hash{};
  Bytes consensus_hash{};
  Bytes app_hash{};
  Bytes last_results_hash{};
  Bytes evidence_hash{};
  std::string proposer_address{};

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.Header";
  static constexpr auto fields() {
    using codec::Field;
    using T = SdkHeader;
    return fields_of(
        Field{1, "version", &T::version}, Field{2, "chain_id", &T::chain_id},
        Field{3, "height", &T::height}, Field{4, "time", &T::time},
        Field{5, "last_block_id", &T::last_block_id},
        Field{6, "last_commit_hash", &T::last_commit_hash}, Field{7, "data_hash", &T::data_hash},
        Field{8, "validators_hash", &T::validators_hash},
        Field{9, "next_validators_hash", &T::next_validators_hash},
        Field{10, "consensus_hash", &T::consensus_hash}, Field{11, "app_hash", &T::app_hash},
        Field{12, "last_results_hash", &T::last_results_hash},
        Field{13, "evidence_hash", &T::evidence_hash},
        Field{14, "proposer_address", &T::proposer_address});
  }
};

struct SdkBlock {
  SdkHeader header{};
  Data data{};
  EvidenceList evidence{};
  std::optional<Commit> last_commit{};

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.Block";
  static constexpr auto fields() {
    using codec::Field;
    using T = SdkBlock;
    return fields_of(Field{1, "header", &T::header}, Field{2, "data", &T::data},
                     Field{3, "evidence", &T::evidence}, Field{4, "last_commit", &T::last_commit});
  }
};

}  // namespace buri::consensus::api::wire
