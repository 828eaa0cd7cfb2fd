#pragma once

#include "node/consensus/engine/block_messages.hpp"

/// The consensus messages on the wire, field by field. Private to message.cpp.

namespace buri::consensus::engine::wire {

struct BitArray {
  std::int64_t bits = 0;
  std::vector<std::uint64_t> elems{};
  static constexpr std::string_view kName = "tendermint.libs.bits.BitArray";
  static constexpr auto fields() {
    return fields_of(Field{1, "bits", &BitArray::bits}, Field{2, "elems", &BitArray::elems});
  }
};

struct Proof {
  std::int64_t total = 0;
  std::int64_t index = 0;
  Bytes leaf_hash{};
  std::vector<Bytes> aunts{};
  static constexpr std::string_view kName = "tendermint.crypto.Proof";
  static constexpr auto fields() {
    return fields_of(Field{1, "total", &Proof::total}, Field{2, "index", &Proof::index},
                     Field{3, "leaf_hash", &Proof::leaf_hash}, Field{4, "aunts", &Proof::aunts});
  }
};

struct Part {
  std::uint32_t index = 0;
  Bytes bytes{};
  Proof proof{};
  static constexpr std::string_view kName = "tendermint.types.Part";
  static constexpr auto fields() {
    return fields_of(Field{1, "index", &Part::index}, Field{2, "bytes", &Part::bytes},
                     Field{3, "proof", &Part::proof});
  }
};

struct Vote {
  std::int32_t type = 0;
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id{};
  std::optional<codec::Timestamp> timestamp{};  ///< absent: Go's zero time, not 1970
  Bytes validator_address{};
  std::int32_t validator_index = 0;
  Bytes signature{};
  Bytes extension{};
  Bytes extension_signature{};
  Bytes non_rp_extension{};
  Bytes non_rp_signature{};
  static constexpr std::string_view kName = "tendermint.types.Vote";
  static constexpr auto fields() {
    return fields_of(Field{1, "type", &Vote::type}, Field{2, "height", &Vote::height},
                     Field{3, "round", &Vote::round}, Field{4, "block_id", &Vote::block_id},
                     Field{5, "timestamp", &Vote::timestamp},
                     Field{6, "validator_address", &Vote::validator_address},
                     Field{7, "validator_index", &Vote::validator_index},
                     Field{8, "signature", &Vote::signature},
                     Field{9, "extension", &Vote::extension},
                     Field{10, "extension_signature", &Vote::extension_signature},
                     Field{11, "non_rp_extension", &Vote::non_rp_extension},
                     Field{12, "non_rp_extension_signature", &Vote::non_rp_signature});
  }
};

struct Proposal {
  std::int32_t type = 0;
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::int32_t pol_round = 0;
  BlockId block_id{};
  std::optional<codec::Timestamp> timestamp{};  ///< absent: Go's zero time, not 1970
  Bytes signature{};
  BlockId blob_id{};
  static constexpr std::string_view kName = "tendermint.types.Proposal";
  static constexpr auto fields() {
    using P = Proposal;
    return fields_of(Field{1, "type", &P::type}, Field{2, "height", &P::height},
                     Field{3, "round", &P::round}, Field{4, "pol_round", &P::pol_round},
                     Field{5, "block_id", &P::block_id}, Field{6, "timestamp", &P::timestamp},
                     Field{7, "signature", &P::signature}, Field{8, "blob_id", &P::blob_id});
  }
};

struct NewRoundStep {
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::uint32_t step = 0;
  std::int64_t seconds_since_start_time = 0;
  std::int32_t last_commit_round = 0;
  static constexpr std::string_view kName = "tendermint.consensus.NewRoundStep";
  static constexpr auto fields() {
    using N = NewRoundStep;
    return fields_of(Field{1, "height", &N::height}, Field{2, "round", &N::round},
                     Field{3, "step", &N::step},
                     Field{4, "seconds_since_start_time", &N::seconds_since_start_time},
                     Field{5, "last_commit_round", &N::last_commit_round});
  }
};

struct NewValidBlock {
  std::int64_t height = 0;
  std::int32_t round = 0;
  PartSetHeader block_part_set_header{};
  std::optional<BitArray> block_parts{};
  bool is_commit = false;
  static constexpr std::string_view kName = "tendermint.consensus.NewValidBlock";
  static constexpr auto fields() {
    using N = NewValidBlock;
    return fields_of(Field{1, "height", &N::height}, Field{2, "round", &N::round},
                     Field{3, "block_part_set_header", &N::block_part_set_header},
                     Field{4, "block_parts", &N::block_parts},
                     Field{5, "is_commit", &N::is_commit});
  }
};

struct ProposalMessage {
  Proposal proposal{};
  static constexpr std::string_view kName = "tendermint.consensus.Proposal";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal", &ProposalMessage::proposal});
  }
};

struct ProposalPol {
  std::int64_t height = 0;
  std::int32_t proposal_pol_round = 0;
  BitArray proposal_pol{};
  static constexpr std::string_view kName = "tendermint.consensus.ProposalPOL";
  static constexpr auto fields() {
    using P = ProposalPol;
    return fields_of(Field{1, "height", &P::height},
                     Field{2, "proposal_pol_round", &P::proposal_pol_round},
                     Field{3, "proposal_pol", &P::proposal_pol});
  }
};

/// BlobPart has the same fields.
struct BlockPart {
  std::int64_t height = 0;
  std::int32_t round = 0;
  Part part{};
  static constexpr std::string_view kName = "tendermint.consensus.BlockPart";
  static constexpr auto fields() {
    using B = BlockPart;
    return fields_of(Field{1, "height", &B::height}, Field{2, "round", &B::round},
                     Field{3, "part", &B::part});
  }
};

struct VoteMessage {
  std::optional<Vote> vote{};
  static constexpr std::string_view kName = "tendermint.consensus.Vote";
  static constexpr auto fields() { return fields_of(Field{1, "vote", &VoteMessage::vote}); }
};

struct HasVote {
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::int32_t type = 0;
  std::int32_t index = 0;
  static constexpr std::string_view kName = "tendermint.consensus.HasVote";
  static constexpr auto fields() {
    return fields_of(Field{1, "height", &HasVote::height}, Field{2, "round", &HasVote::round},
                     Field{3, "type", &HasVote::type}, Field{4, "index", &HasVote::index});
  }
};

struct VoteSetMaj23 {
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::int32_t type = 0;
  BlockId block_id{};
  static constexpr std::string_view kName = "tendermint.consensus.VoteSetMaj23";
  static constexpr auto fields() {
    using V = VoteSetMaj23;
    return fields_of(Field{1, "height", &V::height}, Field{2, "round", &V::round},
                     Field{3, "type", &V::type}, Field{4, "block_id", &V::block_id});
  }
};

struct VoteSetBits {
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::int32_t type = 0;
  BlockId block_id{};
  BitArray votes{};
  static constexpr std::string_view kName = "tendermint.consensus.VoteSetBits";
  static constexpr auto fields() {
    using V = VoteSetBits;
    return fields_of(Field{1, "height", &V::height}, Field{2, "round", &V::round},
                     Field{3, "type", &V::type}, Field{4, "block_id", &V::block_id},
                     Field{5, "votes", &V::votes});
  }
};

}  // namespace buri::consensus::engine::wire
