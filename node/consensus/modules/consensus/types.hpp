#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"

/// CometBFT's consensus parameters as module consensus stores them (tendermint.types of the fork),
/// and its one message.

namespace buri::consensus::modules::consensus {

using codec::Field;

struct BlockParams {
  std::int64_t max_bytes = 0;
  std::int64_t max_gas = 0;

  static constexpr std::string_view kName = "tendermint.types.BlockParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "max_bytes", &BlockParams::max_bytes},
                     Field{2, "max_gas", &BlockParams::max_gas});
  }
};

struct EvidenceParams {
  std::int64_t max_age_num_blocks = 0;
  codec::Duration max_age_duration{};
  std::int64_t max_bytes = 0;

  static constexpr std::string_view kName = "tendermint.types.EvidenceParams";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "max_age_num_blocks", &EvidenceParams::max_age_num_blocks},
        Field{2, "max_age_duration", &EvidenceParams::max_age_duration, codec::Amino::kKeepEmpty},
        Field{3, "max_bytes", &EvidenceParams::max_bytes});
  }
};

struct ValidatorParams {
  std::vector<std::string> pub_key_types{};

  static constexpr std::string_view kName = "tendermint.types.ValidatorParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "pub_key_types", &ValidatorParams::pub_key_types});
  }
};

struct VersionParams {
  std::uint64_t app = 0;

  static constexpr std::string_view kName = "tendermint.types.VersionParams";
  static constexpr auto fields() { return fields_of(Field{1, "app", &VersionParams::app}); }
};

struct AbciParams {
  std::int64_t vote_extensions_enable_height = 0;

  static constexpr std::string_view kName = "tendermint.types.ABCIParams";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "vote_extensions_enable_height", &AbciParams::vote_extensions_enable_height});
  }
};

struct BlobParams {
  std::int64_t max_bytes = 0;

  static constexpr std::string_view kName = "tendermint.types.BlobParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "max_bytes", &BlobParams::max_bytes});
  }
};

struct ConsensusParams {
  std::optional<BlockParams> block{};
  std::optional<EvidenceParams> evidence{};
  std::optional<ValidatorParams> validator{};
  std::optional<VersionParams> version{};
  std::optional<AbciParams> abci{};
  std::optional<BlobParams> blob{};

  static constexpr std::string_view kName = "tendermint.types.ConsensusParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "block", &ConsensusParams::block},
                     Field{2, "evidence", &ConsensusParams::evidence},
                     Field{3, "validator", &ConsensusParams::validator},
                     Field{4, "version", &ConsensusParams::version},
                     Field{5, "abci", &ConsensusParams::abci},
                     Field{8, "blob", &ConsensusParams::blob});
  }
};

struct MsgUpdateParams {
  std::string authority{};
  std::optional<BlockParams> block{};
  std::optional<EvidenceParams> evidence{};
  std::optional<ValidatorParams> validator{};
  std::optional<AbciParams> abci{};
  std::optional<BlobParams> blob{};

  static constexpr std::string_view kName = "cosmos.consensus.v1.MsgUpdateParams";
  static constexpr std::string_view kAminoName = "cosmos-sdk/x/consensus/MsgUpdateParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &MsgUpdateParams::authority},
                     Field{2, "block", &MsgUpdateParams::block},
                     Field{3, "evidence", &MsgUpdateParams::evidence},
                     Field{4, "validator", &MsgUpdateParams::validator},
                     Field{5, "abci", &MsgUpdateParams::abci},
                     Field{6, "blob", &MsgUpdateParams::blob});
  }
};

struct MsgUpdateParamsResponse {
  static constexpr std::string_view kName = "cosmos.consensus.v1.MsgUpdateParamsResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

}  // namespace buri::consensus::modules::consensus
