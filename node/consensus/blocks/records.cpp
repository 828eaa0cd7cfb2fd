#include "node/consensus/blocks/records.hpp"

#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::blocks {
namespace {

using codec::DecodeError;
using codec::Field;

constexpr std::uint8_t kPlainMark = 0;
constexpr std::uint8_t kExtendedMark = 1;

/// The header stays encoded.
struct MetaMessage {
  engine::wire::BlockId block_id{};
  std::uint64_t block_size = 0;
  Bytes header{};
  std::uint64_t num_txs = 0;
  static constexpr std::string_view kName = "tendermint.types.BlockMeta";
  static constexpr auto fields() {
    using M = MetaMessage;
    return fields_of(Field{1, "block_id", &M::block_id}, Field{2, "block_size", &M::block_size},
                     Field{3, "header", &M::header}, Field{4, "num_txs", &M::num_txs});
  }
};

struct ParamsMessage {
  std::int64_t max_block_bytes = 0;
  std::int64_t max_block_gas = 0;
  std::int64_t max_evidence_bytes = 0;
  std::int64_t extensions_height = 0;
  std::int64_t evidence_age_blocks = 0;
  std::int64_t evidence_age_nanos = 0;
  static constexpr std::string_view kName = "buri.ChainParams";
  static constexpr auto fields() {
    using M = ParamsMessage;
    return fields_of(Field{1, "max_block_bytes", &M::max_block_bytes},
                     Field{2, "max_block_gas", &M::max_block_gas},
                     Field{3, "max_evidence_bytes", &M::max_evidence_bytes},
                     Field{4, "extensions_height", &M::extensions_height},
                     Field{5, "evidence_age_blocks", &M::evidence_age_blocks},
                     Field{6, "evidence_age_nanos", &M::evidence_age_nanos});
  }
};

struct HeadMessage {
  std::string chain_id{};
  std::int64_t initial_height = 0;
  std::uint64_t app_version = 0;
  std::int64_t last_height = 0;
  engine::wire::BlockId last_block_id{};
  codec::Timestamp last_time{};
  ParamsMessage params{};
  Bytes app_hash{};
  Bytes last_results_hash{};
  static constexpr std::string_view kName = "buri.ChainHead";
  static constexpr auto fields() {
    using M = HeadMessage;
    return fields_of(
        Field{1, "chain_id", &M::chain_id}, Field{2, "initial_height", &M::initial_height},
        Field{3, "app_version", &M::app_version}, Field{4, "last_height", &M::last_height},
        Field{5, "last_block_id", &M::last_block_id}, Field{6, "last_time", &M::last_time},
        Field{7, "params", &M::params}, Field{8, "app_hash", &M::app_hash},
        Field{9, "last_results_hash", &M::last_results_hash});
  }
};

struct RotationMessage {
  std::int64_t members_height = 0;
  Bytes proposer{};
  std::vector<std::int64_t> priorities{};
  static constexpr std::string_view kName = "buri.ValidatorRotation";
  static constexpr auto fields() {
    using M = RotationMessage;
    return fields_of(Field{1, "members_height", &M::members_height},
                     Field{2, "proposer", &M::proposer}, Field{3, "priorities", &M::priorities});
  }
};

ParamsMessage message_of(const engine::ChainParams& params) {
  return {params.max_block_bytes,   params.max_block_gas,       params.max_evidence_bytes,
          params.extensions_height, params.evidence_age_blocks, params.evidence_age_nanos};
}

engine::ChainParams params_of(const ParamsMessage& message) {
  return {message.max_block_bytes,   message.max_block_gas,       message.max_evidence_bytes,
          message.extensions_height, message.evidence_age_blocks, message.evidence_age_nanos};
}

}  // namespace

FixedBytes<8> height_key(std::int64_t height) {
  FixedBytes<8> key;
  for (std::size_t i = 0; i < 8; ++i) {
    key.bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(height) >> (56 - 8 * i));
  }
  return key;
}

