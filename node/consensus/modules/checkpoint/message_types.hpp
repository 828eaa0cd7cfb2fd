#pragma once

#include "node/consensus/modules/checkpoint/types.hpp"

/// The messages of module checkpoint.

namespace buri::consensus::modules::checkpoint {

/// Proposes a checkpoint.
struct MsgCheckpoint {
  std::string proposer{};
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  Bytes root_hash{};
  Bytes account_root_hash{};  ///< over the dividend accounts of module topup
  std::string bor_chain_id{};

  static constexpr std::string_view kName = "heimdallv2.checkpoint.MsgCheckpoint";
  static constexpr std::string_view kAminoName = "heimdallv2/checkpoint/MsgCheckpoint";
  static constexpr auto fields() {
    using enum Amino;
    using M = MsgCheckpoint;
    return fields_of(Field{1, "proposer", &M::proposer, kKeepEmpty},
                     Field{2, "start_block", &M::start_block, kKeepEmpty},
                     Field{3, "end_block", &M::end_block, kKeepEmpty},
                     Field{4, "root_hash", &M::root_hash, kKeepEmpty},
                     Field{5, "account_root_hash", &M::account_root_hash, kKeepEmpty},
                     Field{6, "bor_chain_id", &M::bor_chain_id, kKeepEmpty});
  }
};
struct MsgCheckpointResponse {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.MsgCheckpointResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

/// Reports that the root chain took a checkpoint.
struct MsgCpAck {
  std::string from{};
  std::uint64_t number = 0;  ///< of the checkpoint on the root chain, from 1
  std::string proposer{};
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  Bytes root_hash{};

  static constexpr std::string_view kName = "heimdallv2.checkpoint.MsgCpAck";
  static constexpr std::string_view kAminoName = "heimdallv2/checkpoint/MsgCpAck";
  static constexpr auto fields() {
    using enum Amino;
    using M = MsgCpAck;
    return fields_of(Field{1, "from", &M::from, kKeepEmpty},
                     Field{2, "number", &M::number, kKeepEmpty},
                     Field{3, "proposer", &M::proposer, kKeepEmpty},
                     Field{4, "start_block", &M::start_block, kKeepEmpty},
                     Field{5, "end_block", &M::end_block, kKeepEmpty},
                     Field{6, "root_hash", &M::root_hash, kKeepEmpty});
  }
};
struct MsgCpAckResponse {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.MsgCpAckResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

/// Reports that the root chain took none for too long, so that the next validator may propose.
struct MsgCpNoAck {
  std::string from{};

  static constexpr std::string_view kName = "heimdallv2.checkpoint.MsgCpNoAck";
  static constexpr std::string_view kAminoName = "heimdallv2/checkpoint/MsgCpNoAck";
  static constexpr auto fields() {
    return fields_of(Field{1, "from", &MsgCpNoAck::from, Amino::kKeepEmpty});
  }
};
struct MsgCheckpointNoAckResponse {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.MsgCheckpointNoAckResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgUpdateParams {
  std::string authority{};
  Params params{};

  static constexpr std::string_view kName = "heimdallv2.checkpoint.MsgUpdateParams";
  static constexpr std::string_view kAminoName = "heimdallv2/checkpoint/MsgUpdateParams";
  static constexpr auto fields() {
    using enum Amino;
    return fields_of(Field{1, "authority", &MsgUpdateParams::authority, kKeepEmpty},
                     Field{2, "params", &MsgUpdateParams::params, kKeepEmpty});
  }
};
struct MsgUpdateParamsResponse {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.MsgUpdateParamsResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

}  // namespace buri::consensus::modules::checkpoint
