#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/wire_values.hpp"

/// Blocks, commits and validator sets as the wire has them: the other direction of block.cpp.

namespace buri::consensus::engine {
namespace {

codec::Timestamp time_of(const Timestamp& time) { return {time.seconds, time.nanos}; }

wire::Header wire_header(const Header& header) {
  return {.version = {header.block_version, header.app_version},
          .chain_id = header.chain_id,
          .height = header.height,
          .time = time_of(header.time),
          .last_block_id = to_wire(header.last_block_id),
          .last_commit_hash = bytes_of(header.last_commit_hash),
          .data_hash = bytes_of(header.data_hash),
          .validators_hash = bytes_of(header.validators_hash),
          .next_validators_hash = bytes_of(header.next_validators_hash),
          .consensus_hash = bytes_of(header.consensus_hash),
          .app_hash = header.app_hash,
          .last_results_hash = bytes_of(header.last_results_hash),
          .evidence_hash = bytes_of(header.evidence_hash),
          .proposer_address = bytes_of(ByteView(header.proposer_address))};
}

wire::CommitSig wire_entry(const CommitSig& entry) {
  return {.block_id_flag = static_cast<std::int32_t>(entry.flag),
          .validator_address =
              entry.validator_address ? bytes_of(ByteView(*entry.validator_address)) : Bytes{},
          .timestamp = time_of(entry.timestamp),
          .signature = entry.signature};
}

wire::Commit wire_commit(const Commit& commit) {
  wire::Commit message{commit.height, commit.round, to_wire(commit.block_id), {}};
  for (const CommitSig& entry : commit.signatures) message.signatures.push_back(wire_entry(entry));
  return message;
}

}  // namespace

Bytes encode_block(const Block& block) {
  wire::Block message{.header = wire_header(block.header),
                      .data = {block.txs},
                      .evidence = {},
                      .last_commit = wire_commit(block.last_commit)};
  for (const EvidencePiece& piece : block.evidence) {
    message.evidence.evidence.push_back(piece.is_light_client_attack
                                            ? wire::Evidence{{}, piece.encoded}
                                            : wire::Evidence{piece.encoded, {}});
  }
  return codec::encode(message);
}

Bytes encode_header(const Header& header) { return codec::encode(wire_header(header)); }

Bytes encode_commit(const Commit& commit) { return codec::encode(wire_commit(commit)); }

Bytes encode_extended_commit(const ExtendedCommitRecord& commit) {
  wire::ExtendedCommit message{commit.height, commit.round, to_wire(commit.block_id), {}};
  for (const ExtendedCommitSig& entry : commit.signatures) {
    wire::CommitSig vote = wire_entry(entry.vote);
    message.extended_signatures.push_back({.block_id_flag = vote.block_id_flag,
                                           .validator_address = std::move(vote.validator_address),
                                           .timestamp = vote.timestamp,
                                           .signature = std::move(vote.signature),
                                           .extension = entry.extension,
                                           .extension_signature = entry.extension_signature,
                                           .non_rp_extension = entry.non_rp_extension,
                                           .non_rp_signature = entry.non_rp_signature});
  }
  return codec::encode(message);
}

Bytes encode_validators(std::span<const Validator> validators) {
  wire::ValidatorSet message;
  for (const Validator& validator : validators) {
    message.validators.push_back({.address = bytes_of(ByteView(validator.address)),
                                  .pub_key = {bytes_of(ByteView(validator.public_key))},
                                  .voting_power = validator.voting_power,
                                  .proposer_priority = validator.proposer_priority});
  }
  return codec::encode(message);
}

}  // namespace buri::consensus::engine
