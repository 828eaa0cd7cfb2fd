#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/iavl/proof.hpp"

/// Writing ICS-23 proofs in their protobuf encoding (proofs.proto).

namespace buri::consensus::iavl {
namespace {

ProtobufWriter encode(const LeafOp& leaf) {
  ProtobufWriter writer;
  writer.varint(1, leaf.hash)
      .varint(2, leaf.prehash_key)
      .varint(3, leaf.prehash_value)
      .varint(4, leaf.length)
      .bytes(5, leaf.prefix);
  return writer;
}

ProtobufWriter encode(const InnerOp& inner) {
  ProtobufWriter writer;
  writer.varint(1, inner.hash).bytes(2, inner.prefix).bytes(3, inner.suffix);
  return writer;
}

ProtobufWriter encode(const ExistenceProof& proof) {
  ProtobufWriter writer;
  writer.bytes(1, proof.key).bytes(2, proof.value).message(3, encode(proof.leaf));
  for (const InnerOp& step : proof.path) writer.message(4, encode(step));
  return writer;
}

ProtobufWriter encode(const NonExistenceProof& proof) {
  ProtobufWriter writer;
  writer.bytes(1, proof.key);
  if (proof.left) writer.message(2, encode(*proof.left));
  if (proof.right) writer.message(3, encode(*proof.right));
  return writer;
}

}  // namespace

Bytes encode_commitment_proof(const CommitmentProof& proof) {
  ProtobufWriter writer;
  if (const auto* existence = std::get_if<ExistenceProof>(&proof)) {
    writer.message(1, encode(*existence));
  } else {
    writer.message(2, encode(std::get<NonExistenceProof>(proof)));
  }
  return writer.encoded();
}

}  // namespace buri::consensus::iavl
