#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/consensus/codec/wire.hpp"
#include "node/consensus/modules/milestone/types.hpp"
#include "node/consensus/runtime/message_registry.hpp"

/// What a validator adds to its precommit, and the list of all such additions that the next
/// proposer puts in front of a block's transactions (spec/heimdall.md 4.1). Plain values and their
/// encodings; rules are in extension_rules.hpp.

namespace buri::consensus::app {

using codec::Field;

/// A validator's answer on one side transaction.
struct SideTxResponse {
  Bytes tx_hash{};          ///< sha256 of the raw transaction, 32 bytes
  std::int32_t result = 0;  ///< a runtime::SideVote if valid

  static constexpr std::string_view kName = "heimdallv2.sidetxs.SideTxResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "tx_hash", &SideTxResponse::tx_hash},
                     Field{2, "result", &SideTxResponse::result});
  }
  friend bool operator==(const SideTxResponse&, const SideTxResponse&) = default;
};

/// The ordinary extension. Its compact form leaves the height out and shortens the hash
/// (spec/heimdall-after-ithaca.md 5).
struct VoteExtension {
  Bytes block_hash{};
  std::int64_t height = 0;
  std::vector<SideTxResponse> side_tx_responses{};
  std::optional<modules::milestone::MilestoneProposition> milestone_proposition{};

  static constexpr std::string_view kName = "heimdallv2.sidetxs.VoteExtension";
  static constexpr auto fields() {
    using V = VoteExtension;
    return fields_of(Field{1, "block_hash", &V::block_hash}, Field{2, "height", &V::height},
                     Field{3, "side_tx_responses", &V::side_tx_responses},
                     Field{4, "milestone_proposition", &V::milestone_proposition});
  }
  friend bool operator==(const VoteExtension&, const VoteExtension&) = default;
};

/// A validator as votes name it.
struct VoteValidator {
  Bytes address{};  ///< 20 bytes if valid
  std::int64_t power = 0;

  static constexpr std::string_view kName = "tendermint.abci.Validator";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &VoteValidator::address},
                     Field{3, "power", &VoteValidator::power});
  }
  friend bool operator==(const VoteValidator&, const VoteValidator&) = default;
};

/// Values of the wire's BlockIDFlag.
inline constexpr std::int32_t kFlagAbsent = 1;
inline constexpr std::int32_t kFlagCommit = 2;
inline constexpr std::int32_t kFlagNil = 3;

/// One validator's vote with its two extensions. "Non-RP": not protected against replay, signed as
/// it stands, so that the root chain can check it.
struct ExtendedVote {
  VoteValidator validator{};
  Bytes vote_extension{};
  Bytes extension_signature{};
  std::int32_t block_id_flag = 0;
  Bytes non_rp_extension{};
  Bytes non_rp_signature{};

  static constexpr std::string_view kName = "tendermint.abci.ExtendedVoteInfo";
  static constexpr auto fields() {
    using V = ExtendedVote;
    return fields_of(Field{1, "validator", &V::validator},
                     Field{3, "vote_extension", &V::vote_extension},
                     Field{4, "extension_signature", &V::extension_signature},
                     Field{5, "block_id_flag", &V::block_id_flag},
                     Field{6, "non_rp_vote_extension", &V::non_rp_extension},
                     Field{7, "non_rp_extension_signature", &V::non_rp_signature});
  }
  friend bool operator==(const ExtendedVote&, const ExtendedVote&) = default;
};

/// The first transaction of every block but the first.
struct ExtendedCommit {
  std::int32_t round = 0;
  std::vector<ExtendedVote> votes{};

  static constexpr std::string_view kName = "tendermint.abci.ExtendedCommitInfo";
  static constexpr auto fields() {
    return fields_of(Field{1, "round", &ExtendedCommit::round},
                     Field{2, "votes", &ExtendedCommit::votes});
  }
  friend bool operator==(const ExtendedCommit&, const ExtendedCommit&) = default;
};

/// Decodes an extension of a vote as blocks are judged by: unknown fields are passed over.
Result<VoteExtension, codec::DecodeError> decode_extension(ByteView bytes);
/// Whether the extension has fields that no version of it has: then no honest validator made it.
bool has_unknown_fields(ByteView extension, const runtime::MessageRegistry& registry);

/// What the ordinary extension's signature is over: the length-prefixed CanonicalVoteExtension.
Bytes extension_sign_bytes(std::string_view chain_id, std::int64_t height, std::int32_t round,
                           ByteView extension);

}  // namespace buri::consensus::app
