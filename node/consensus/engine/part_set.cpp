#include "node/consensus/engine/part_set.hpp"

#include <algorithm>

#include "accel/hasher.hpp"

namespace buri::consensus::engine {

std::string_view describe(PartFault fault) {
  switch (fault) {
    case PartFault::kSize:
      return "a part of another length than its place allows";
    case PartFault::kIndex:
      return "a part for a place that the set or the proof does not have";
    case PartFault::kProof:
      return "a proof that does not lead to the set's hash";
  }
  return "unknown";
}

Status<PartFault> check_shape(const Part& part) {
  const bool is_inner = std::int64_t{part.index} < part.proof.total - 1;
  if (part.bytes.size() > kPartBytes) return Failure{PartFault::kSize};
  if (is_inner && part.bytes.size() != kPartBytes) return Failure{PartFault::kSize};
  if (part.proof.index != std::int64_t{part.index}) return Failure{PartFault::kIndex};
  if (part.proof.total < 0) return Failure{PartFault::kProof};
  if (part.proof.aunts.size() > accel::Rfc6962Proof::kMaxAunts) return Failure{PartFault::kProof};
  return Unit{};
}

PartSet PartSet::split(ByteView block) {
  CHECK(!block.empty() && block.size() <= kMaxBlockBytes, "a block that has no part set");
  std::vector<ByteView> pieces;
  for (ByteView rest = block; !rest.empty(); rest = rest.subspan(pieces.back().size())) {
    pieces.push_back(rest.first(std::min(rest.size(), kPartBytes)));
  }
  std::vector<accel::Rfc6962Proof> proofs = rfc6962_proofs(pieces, accel::best_hasher());
  PartSet set(
      {static_cast<std::uint32_t>(pieces.size()), rfc6962_root(pieces, accel::best_hasher())});
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    set.parts_[i] = Part{static_cast<std::uint32_t>(i), Bytes(pieces[i].begin(), pieces[i].end()),
                         std::move(proofs[i])};
    set.present_.set(i);
  }
  set.byte_count_ = block.size();
  return set;
}

PartSet::PartSet(const PartSetHeader& header)
    : header_(header), parts_(header.total), present_(header.total) {
  CHECK(header.hash && header.total > 0 && header.total <= kMaxParts,
        "a part set whose header is not complete");
}

const Part* PartSet::part(std::size_t index) const {
  return index < parts_.size() && parts_[index] ? &*parts_[index] : nullptr;
}

Result<bool, PartFault> PartSet::add(Part part) {
  if (part.index >= header_.total) return Failure{PartFault::kIndex};
  if (present_.get(part.index)) return false;
  RETURN_IF_ERROR(check_shape(part));
  // A path can fit trees of several sizes; only the set's own says which part is the last.
  if (part.proof.total != std::int64_t{header_.total}) return Failure{PartFault::kProof};
  if (!verify_rfc6962_proof(part.proof, part.bytes, *header_.hash).ok()) {
    return Failure{PartFault::kProof};
  }
  const std::size_t index = part.index;
  byte_count_ += part.bytes.size();
  present_.set(index);
  parts_[index] = std::move(part);
  return true;
}

Bytes PartSet::assemble() const {
  CHECK(is_complete(), "a block was read before all of its parts were there");
  Bytes block;
  block.reserve(byte_count_);
  for (const std::optional<Part>& part : parts_) append(block, part->bytes);
  return block;
}

}  // namespace buri::consensus::engine
