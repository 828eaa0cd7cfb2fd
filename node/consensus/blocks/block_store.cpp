#include "node/consensus/blocks/block_store.hpp"

#include <atomic>
#include <deque>

#include "base/check.hpp"
#include "node/consensus/blocks/reader.hpp"

namespace buri::consensus::blocks {
namespace {

constexpr storage::FamilySpec kFamilies[] = {
    {.name = "block_meta"},
    // Read whole, one at a time; transactions are mostly signatures and hashes.
    {.name = "blocks", .block_bytes = std::size_t{64} << 10},
    {.name = "block_commits", .block_bytes = std::size_t{32} << 10},
    {.name = "block_hashes", .compress = false},
};

/// Blocks whose parts are kept cut for peers that are behind: such peers ask for one part after the
/// other.
constexpr std::size_t kCutBlocks = 4;

}  // namespace

struct BlockStore::Impl {
  explicit Impl(storage::Database& opened)
      : database(&opened),
        reader(opened),
        metas(storage::opened_family(opened, "block_meta")),
        blocks(storage::opened_family(opened, "blocks")),
        commits(storage::opened_family(opened, "block_commits")),
        hashes(storage::opened_family(opened, "block_hashes")) {}

  [[nodiscard]] bool holds(std::int64_t at) const { return at >= base && at <= height && at > 0; }
  /// Adds the removal of a height to a batch.
  void remove(storage::Batch& batch, std::int64_t at) const;
  std::shared_ptr<const engine::PartSet> cut(std::int64_t at);

  storage::Database* database;
  Reader reader;
  storage::Family metas;
  storage::Family blocks;
  storage::Family commits;
  storage::Family hashes;
  std::atomic<std::int64_t> base = 0;
  std::atomic<std::int64_t> height = 0;

