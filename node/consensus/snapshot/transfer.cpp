#include "node/consensus/snapshot/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "node/consensus/snapshot/tree_records.hpp"

namespace buri::consensus::snapshot {
namespace {

using storage::StorageError;
using Taken = iavl::TreeSink::Taken;

/// Counts keys on their way to another sink.
class CountingSink final : public iavl::TreeSink {
 public:
  explicit CountingSink(iavl::TreeSink& next) : next_(next) {}

  Taken begin_store(std::size_t store, std::uint64_t leaf_count) override {
    return next_.begin_store(store, leaf_count);
  }
  Taken leaf(ByteView key, ByteView value, std::int64_t version) override {
    ++keys_;
    return next_.leaf(key, value, version);
  }
  Taken inner(std::int64_t version) override { return next_.inner(version); }
  [[nodiscard]] std::uint64_t keys() const { return keys_; }

 private:
  iavl::TreeSink& next_;
  std::uint64_t keys_ = 0;
};

Transferred facts_of(const ChainPart& part, const ChainProof& proof) {
  return {.chain_id = part.chain.chain_id,
          .height = part.height(),
          .app_hash = proof.app_hash,
          .next_hash = proof.next_hash};
}

}  // namespace

Heights exportable(const NodeStores& stores) {
  const std::int64_t first = std::max(stores.state->oldest_height(), stores.blocks->base());
  const std::int64_t last = std::min(stores.state->height(), stores.blocks->height() - 1);
  if (first <= 0 || last < first) return {};
  return {first, last};
}

Result<Transferred, std::string> export_snapshot(const NodeStores& stores, std::int64_t height,
                                                 ChunkWriter& writer, const OnProgress& tell) {
  ASSIGN_OR_RETURN(const ChainPart part, gather_chain_part(*stores.blocks, *stores.chain, height));
  ASSIGN_OR_RETURN(const ChainProof proof, check_chain_part(*stores.crypto, part));
  Transferred done = facts_of(part, proof);
  const Bytes chain = encode_chain_part(part);
  done.bytes = chain.size();
  RETURN_IF_ERROR(writer.add(ChunkKind::kChain, chain));
  const std::uint64_t all_keys = stores.state->key_count();
  CountingSink* counting = nullptr;
  TreeRecordWriter records([&](ByteView chunk) -> Taken {
    auto added = writer.add(ChunkKind::kTrees, chunk);
    done.bytes += chunk.size();
    tell({counting->keys(), all_keys, done.bytes});
    if (added.ok()) return Unit{};
    return Failure{StorageError{StorageError::Kind::kIo, std::move(added).error()}};
  });
  CountingSink counter(records);
  counting = &counter;
  auto exported = stores.state->export_trees(height, counter);
  if (exported.ok()) exported = records.flush();
  if (!exported.ok()) return Failure{exported.error().detail};
  RETURN_IF_ERROR(writer.end());
  done.keys = counter.keys();
  return done;
}

Result<Transferred, std::string> import_snapshot(const NodeStores& stores, ChunkReader& reader,
                                                 const Judge& judge, const OnProgress& tell) {
  ASSIGN_OR_RETURN(const Chunk first, reader.next());
  const auto part = decode_chain_part(first.content);
  if (!part.ok()) {
    return Failure{
        fmt::format("the chain's part does not decode: {}", codec::describe(part.error()))};
  }
  ASSIGN_OR_RETURN(const ChainProof proof, check_chain_part(*stores.crypto, *part));
  RETURN_IF_ERROR(judge(*part, proof));
  Transferred done = facts_of(*part, proof);
  done.bytes = first.content.size();
  auto import = stores.state->import_trees(part->height());
  if (!import.ok()) return Failure{import.error().detail};
  CountingSink counter(**import);
  for (std::size_t number = 2;; ++number) {
    ASSIGN_OR_RETURN(const Chunk chunk, reader.next());
    if (chunk.kind == ChunkKind::kEnd) break;
    const Taken taken = read_tree_records(chunk.content, counter);
    if (!taken.ok()) return Failure{fmt::format("chunk {}: {}", number, taken.error().detail)};
    done.bytes += chunk.content.size();
    tell({counter.keys(), 0, done.bytes});
  }
  RETURN_IF_ERROR(store_chain_part(*stores.blocks, *stores.chain, *part, proof.parts));
  const auto finished = (*import)->finish(proof.app_hash);
  if (!finished.ok()) return Failure{finished.error().detail};
  done.keys = counter.keys();
  return done;
}

}  // namespace buri::consensus::snapshot
