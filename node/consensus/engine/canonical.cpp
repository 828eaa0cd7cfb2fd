#include "node/consensus/engine/canonical.hpp"

#include "base/check.hpp"
#include "base/codec/protobuf_writer.hpp"

namespace buri::consensus::engine {
namespace {

/// SignedMsgType of a precommit.
constexpr std::uint64_t kPrecommitType = 2;
/// The fork's field of tendermint.crypto.PublicKey (spec/cometbft.md 1.1).
constexpr std::uint32_t kUncompressedSecp256k1Field = 3;

ByteView view(const OptionalHash& hash) { return hash ? ByteView(*hash) : ByteView(); }

ProtobufWriter encode(Timestamp time) {
  ProtobufWriter writer;
  writer.varint(1, static_cast<std::uint64_t>(time.seconds));
  writer.varint(2, static_cast<std::uint64_t>(time.nanos));
  return writer;
}

ProtobufWriter encode(const PartSetHeader& parts) {
  ProtobufWriter writer;
  writer.varint(1, parts.total).bytes(2, view(parts.hash));
  return writer;
}

ProtobufWriter encode(const BlockId& block_id) {
  ProtobufWriter writer;
  writer.bytes(1, view(block_id.hash)).message(2, encode(block_id.parts));
  return writer;
}

/// google.protobuf.BytesValue and StringValue; an empty value is an empty leaf.
Bytes wrapped(ByteView value) { return ProtobufWriter().bytes(1, value).encoded(); }

/// google.protobuf.Int64Value.
Bytes wrapped(std::int64_t value) {
  return ProtobufWriter().varint(1, static_cast<std::uint64_t>(value)).encoded();
}

}  // namespace

Bytes precommit_sign_bytes(std::string_view chain_id, std::int64_t height, std::int32_t round,
                           const BlockId& block_id, Timestamp timestamp) {
  ProtobufWriter vote;
  vote.varint(1, kPrecommitType).sfixed64(2, height).sfixed64(3, round);
  if (!block_id.is_nil()) vote.message(4, encode(block_id));
  vote.message(5, encode(timestamp)).string(6, chain_id);
  return vote.length_prefixed();
}

Bytes precommit_sign_bytes(std::string_view chain_id, const Commit& commit, std::size_t index) {
  const CommitSig& entry = commit.signatures[index];
  CHECK(entry.flag != BlockIdFlag::kAbsent, "an absent vote has no sign bytes");
  const BlockId voted = entry.flag == BlockIdFlag::kCommit ? commit.block_id : BlockId{};
  return precommit_sign_bytes(chain_id, commit.height, commit.round, voted, entry.timestamp);
}

std::array<Bytes, 14> header_leaves(const Header& header) {
  ProtobufWriter version;
  version.varint(1, header.block_version).varint(2, header.app_version);
  return {version.encoded(),
          wrapped(as_bytes(header.chain_id)),
          wrapped(header.height),
          encode(header.time).encoded(),
          encode(header.last_block_id).encoded(),
          wrapped(view(header.last_commit_hash)),
          wrapped(view(header.data_hash)),
          wrapped(view(header.validators_hash)),
          wrapped(view(header.next_validators_hash)),
          wrapped(view(header.consensus_hash)),
          wrapped(header.app_hash),
          wrapped(view(header.last_results_hash)),
          wrapped(view(header.evidence_hash)),
          wrapped(ByteView(header.proposer_address))};
}

Bytes validator_leaf(const Validator& validator) {
  ProtobufWriter key;
  key.bytes(kUncompressedSecp256k1Field, validator.public_key);
  ProtobufWriter leaf;
  leaf.message(1, key).varint(2, static_cast<std::uint64_t>(validator.voting_power));
  return leaf.encoded();
}

Bytes commit_sig_leaf(const CommitSig& entry) {
  ProtobufWriter leaf;
  leaf.varint(1, static_cast<std::uint64_t>(entry.flag));
  if (entry.validator_address) leaf.bytes(2, *entry.validator_address);
  leaf.message(3, encode(entry.timestamp)).bytes(4, entry.signature);
  return leaf.encoded();
}

}  // namespace buri::consensus::engine
