#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"

/// Stored values, the proposition inside vote extensions, and the messages of module milestone
/// (heimdallv2.milestone).

namespace buri::consensus::modules::milestone {

using codec::Amino;
using codec::Field;

/// A range of Bor blocks that two thirds of the power agree on.
struct Milestone {
  std::string proposer{};  ///< "0x" and lower-case digits: the strongest supporter
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  Bytes hash{};  ///< of the end block
  std::string bor_chain_id{};
  std::string milestone_id{};          ///< hex of the hash over the supporters
  std::uint64_t timestamp = 0;         ///< Unix seconds of the block that added it
  std::uint64_t total_difficulty = 0;  ///< at the end block

  static constexpr std::string_view kName = "heimdallv2.milestone.Milestone";
  static constexpr auto fields() {
    using M = Milestone;
    return fields_of(
        Field{1, "proposer", &M::proposer}, Field{2, "start_block", &M::start_block},
        Field{3, "end_block", &M::end_block}, Field{4, "hash", &M::hash},
        Field{5, "bor_chain_id", &M::bor_chain_id}, Field{6, "milestone_id", &M::milestone_id},
        Field{7, "timestamp", &M::timestamp}, Field{8, "total_difficulty", &M::total_difficulty});
  }
  friend bool operator==(const Milestone&, const Milestone&) = default;
};

/// What one validator proposes, or what many agree on: blocks from `start_block_number` upwards.
struct MilestoneProposition {
  std::vector<Bytes> block_hashes{};
  std::uint64_t start_block_number = 0;
  Bytes parent_hash{};                     ///< of the block after the last milestone
  std::vector<std::uint64_t> block_tds{};  ///< total difficulties, one per hash
  std::uint64_t latest_block_number = 0;   ///< the Bor head, from Ithaca
  Bytes latest_block_hash{};

  static constexpr std::string_view kName = "heimdallv2.milestone.MilestoneProposition";
  static constexpr auto fields() {
    using P = MilestoneProposition;
    return fields_of(Field{1, "block_hashes", &P::block_hashes},
                     Field{2, "start_block_number", &P::start_block_number},
                     Field{3, "parent_hash", &P::parent_hash}, Field{4, "block_tds", &P::block_tds},
                     Field{5, "latest_block_number", &P::latest_block_number},
                     Field{6, "latest_block_hash", &P::latest_block_hash});
  }
  friend bool operator==(const MilestoneProposition&, const MilestoneProposition&) = default;
};

struct Params {
  std::uint64_t max_milestone_proposition_length = 0;  ///< blocks
  std::uint64_t ff_milestone_threshold = 0;       ///< more blocks behind: jump instead of following
  std::uint64_t ff_milestone_block_interval = 0;  ///< how far a jump goes, in blocks

  static constexpr std::string_view kName = "heimdallv2.milestone.Params";
  static constexpr auto fields() {
    using enum Amino;
    return fields_of(
        Field{1, "max_milestone_proposition_length", &Params::max_milestone_proposition_length,
              kKeepEmpty},
        Field{2, "ff_milestone_threshold", &Params::ff_milestone_threshold, kKeepEmpty},
        Field{3, "ff_milestone_block_interval", &Params::ff_milestone_block_interval, kKeepEmpty});
  }
  friend bool operator==(const Params&, const Params&) = default;
};

struct MsgUpdateParams {
  std::string authority{};
  Params params{};

  static constexpr std::string_view kName = "heimdallv2.milestone.MsgUpdateParams";
  static constexpr std::string_view kAminoName = "heimdallv2/milestone/MsgUpdateParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &MsgUpdateParams::authority, Amino::kKeepEmpty},
                     Field{2, "params", &MsgUpdateParams::params, Amino::kKeepEmpty});
  }
};
struct MsgUpdateParamsResponse {
  static constexpr std::string_view kName = "heimdallv2.milestone.MsgUpdateParamsResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct GenesisState {
  Params params{};
  std::vector<Milestone> milestones{};

  static constexpr std::string_view kName = "heimdallv2.milestone.GenesisState";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &GenesisState::params},
                     Field{2, "milestones", &GenesisState::milestones});
  }
};

}  // namespace buri::consensus::modules::milestone
