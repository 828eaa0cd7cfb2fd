#include "base/check.hpp"
#include "node/consensus/snapshot/chain_part.hpp"
#include "node/consensus/snapshot/chunks.hpp"
#include "node/consensus/snapshot/tree_records.hpp"

/// A snapshot: by its first byte the file, its chain's part, or records of its trees, because no
/// change to a file survives the hashes of its chunks.

using namespace buri::consensus;

namespace {

buri::accel::Engine& engine() {
  static const auto kEngine = [] {
    buri::accel::EngineOptions options;
    options.worker_threads = 1;
    options.allowed_backends = {"scalar"};
    return buri::accel::Engine::start(options).value();
  }();
  return *kEngine;
}

/// Counts, and keeps what it is told as records again.
struct Counter final : iavl::TreeSink {
  std::size_t records = 0;
  buri::Bytes again;
  snapshot::TreeRecordWriter writer{[this](buri::ByteView chunk) -> Taken {
    buri::append(again, chunk);
    return buri::Unit{};
  }};

  Taken begin_store(std::size_t store, std::uint64_t leaves) override {
    ++records;
    return writer.begin_store(store, leaves);
  }
  Taken leaf(buri::ByteView key, buri::ByteView value, std::int64_t version) override {
    ++records;
    return writer.leaf(key, value, version);
  }
  Taken inner(std::int64_t version) override {
    ++records;
    return writer.inner(version);
  }
};

void read_records(buri::ByteView chunk) {
  Counter first;
  if (!snapshot::read_tree_records(chunk, first).ok() || !first.writer.flush().ok()) return;
  Counter second;
  CHECK(snapshot::read_tree_records(first.again, second).ok() && second.writer.flush().ok(),
        "what is written is read");
  CHECK(second.records == first.records && second.again == first.again, "and means the same");
}

void read_chain(buri::ByteView bytes) {
  const auto part = snapshot::decode_chain_part(bytes);
  if (!part.ok()) return;
  const buri::Bytes canonical = snapshot::encode_chain_part(*part);
  const auto again = snapshot::decode_chain_part(canonical);
  CHECK(again.ok(), "the canonical form decodes");
  CHECK(snapshot::encode_chain_part(*again) == canonical, "the canonical form is its own");
  (void)snapshot::check_chain_part(engine(), *part);
}

void read_file(buri::ByteView rest) {
  snapshot::ChunkReader reader(
      engine(), [&](std::span<std::uint8_t> into) -> buri::Result<std::size_t, std::string> {
        const std::size_t count = std::min(into.size(), rest.size());
        std::copy_n(rest.begin(), count, into.begin());
        rest = rest.subspan(count);
        return count;
      });
  while (true) {
    const auto chunk = reader.next();
    if (!chunk.ok()) return;
    if (chunk->kind == snapshot::ChunkKind::kEnd) break;
    if (chunk->kind == snapshot::ChunkKind::kChain) read_chain(chunk->content);
    if (chunk->kind == snapshot::ChunkKind::kTrees) read_records(chunk->content);
  }
  CHECK(rest.empty(), "nothing follows the end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const buri::ByteView rest(data + 1, size - 1);
  switch (data[0]) {
    case 'f':
      read_file(rest);
      break;
    case 'c':
      read_chain(rest);
      break;
    default:
      read_records(rest);
  }
  return 0;
}
