#include "node/consensus/iavl/proof.hpp"

/// Reading ICS-23 proofs from their protobuf encoding.

namespace buri::consensus::iavl {
namespace {

/// Visits every field of a message. A singular field that stands twice is refused, `repeated`
/// excepted, as is a default value written out: empty bytes and zero scalars. An empty sub-message
/// needs `message_fields` (a bit per field number).
template <class Visit>
Status<ProtobufError> for_each_field(ByteView message, std::uint32_t repeated,
                                     std::uint32_t message_fields, Visit&& visit) {
  ProtobufReader reader(message);
  std::uint32_t last = 0;
  while (!reader.at_end()) {
    ASSIGN_OR_RETURN(const ProtobufField field, reader.next());
    if (field.number == last && field.number != repeated)
      return Failure{ProtobufError::kFieldOrder};
    last = field.number;
    if (field.number > 31) return Failure{ProtobufError::kUnknownField};
    const bool is_message = (message_fields >> field.number & 1) != 0;
    if (!is_message && field.integer == 0 && field.bytes.empty()) {
      return Failure{ProtobufError::kDefaultValue};
    }
    RETURN_IF_ERROR(visit(field));
  }
  return Unit{};
}

constexpr std::uint32_t kNoRepeatedField = 0;

Status<ProtobufError> read_bytes(const ProtobufField& field, Bytes& target) {
  if (field.type != WireType::kBytes) return Failure{ProtobufError::kUnknownField};
  target.assign(field.bytes.begin(), field.bytes.end());
  return Unit{};
}

Status<ProtobufError> read_integer(const ProtobufField& field, std::uint64_t& target) {
  if (field.type != WireType::kVarint) return Failure{ProtobufError::kUnknownField};
  target = field.integer;
  return Unit{};
}

Result<LeafOp, ProtobufError> decode_leaf(ByteView message) {
  LeafOp leaf;
  RETURN_IF_ERROR(for_each_field(message, kNoRepeatedField, 0,
                                 [&](const ProtobufField& field) -> Status<ProtobufError> {
                                   switch (field.number) {
                                     case 1:
                                       return read_integer(field, leaf.hash);
                                     case 2:
                                       return read_integer(field, leaf.prehash_key);
                                     case 3:
                                       return read_integer(field, leaf.prehash_value);
                                     case 4:
                                       return read_integer(field, leaf.length);
                                     case 5:
                                       return read_bytes(field, leaf.prefix);
                                     default:
                                       return Failure{ProtobufError::kUnknownField};
                                   }
                                 }));
  return leaf;
}

Result<InnerOp, ProtobufError> decode_inner(ByteView message) {
  InnerOp inner;
  RETURN_IF_ERROR(for_each_field(message, kNoRepeatedField, 0,
                                 [&](const ProtobufField& field) -> Status<ProtobufError> {
                                   switch (field.number) {
                                     case 1:
                                       return read_integer(field, inner.hash);
                                     case 2:
                                       return read_bytes(field, inner.prefix);
                                     case 3:
                                       return read_bytes(field, inner.suffix);
                                     default:
                                       return Failure{ProtobufError::kUnknownField};
                                   }
                                 }));
  return inner;
}

Status<ProtobufError> read_leaf(const ProtobufField& field, std::optional<LeafOp>& target) {
  if (field.type != WireType::kBytes) return Failure{ProtobufError::kUnknownField};
  ASSIGN_OR_RETURN(target, decode_leaf(field.bytes));
  return Unit{};
}

Status<ProtobufError> read_step(const ProtobufField& field, std::vector<InnerOp>& path) {
  if (field.type != WireType::kBytes) return Failure{ProtobufError::kUnknownField};
  if (path.size() == kMaxPathSteps) return Failure{ProtobufError::kValueRange};
  ASSIGN_OR_RETURN(InnerOp step, decode_inner(field.bytes));
  path.push_back(std::move(step));
  return Unit{};
}

Result<ExistenceProof, ProtobufError> decode_existence(ByteView message) {
  constexpr std::uint32_t kLeafAndPath = 1u << 3 | 1u << 4;
  constexpr std::uint32_t kPathField = 4;
  ExistenceProof proof;
  std::optional<LeafOp> leaf;
  RETURN_IF_ERROR(for_each_field(message, kPathField, kLeafAndPath,
                                 [&](const ProtobufField& field) -> Status<ProtobufError> {
                                   switch (field.number) {
                                     case 1:
                                       return read_bytes(field, proof.key);
                                     case 2:
                                       return read_bytes(field, proof.value);
                                     case 3:
                                       return read_leaf(field, leaf);
                                     case kPathField:
                                       return read_step(field, proof.path);
                                     default:
                                       return Failure{ProtobufError::kUnknownField};
                                   }
                                 }));
  if (!leaf) return Failure{ProtobufError::kMissingField};
  proof.leaf = *std::move(leaf);
  return proof;
}

Status<ProtobufError> read_existence(const ProtobufField& field,
                                     std::optional<ExistenceProof>& target) {
  if (field.type != WireType::kBytes) return Failure{ProtobufError::kUnknownField};
  ASSIGN_OR_RETURN(target, decode_existence(field.bytes));
  return Unit{};
}

Result<NonExistenceProof, ProtobufError> decode_non_existence(ByteView message) {
  constexpr std::uint32_t kLeftAndRight = 1u << 2 | 1u << 3;
  NonExistenceProof proof;
  RETURN_IF_ERROR(for_each_field(message, kNoRepeatedField, kLeftAndRight,
                                 [&](const ProtobufField& field) -> Status<ProtobufError> {
                                   switch (field.number) {
                                     case 1:
                                       return read_bytes(field, proof.key);
                                     case 2:
                                       return read_existence(field, proof.left);
                                     case 3:
                                       return read_existence(field, proof.right);
                                     default:
                                       return Failure{ProtobufError::kUnknownField};
                                   }
                                 }));
  return proof;
}

}  // namespace

Result<CommitmentProof, ProtobufError> decode_commitment_proof(ByteView bytes) {
  ProtobufReader reader(bytes);
  if (reader.at_end()) return Failure{ProtobufError::kMissingField};
  ASSIGN_OR_RETURN(const ProtobufField field, reader.next());
  if (!reader.at_end()) return Failure{ProtobufError::kFieldOrder};
  if (field.type != WireType::kBytes) return Failure{ProtobufError::kUnknownField};
  if (field.number == 1) {
    ASSIGN_OR_RETURN(ExistenceProof proof, decode_existence(field.bytes));
    return CommitmentProof(std::move(proof));
  }
  if (field.number == 2) {
    ASSIGN_OR_RETURN(NonExistenceProof proof, decode_non_existence(field.bytes));
    return CommitmentProof(std::move(proof));
  }
  return Failure{ProtobufError::kUnknownField};
}

}  // namespace buri::consensus::iavl