  struct CutBlock {
    std::int64_t height = 0;
    std::shared_ptr<const engine::PartSet> parts;
  };
  std::mutex cut_mutex;
  std::deque<CutBlock> cut_blocks;  ///< the last used in front
};

void BlockStore::Impl::remove(storage::Batch& batch, std::int64_t at) const {
  const auto key = height_key(at);
  if (const auto meta = reader.get_as(metas, key, decode_meta); meta && meta->block_id.hash) {
    batch.remove(hashes, *meta->block_id.hash);
  }
  batch.remove(metas, key);
  batch.remove(blocks, key);
  batch.remove(commits, key);
}

std::shared_ptr<const engine::PartSet> BlockStore::Impl::cut(std::int64_t at) {
  const std::scoped_lock lock(cut_mutex);
  for (auto it = cut_blocks.begin(); it != cut_blocks.end(); ++it) {
    if (it->height != at) continue;
    std::rotate(cut_blocks.begin(), it, it + 1);
    return cut_blocks.front().parts;
  }
  const auto encoded = reader.get(blocks, height_key(at));
  if (!encoded || encoded->empty()) return nullptr;
  cut_blocks.push_front({at, std::make_shared<engine::PartSet>(engine::PartSet::split(*encoded))});
  if (cut_blocks.size() > kCutBlocks) cut_blocks.pop_back();
  return cut_blocks.front().parts;
}

std::vector<storage::FamilySpec> BlockStore::families() {
  return {std::begin(kFamilies), std::end(kFamilies)};
}

BlockStore::BlockStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BlockStore::~BlockStore() = default;

Result<std::unique_ptr<BlockStore>, std::string> BlockStore::open(storage::Database& database) {
  auto impl = std::make_unique<Impl>(database);
  if (const auto heights = impl->reader.heights(impl->metas)) {
    impl->base = heights->first;
    impl->height = heights->last;
  }
  if (const auto failure = impl->reader.failure()) {
    return Failure{"the block store cannot be read: " + failure->detail};
  }
  return std::unique_ptr<BlockStore>(new BlockStore(std::move(impl)));
}

std::int64_t BlockStore::base() const { return impl_->base; }
std::int64_t BlockStore::height() const { return impl_->height; }

std::optional<BlockMeta> BlockStore::meta(std::int64_t height) const {
  if (!impl_->holds(height)) return std::nullopt;
  return impl_->reader.get_as(impl_->metas, height_key(height), decode_meta);
}

std::optional<std::int64_t> BlockStore::height_of(const Hash256& block_hash) const {
  const auto key = impl_->reader.get(impl_->hashes, block_hash);
  if (!key) return std::nullopt;
  const auto height = height_of_key(*key);
  return height && impl_->holds(*height) ? height : std::nullopt;
}

std::optional<engine::Block> BlockStore::block(std::int64_t height) const {
  if (!impl_->holds(height)) return std::nullopt;
  return impl_->reader.get_as(impl_->blocks, height_key(height), engine::decode_block);
}

std::optional<Bytes> BlockStore::encoded_block(std::int64_t height) const {
  if (!impl_->holds(height)) return std::nullopt;
  return impl_->reader.get(impl_->blocks, height_key(height));
}

std::optional<engine::PartSetHeader> BlockStore::parts_of(std::int64_t height) const {
  const auto found = meta(height);
  if (!found) return std::nullopt;
  return found->block_id.parts;
}

std::optional<engine::Part> BlockStore::part(std::int64_t height, std::uint32_t index) const {
  if (!impl_->holds(height)) return std::nullopt;
  const auto parts = impl_->cut(height);
  const engine::Part* part = parts == nullptr ? nullptr : parts->part(index);
  if (part == nullptr) return std::nullopt;
  return *part;
}

std::optional<engine::ExtendedCommitRecord> BlockStore::commit(std::int64_t height) const {
  if (!impl_->holds(height)) return std::nullopt;
  const auto key = height_key(height);
  const auto record = impl_->reader.get(impl_->commits, key);
  if (!record) return std::nullopt;
  const auto stored =
      impl_->reader.value_or_fail(impl_->commits, key, decode_commit_record(*record));
  if (!stored) return std::nullopt;
  return impl_->reader.value_or_fail(impl_->commits, key,
                                     engine::decode_extended_commit(stored->encoded));
}

std::optional<Bytes> BlockStore::encoded_extended_commit(std::int64_t height) const {
  if (!impl_->holds(height)) return std::nullopt;
  const auto key = height_key(height);
  const auto record = impl_->reader.get(impl_->commits, key);
  if (!record) return std::nullopt;
  const auto stored =
      impl_->reader.value_or_fail(impl_->commits, key, decode_commit_record(*record));
  if (!stored || !stored->has_extensions) return std::nullopt;
  return Bytes(stored->encoded.begin(), stored->encoded.end());
}

std::optional<engine::Commit> BlockStore::canonical_commit(std::int64_t height) const {
  auto next = block(height + 1);
  if (!next || height < base()) return std::nullopt;
  return std::move(next->last_commit);
}

Status<storage::StorageError> BlockStore::save(const engine::Block& block,
                                               const engine::PartSet& parts,
                                               const engine::ExtendedCommitRecord& commit,
                                               bool has_extensions) {
  const std::int64_t height = block.header.height;
  if (impl_->holds(height)) return Unit{};
  const std::int64_t last = impl_->height;
  CHECK(last == 0 || height == last + 1, "a block is stored out of order");
  CHECK(parts.is_complete() && commit.block_id.hash, "a block is stored without its parts or name");
  const auto key = height_key(height);
  storage::Batch batch;
  batch.put(impl_->metas, key,
            encode_meta({commit.block_id, parts.byte_count(), block.header, block.txs.size()}));
  batch.put(impl_->blocks, key, parts.assemble());
  batch.put(impl_->commits, key, encode_commit_record(commit, has_extensions));
  batch.put(impl_->hashes, *commit.block_id.hash, key);
  RETURN_IF_ERROR(impl_->database->write(batch, storage::Durability::kOrdered));
  if (last == 0) impl_->base = height;
  impl_->height = height;
  return Unit{};
}

Result<std::int64_t, storage::StorageError> BlockStore::prune(std::int64_t retain_height) {
  CHECK(retain_height <= height(), "pruning would leave no block");
  constexpr std::int64_t kHeightsPerBatch = 1'000;
  const std::int64_t first = impl_->base;
  while (impl_->base < retain_height) {
    const std::int64_t from = impl_->base;
    const std::int64_t to = std::min(from + kHeightsPerBatch, retain_height);
    storage::Batch batch;
    for (std::int64_t at = from; at < to; ++at) impl_->remove(batch, at);
    if (const auto failed = impl_->reader.failure()) return Failure{*failed};
    impl_->base = to;
    RETURN_IF_ERROR(impl_->database->write(batch, storage::Durability::kOrdered));
  }
  return impl_->base - first;
}

Status<storage::StorageError> BlockStore::remove_highest() {
  const std::int64_t last = impl_->height;
  CHECK(last > impl_->base, "the only block cannot be removed");
  storage::Batch batch;
  impl_->remove(batch, last);
  if (const auto failed = impl_->reader.failure()) return Failure{*failed};
  impl_->height = last - 1;
  {
    const std::scoped_lock lock(impl_->cut_mutex);
    std::erase_if(impl_->cut_blocks, [&](const auto& cut) { return cut.height == last; });
  }
  return impl_->database->write(batch, storage::Durability::kSynced);
}

std::optional<storage::StorageError> BlockStore::failure() const { return impl_->reader.failure(); }

}  // namespace buri::consensus::blocks
