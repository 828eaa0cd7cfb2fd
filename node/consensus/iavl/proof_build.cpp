#include "node/consensus/iavl/proof_build.hpp"

#include <bit>

#include "base/codec/protobuf_writer.hpp"

namespace buri::consensus::iavl {
namespace {

// HashOp and LengthOp of proofs.proto.
constexpr std::uint64_t kSha256 = 1;
constexpr std::uint64_t kVarProto = 1;
constexpr std::uint8_t kSimpleInnerPrefix = 1;

LeafOp leaf_op(Bytes prefix) {
  return {.hash = kSha256,
          .prehash_key = 0,
          .prehash_value = kSha256,
          .length = kVarProto,
          .prefix = std::move(prefix)};
}

/// How an IAVL node's hash begins: height, leaf count and version as Go's zig-zag varints.
Bytes node_header(std::uint8_t height, std::uint64_t leaf_count, std::int64_t version) {
  Bytes header;
  append_varint(header, std::uint64_t{height} << 1);
  append_varint(header, leaf_count << 1);
  append_varint(header, static_cast<std::uint64_t>(version) << 1);
  return header;
}

InnerOp inner_op(const PathStep& step) {
  InnerOp op{.hash = kSha256,
             .prefix = node_header(step.height, step.leaf_count, step.version),
             .suffix = {}};
  Bytes& beside = step.child_is_left ? op.suffix : op.prefix;
  beside.push_back(Hash256::kSize);
  append(beside, step.sibling);
  // The child's own hash stands behind its length.
  op.prefix.push_back(Hash256::kSize);
  return op;
}

/// The steps from leaf `index` to the root of an RFC 6962 tree, leaf first.
void append_simple_path(accel::Engine& crypto, std::span<const ByteView> leaves, std::size_t index,
                        std::vector<InnerOp>& path) {
  if (leaves.size() == 1) return;
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  const bool in_left = index < split;
  const auto mine = in_left ? leaves.first(split) : leaves.subspan(split);
  const auto other = in_left ? leaves.subspan(split) : leaves.first(split);
  append_simple_path(crypto, mine, in_left ? index : index - split, path);
  InnerOp op{.hash = kSha256, .prefix = {kSimpleInnerPrefix}, .suffix = {}};
  append(in_left ? op.suffix : op.prefix, crypto.rfc6962_root(other));
  path.push_back(std::move(op));
}

}  // namespace

ExistenceProof tree_proof(const LeafPath& path, Bytes value) {
  ExistenceProof proof{.key = path.key,
                       .value = std::move(value),
                       .leaf = leaf_op(node_header(0, 1, path.version)),
                       .path = {}};
  for (const PathStep& step : path.steps) proof.path.push_back(inner_op(step));
  return proof;
}

std::vector<Bytes> multistore_leaves(const std::vector<std::string>& stores,
                                     const std::vector<Hash256>& roots, accel::Engine& crypto) {
  const std::vector<ByteView> messages(roots.begin(), roots.end());
  std::vector<Hash256> digests(roots.size());
  crypto.sha256(messages, digests);
  std::vector<Bytes> leaves;
  for (std::size_t i = 0; i < stores.size(); ++i) {
    Bytes leaf;
    append_varint(leaf, stores[i].size());
    append(leaf, as_bytes(stores[i]));
    append_varint(leaf, Hash256::kSize);
    append(leaf, digests[i]);
    leaves.push_back(std::move(leaf));
  }
  return leaves;
}

ExistenceProof multistore_proof(accel::Engine& crypto, const std::vector<std::string>& stores,
                                const std::vector<Hash256>& roots, std::size_t index) {
  const std::vector<Bytes> leaves = multistore_leaves(stores, roots, crypto);
  const std::vector<ByteView> views(leaves.begin(), leaves.end());
  const ByteView name = as_bytes(stores[index]);
  const ByteView root = roots[index];
  ExistenceProof proof{.key = Bytes(name.begin(), name.end()),
                       .value = Bytes(root.begin(), root.end()),
                       .leaf = leaf_op({0}),
                       .path = {}};
  append_simple_path(crypto, views, index, proof.path);
  return proof;
}

}  // namespace buri::consensus::iavl
