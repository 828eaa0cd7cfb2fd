#include <algorithm>

#include "accel/hasher.hpp"
#include "node/execution/state/trie_node.hpp"
#include "node/execution/state/trie_proof.hpp"

/// A trie node has one form: what is accepted is written back byte for byte. A proof of any nodes
/// is judged without harm: the input is a key of one byte, then nodes with a length byte before
/// each.

namespace {

std::vector<buri::Bytes> read_nodes(buri::ByteView input) {
  std::vector<buri::Bytes> nodes;
  while (!input.empty()) {
    const std::size_t length = std::min<std::size_t>(input[0], input.size() - 1);
    const buri::ByteView node = input.subspan(1, length);
    nodes.emplace_back(node.begin(), node.end());
    input = input.subspan(1 + length);
  }
  return nodes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::execution::state;
  const buri::ByteView input(data, size);
  const auto node = decode_node(input);
  if (node.ok()) CHECK(buri::equal(encode_node(node.value()), input), "a node has one form");
  if (input.empty()) return 0;
  const std::vector<buri::Bytes> nodes = read_nodes(input.subspan(1));
  if (nodes.empty()) return 0;
  buri::Hash256 root;
  const buri::ByteView first = nodes.front();
  buri::accel::scalar_hasher().keccak256_batch({&first, 1}, {&root, 1});
  (void)verify_proof(root, input.first(1), nodes);
  return 0;
}
