#include "base/check.hpp"
#include "node/consensus/iavl/page.hpp"
#include "node/consensus/iavl/records.hpp"

/// The records of the state store, read from a database that anything may have happened to.
/// Whatever a reader accepts, the writer writes just so. The first byte picks the record.

namespace {

using namespace buri;
using namespace buri::consensus::iavl;

constexpr std::size_t kStores = 12;

void read_page(ByteView bytes) {
  PageReference reference;
  if (!take_reference(bytes, reference) || reference.page == kNoPage) return;
  NodeArena nodes;
  const Slot root = nodes.allocate();
  nodes[root].height = reference.height;
  nodes[root].leaf_count = reference.leaf_count;
  nodes[root].hash = reference.hash;
  nodes[root].page = reference.page;
  if (!load_page(nodes, root, bytes)) return;
  Bytes written;
  append_page(written, nodes, root);
  CHECK(equal(written, bytes), "a page is written as it was read");
}

void read_changes(ByteView bytes) {
  const auto changed = decode_changed_keys(bytes, kStores);
  if (!changed) return;
  Bytes written;
  for (const ChangedKey& change : *changed) {
    append_changed_key(written, change.store, change.removed, change.key);
  }
  CHECK(equal(written, bytes), "changes are written as they were read");
}

void read_anchor(ByteView bytes) {
  const auto anchor = decode_anchor(1, bytes, kStores);
  if (anchor) CHECK(equal(encode_anchor(*anchor), bytes), "an anchor is written as it was read");
}

void read_pages(ByteView bytes) {
  const auto pages = decode_pages(bytes);
  if (pages)
    CHECK(equal(encode_pages(*pages), bytes), "page numbers are written as they were read");
}

void read_roots(ByteView bytes) {
  const auto roots = decode_roots(bytes, kStores);
  if (roots) CHECK(equal(encode_roots(*roots), bytes), "roots are written as they were read");
}

void read_state_key(ByteView bytes) {
  Bytes key;
  if (!take_state_key(bytes, key)) return;
  Bytes written;
  append_state_prefix(written, bytes[0], key);
  append_state_version(written, state_version_of(bytes));
  CHECK(equal(written, bytes), "a state key is written as it was read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView bytes{data + 1, size - 1};
  constexpr void (*kReaders[])(ByteView) = {read_page,  read_changes, read_anchor,
                                            read_pages, read_roots,   read_state_key};
  kReaders[data[0] % std::size(kReaders)](bytes);
  return 0;
}