std::optional<std::int64_t> height_of_key(ByteView key) {
  if (key.size() != 8) return std::nullopt;
  std::uint64_t height = 0;
  for (const std::uint8_t byte : key) height = height << 8 | byte;
  return static_cast<std::int64_t>(height);
}

Bytes encode_meta(const BlockMeta& meta) {
  return codec::encode(MetaMessage{engine::to_wire(meta.block_id), meta.block_bytes,
                                   engine::encode_header(meta.header), meta.tx_count});
}

Decoded<BlockMeta> decode_meta(ByteView record) {
  ASSIGN_OR_RETURN(const auto read, codec::decode<MetaMessage>(record));
  BlockMeta meta;
  ASSIGN_OR_RETURN(meta.block_id, engine::block_id_of(read.block_id));
  meta.block_bytes = read.block_size;
  ASSIGN_OR_RETURN(meta.header, engine::decode_header(read.header));
  meta.tx_count = read.num_txs;
  return meta;
}

Bytes encode_commit_record(const engine::ExtendedCommitRecord& commit, bool has_extensions) {
  const Bytes encoded = engine::encode_extended_commit(commit);
  Bytes record;
  record.reserve(1 + encoded.size());
  record.push_back(has_extensions ? kExtendedMark : kPlainMark);
  record.insert(record.end(), encoded.begin(), encoded.end());
  return record;
}

Decoded<StoredCommit> decode_commit_record(ByteView record) {
  if (record.empty() || record[0] > kExtendedMark) return Failure{DecodeError::kValue};
  return StoredCommit{record[0] == kExtendedMark, record.subspan(1)};
}

Bytes encode_head(const engine::ChainState& chain) {
  return codec::encode(
      HeadMessage{.chain_id = chain.chain_id,
                  .initial_height = chain.initial_height,
                  .app_version = chain.app_version,
                  .last_height = chain.last_height,
                  .last_block_id = engine::to_wire(chain.last_block_id),
                  .last_time = {chain.last_time.seconds, chain.last_time.nanos},
                  .params = message_of(chain.params),
                  .app_hash = chain.app_hash,
                  .last_results_hash = engine::bytes_of(ByteView(chain.last_results_hash))});
}

Decoded<StoredHead> decode_head(ByteView record) {
  ASSIGN_OR_RETURN(auto read, codec::decode<HeadMessage>(record));
  StoredHead head;
  head.chain_id = std::move(read.chain_id);
  head.initial_height = read.initial_height;
  head.app_version = read.app_version;
  head.last_height = read.last_height;
  ASSIGN_OR_RETURN(head.last_block_id, engine::block_id_of(read.last_block_id));
  head.last_time = {read.last_time.seconds, read.last_time.nanos};
  head.params = params_of(read.params);
  head.app_hash = std::move(read.app_hash);
  ASSIGN_OR_RETURN(const auto results, engine::hash_of(read.last_results_hash));
  if (!results) return Failure{DecodeError::kValue};
  head.last_results_hash = *results;
  return head;
}

Bytes encode_rotation(const StoredRotation& rotation) {
  return codec::encode(
      RotationMessage{rotation.members_height,
                      rotation.proposer ? engine::bytes_of(ByteView(*rotation.proposer)) : Bytes{},
                      rotation.priorities});
}

Decoded<StoredRotation> decode_rotation(ByteView record) {
  ASSIGN_OR_RETURN(auto read, codec::decode<RotationMessage>(record));
  StoredRotation rotation;
  rotation.members_height = read.members_height;
  if (!read.proposer.empty()) {
    ASSIGN_OR_RETURN(rotation.proposer, engine::address_of(read.proposer));
  }
  rotation.priorities = std::move(read.priorities);
  return rotation;
}

Bytes encode_params(const engine::ChainParams& params) { return codec::encode(message_of(params)); }

Decoded<engine::ChainParams> decode_params(ByteView record) {
  ASSIGN_OR_RETURN(const auto read, codec::decode<ParamsMessage>(record));
  return params_of(read);
}

}  // namespace buri::consensus::blocks
