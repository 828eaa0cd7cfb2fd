#include "node/consensus/snapshot/chain_part.hpp"

#include <fmt/format.h>

#include "node/consensus/blocks/records.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/light_block.hpp"

/// The part as bytes, and from and to the stores; chain_part_check.cpp judges it.

namespace buri::consensus::snapshot {
namespace {

using codec::DecodeError;
using codec::Field;

template <class T>
using Decoded = Result<T, DecodeError>;

/// Everything is encoded as the stores keep it.
struct ChainPartMessage {
  Bytes head{};
  Bytes last_validators{};
  Bytes validators{};
  Bytes next_validators{};
  Bytes block{};
  Bytes commit{};
  Bytes results{};
  Bytes next_block{};
  Bytes next_commit{};
  static constexpr std::string_view kName = "buri.SnapshotChain";
  static constexpr auto fields() {
    using M = ChainPartMessage;
    return fields_of(Field{1, "head", &M::head}, Field{2, "last_validators", &M::last_validators},
                     Field{3, "validators", &M::validators},
                     Field{4, "next_validators", &M::next_validators}, Field{5, "block", &M::block},
                     Field{6, "commit", &M::commit}, Field{7, "results", &M::results},
                     Field{8, "next_block", &M::next_block},
                     Field{9, "next_commit", &M::next_commit});
  }
};

Decoded<engine::ChainState> chain_of(const ChainPartMessage& read) {
  ASSIGN_OR_RETURN(auto head, blocks::decode_head(read.head));
  ASSIGN_OR_RETURN(auto last, engine::decode_validator_set(read.last_validators));
  ASSIGN_OR_RETURN(auto current, engine::decode_validator_set(read.validators));
  ASSIGN_OR_RETURN(auto next, engine::decode_validator_set(read.next_validators));
  return engine::ChainState{.chain_id = std::move(head.chain_id),
                            .initial_height = head.initial_height,
                            .app_version = head.app_version,
                            .last_height = head.last_height,
                            .last_block_id = head.last_block_id,
                            .last_time = head.last_time,
                            .last_validators = std::move(last),
                            .validators = std::move(current),
                            .next_validators = std::move(next),
                            .params = head.params,
                            .app_hash = std::move(head.app_hash),
                            .last_results_hash = head.last_results_hash};
}

std::string missing(std::string_view what, std::int64_t height) {
  return fmt::format("the {} of height {} is not stored", what, height);
}

}  // namespace

Bytes encode_chain_part(const ChainPart& part) {
  return codec::encode(
      ChainPartMessage{.head = blocks::encode_head(part.chain),
                       .last_validators = engine::encode_validator_set(part.chain.last_validators),
                       .validators = engine::encode_validator_set(part.chain.validators),
                       .next_validators = engine::encode_validator_set(part.chain.next_validators),
                       .block = part.block,
                       .commit = blocks::encode_commit_record(part.commit, part.has_extensions),
                       .results = part.results,
                       .next_block = part.next_block,
                       .next_commit = engine::encode_extended_commit(part.next_commit)});
}

Result<ChainPart, DecodeError> decode_chain_part(ByteView bytes) {
  ASSIGN_OR_RETURN(auto read, codec::decode<ChainPartMessage>(bytes));
  ASSIGN_OR_RETURN(auto chain, chain_of(read));
  ASSIGN_OR_RETURN(const auto stored, blocks::decode_commit_record(read.commit));
  ASSIGN_OR_RETURN(auto commit, engine::decode_extended_commit(stored.encoded));
  ASSIGN_OR_RETURN(auto next_commit, engine::decode_extended_commit(read.next_commit));
  return ChainPart{.chain = std::move(chain),
                   .block = std::move(read.block),
                   .commit = std::move(commit),
                   .has_extensions = stored.has_extensions,
                   .results = std::move(read.results),
                   .next_block = std::move(read.next_block),
                   .next_commit = std::move(next_commit)};
}

Result<ChainPart, std::string> gather_chain_part(const blocks::BlockStore& blocks,
                                                 const blocks::StateStore& states,
                                                 std::int64_t height) {
  const std::int64_t above = height + 1;
  const auto head = states.load();
  if (!head) return Failure{std::string("the home holds no chain yet")};
  const auto meta = blocks.meta(height);
  const auto next_meta = blocks.meta(above);
  auto block = blocks.encoded_block(height);
  auto next_block = blocks.encoded_block(above);
  auto commit = blocks.commit(height);
  auto next_commit = blocks.commit(above);
  auto last = states.validators(height);
  auto current = states.validators(above);
  auto next = states.validators(above + 1);
  const auto params = states.params(above);
  auto results = states.results(height);
  if (!meta || !block || !commit) return Failure{missing("block", height)};
  if (!next_meta || !next_block || !next_commit) return Failure{missing("block", above)};
  if (!last) return Failure{missing("validator set", height)};
  if (!current || !next) return Failure{missing("validator set", current ? above + 1 : above)};
  if (!params) return Failure{missing("set of parameters", above)};
  if (!results) return Failure{missing("result", height)};
  const engine::Header& header = next_meta->header;
  if (!header.last_results_hash) return Failure{missing("hash of results", height)};
  return ChainPart{
      .chain = {.chain_id = head->chain_id,
                .initial_height = head->initial_height,
                .app_version =
                    header.app_version < 0 ? 0 : static_cast<std::uint64_t>(header.app_version),
                .last_height = height,
                .last_block_id = meta->block_id,
                .last_time = meta->header.time,
                .last_validators = *std::move(last),
                .validators = *std::move(current),
                .next_validators = *std::move(next),
                .params = *params,
                .app_hash = header.app_hash,
                .last_results_hash = *header.last_results_hash},
      .block = *std::move(block),
      .commit = *std::move(commit),
      .has_extensions = blocks.encoded_extended_commit(height).has_value(),
      .results = *std::move(results),
      .next_block = *std::move(next_block),
      .next_commit = *std::move(next_commit)};
}

Status<std::string> store_chain_part(blocks::BlockStore& blocks, blocks::StateStore& states,
                                     const ChainPart& part, const engine::PartSet& parts) {
  const auto block = engine::decode_block(part.block);
  CHECK(block.ok(), "what is stored was checked");
  auto saved = states.save_genesis(part.chain);
  if (saved.ok()) saved = states.save_results(part.height(), part.results);
  if (saved.ok()) saved = blocks.save(*block, parts, part.commit, part.has_extensions);
  if (!saved.ok()) return Failure{"the block cannot be stored: " + saved.error().detail};
  return Unit{};
}

}  // namespace buri::consensus::snapshot
