#include "node/consensus/engine/canonical.hpp"

#include "base/check.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "hsm/wire/message_fields.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::consensus::engine {
namespace {

/// The fork's field of tendermint.crypto.PublicKey (spec/cometbft.md 1.1).
constexpr std::uint32_t kUncompressedSecp256k1Field = 3;

ByteView view(const OptionalHash& hash) { return hash ? ByteView(*hash) : ByteView(); }

/// google.protobuf.BytesValue and StringValue; an empty value is an empty leaf.
Bytes wrapped(ByteView value) { return ProtobufWriter().bytes(1, value).encoded(); }

/// google.protobuf.Int64Value.
Bytes wrapped(std::int64_t value) {
  return ProtobufWriter().varint(1, static_cast<std::uint64_t>(value)).encoded();
}

}  // namespace

Bytes precommit_sign_bytes(std::string_view chain_id, const Commit& commit, std::size_t index) {
  const CommitSig& entry = commit.signatures[index];
  CHECK(entry.flag != BlockIdFlag::kAbsent, "an absent vote has no sign bytes");
  const BlockId voted = entry.flag == BlockIdFlag::kCommit ? commit.block_id : BlockId{};
  return hsm::wire::vote_sign_bytes(chain_id, hsm::wire::VoteType::kPrecommit, commit.height,
                                    commit.round, voted, entry.timestamp);
}

std::array<Bytes, 14> header_leaves(const Header& header) {
  ProtobufWriter version;
  version.varint(1, header.block_version).varint(2, header.app_version);
  return {version.encoded(),
          wrapped(as_bytes(header.chain_id)),
          wrapped(header.height),
          encode_fields(header.time),
          encode_fields(header.last_block_id),
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
  leaf.message(3, to_protobuf(entry.timestamp)).bytes(4, entry.signature);
  return leaf.encoded();
}

}  // namespace buri::consensus::engine
