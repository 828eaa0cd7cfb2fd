#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "node/consensus/codec/schema.hpp"

/// Stored values and the genesis of module checkpoint (heimdallv2.checkpoint).

namespace buri::consensus::modules::checkpoint {

using codec::Amino;
using codec::Field;

/// A range of Bor blocks whose root goes to the root chain.
struct Checkpoint {
  std::uint64_t id = 0;
  std::string proposer{};  ///< "0x" and lower-case digits
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;  ///< inclusive
  Bytes root_hash{};            ///< 32 bytes
  std::string bor_chain_id{};
  std::uint64_t timestamp = 0;  ///< Unix seconds of the block that buffered it

  static constexpr std::string_view kName = "heimdallv2.checkpoint.Checkpoint";
  static constexpr auto fields() {
    return std::tuple{Field{1, "id", &Checkpoint::id},
                      Field{2, "proposer", &Checkpoint::proposer},
                      Field{3, "start_block", &Checkpoint::start_block},
                      Field{4, "end_block", &Checkpoint::end_block},
                      Field{5, "root_hash", &Checkpoint::root_hash},
                      Field{6, "bor_chain_id", &Checkpoint::bor_chain_id},
                      Field{7, "timestamp", &Checkpoint::timestamp}};
  }
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

struct Params {
  codec::Duration checkpoint_buffer_time{};
  std::uint64_t avg_checkpoint_length = 0;  ///< Bor blocks
  std::uint64_t max_checkpoint_length = 0;  ///< Bor blocks
  std::uint64_t child_chain_block_interval = 0;

  static constexpr std::string_view kName = "heimdallv2.checkpoint.Params";
  static constexpr auto fields() {
    using enum Amino;
    using P = Params;
    return std::tuple{
        Field{1, "checkpoint_buffer_time", &P::checkpoint_buffer_time, kKeepEmpty},
        Field{2, "avg_checkpoint_length", &P::avg_checkpoint_length, kKeepEmpty},
        Field{3, "max_checkpoint_length", &P::max_checkpoint_length, kKeepEmpty},
        Field{4, "child_chain_block_interval", &P::child_chain_block_interval, kKeepEmpty}};
  }
  friend bool operator==(const Params&, const Params&) = default;
};

/// A validator's signature over a checkpoint, as the root chain checks it.
struct CheckpointSignature {
  Bytes validator_address{};
  Bytes signature{};

  static constexpr std::string_view kName = "heimdallv2.checkpoint.CheckpointSignature";
  static constexpr auto fields() {
    return std::tuple{Field{1, "validator_address", &CheckpointSignature::validator_address},
                      Field{2, "signature", &CheckpointSignature::signature}};
  }
  friend bool operator==(const CheckpointSignature&, const CheckpointSignature&) = default;
};

struct CheckpointSignatures {
  std::vector<CheckpointSignature> signatures{};

  static constexpr std::string_view kName = "heimdallv2.checkpoint.CheckpointSignatures";
  static constexpr auto fields() {
    return std::tuple{Field{1, "signatures", &CheckpointSignatures::signatures}};
  }
  friend bool operator==(const CheckpointSignatures&, const CheckpointSignatures&) = default;
};

}  // namespace buri::consensus::modules::checkpoint
