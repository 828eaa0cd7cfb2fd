#include "node/consensus/engine/block.hpp"

#include <algorithm>

#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/part_set.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::engine {
namespace {

using codec::DecodeError;

Timestamp time_of(const codec::Timestamp& read) { return {read.seconds, read.nanos}; }

Decoded<Header> header_of(const wire::Header& read) {
  Header header;
  header.block_version = read.version.block;
  header.app_version = read.version.app;
  header.chain_id = read.chain_id;
  header.height = read.height;
  header.time = time_of(read.time);
  header.app_hash = read.app_hash;
  ASSIGN_OR_RETURN(header.last_block_id, block_id_of(read.last_block_id));
  ASSIGN_OR_RETURN(header.last_commit_hash, hash_of(read.last_commit_hash));
  ASSIGN_OR_RETURN(header.data_hash, hash_of(read.data_hash));
  ASSIGN_OR_RETURN(header.validators_hash, hash_of(read.validators_hash));
  ASSIGN_OR_RETURN(header.next_validators_hash, hash_of(read.next_validators_hash));
  ASSIGN_OR_RETURN(header.consensus_hash, hash_of(read.consensus_hash));
  ASSIGN_OR_RETURN(header.last_results_hash, hash_of(read.last_results_hash));
  ASSIGN_OR_RETURN(header.evidence_hash, hash_of(read.evidence_hash));
  ASSIGN_OR_RETURN(header.proposer_address, address_of(read.proposer_address));
  return header;
}

/// Takes the signature out of `read`.
template <class Read>
Decoded<CommitSig> commit_sig_of(Read& read) {
  const auto flag = static_cast<std::uint32_t>(read.block_id_flag);
  const bool is_known = flag >= static_cast<std::uint32_t>(BlockIdFlag::kAbsent) &&
                        flag <= static_cast<std::uint32_t>(BlockIdFlag::kNil);
  if (!is_known) return Failure{DecodeError::kValue};
  CommitSig entry;
  entry.flag = static_cast<BlockIdFlag>(flag);
  entry.timestamp = time_of(read.timestamp);
  entry.signature = std::move(read.signature);
  if (!read.validator_address.empty()) {
    ASSIGN_OR_RETURN(entry.validator_address, address_of(read.validator_address));
  }
  return entry;
}

Decoded<Commit> commit_of(wire::Commit read) {
  Commit commit;
  commit.height = read.height;
  commit.round = read.round;
  ASSIGN_OR_RETURN(commit.block_id, block_id_of(read.block_id));
  commit.signatures.reserve(read.signatures.size());
  for (wire::CommitSig& entry : read.signatures) {
    ASSIGN_OR_RETURN(CommitSig signature, commit_sig_of(entry));
    commit.signatures.push_back(std::move(signature));
  }
  return commit;
}

Hash256 tree_root(accel::Engine& crypto, std::span<const ByteView> leaves) {
  return crypto.rfc6962_root(leaves, accel::Assurance::kExact);
}

}  // namespace

Result<Block, DecodeError> decode_block(ByteView bytes) {
  ASSIGN_OR_RETURN(wire::Block read, codec::decode<wire::Block>(bytes));
  Block block;
  ASSIGN_OR_RETURN(block.header, header_of(read.header));
  block.txs = std::move(read.data.txs);
  for (wire::Evidence& piece : read.evidence.evidence) {
    const bool is_attack = !piece.light_client_attack.empty();
    block.evidence.push_back(
        {is_attack, std::move(is_attack ? piece.light_client_attack : piece.duplicate_vote)});
  }
  if (read.last_commit) {
    ASSIGN_OR_RETURN(block.last_commit, commit_of(*std::move(read.last_commit)));
  }
  return block;
}

Result<Header, DecodeError> decode_header(ByteView bytes) {
  ASSIGN_OR_RETURN(const wire::Header read, codec::decode<wire::Header>(bytes));
  return header_of(read);
}

Result<Commit, DecodeError> decode_commit(ByteView bytes) {
  ASSIGN_OR_RETURN(wire::Commit read, codec::decode<wire::Commit>(bytes));
  return commit_of(std::move(read));
}

Result<ExtendedCommitRecord, DecodeError> decode_extended_commit(ByteView bytes) {
  ASSIGN_OR_RETURN(wire::ExtendedCommit read, codec::decode<wire::ExtendedCommit>(bytes));
  ExtendedCommitRecord commit;
  commit.height = read.height;
  commit.round = read.round;
  ASSIGN_OR_RETURN(commit.block_id, block_id_of(read.block_id));
  commit.signatures.reserve(read.extended_signatures.size());
  for (wire::ExtendedCommitSig& entry : read.extended_signatures) {
    ExtendedCommitSig signature;
    ASSIGN_OR_RETURN(signature.vote, commit_sig_of(entry));
    signature.extension = std::move(entry.extension);
    signature.extension_signature = std::move(entry.extension_signature);
    signature.non_rp_extension = std::move(entry.non_rp_extension);
    signature.non_rp_signature = std::move(entry.non_rp_signature);
    commit.signatures.push_back(std::move(signature));
  }
  return commit;
}

Commit ExtendedCommitRecord::commit() const {
  Commit plain{height, round, block_id, {}};
  for (const ExtendedCommitSig& signature : signatures) plain.signatures.push_back(signature.vote);
  return plain;
}

Result<std::vector<Validator>, DecodeError> decode_validators(ByteView bytes) {
  ASSIGN_OR_RETURN(const wire::ValidatorSet read, codec::decode<wire::ValidatorSet>(bytes));
  std::vector<Validator> validators;
  validators.reserve(read.validators.size());
  for (const wire::Validator& one : read.validators) {
    const Bytes& key = one.pub_key.secp256k1_uncompressed;
    if (key.size() != PublicKeyBytes::kSize) return Failure{DecodeError::kValue};
    ASSIGN_OR_RETURN(const Address address, address_of(one.address));
    validators.push_back(
        {address, PublicKeyBytes::from(key), one.voting_power, one.proposer_priority});
  }
  return validators;
}

Hash256 data_hash(accel::Engine& crypto, std::span<const Bytes> txs) {
  const std::vector<ByteView> views(txs.begin(), txs.end());
  std::vector<Hash256> hashes(views.size());
  crypto.sha256(views, hashes, accel::Assurance::kExact);
  return tree_root(crypto, std::vector<ByteView>(hashes.begin(), hashes.end()));
}

Hash256 evidence_hash(accel::Engine& crypto, std::span<const EvidencePiece> evidence) {
  std::vector<ByteView> leaves;
  for (const EvidencePiece& piece : evidence) leaves.emplace_back(piece.encoded);
  return tree_root(crypto, leaves);
}

Hash256 consensus_hash(accel::Engine& crypto, std::int64_t max_bytes, std::int64_t max_gas) {
  const Bytes encoded = codec::encode(wire::HashedParams{max_bytes, max_gas});
  const ByteView view(encoded);
  Hash256 hash;
  crypto.sha256(std::span(&view, 1), std::span(&hash, 1), accel::Assurance::kExact);
  return hash;
}

PartSetHeader part_set_header(accel::Engine& crypto, ByteView block) {
  std::vector<ByteView> parts;
  while (!block.empty()) {
    const std::size_t bytes = std::min(block.size(), kPartBytes);
    parts.push_back(block.first(bytes));
    block = block.subspan(bytes);
  }
  return {static_cast<std::uint32_t>(parts.size()), tree_root(crypto, parts)};
}

}  // namespace buri::consensus::engine
