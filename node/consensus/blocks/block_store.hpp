#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/gossip.hpp"
#include "node/consensus/engine/part_set.hpp"
#include "node/storage/database.hpp"

/// Decided blocks on disk: each with its parts, the commit that decided it and the extensions of
/// that commit's votes (0xPolygon/cometbft v0.3.8-polygon, store/store.go). Values are kept as they
/// are encoded on the wire, so that serving them decodes nothing.

namespace buri::consensus::blocks {

/// What there is to say of a block without its content: tendermint.types.BlockMeta.
struct BlockMeta {
  engine::BlockId block_id;
  std::uint64_t block_bytes = 0;
  engine::Header header;
  std::uint64_t tx_count = 0;
};

/// Thread-safe: one thread writes, any read, and a reader sees a height whole or not at all. What
/// cannot be read is not there, and failure() tells from then on.
class BlockStore final : public engine::StoredBlocks {
 public:
  /// The column families to open the database with.
  static std::vector<storage::FamilySpec> families();
  /// Over a database opened with families(), which must outlive this. The error is a sentence.
  static Result<std::unique_ptr<BlockStore>, std::string> open(storage::Database& database);

  /// The heights that are stored, without a gap; both 0 if there is none.
  [[nodiscard]] std::int64_t base() const override;
  [[nodiscard]] std::int64_t height() const;

  [[nodiscard]] std::optional<BlockMeta> meta(std::int64_t height) const;
  [[nodiscard]] std::optional<std::int64_t> height_of(const Hash256& block_hash) const;
  [[nodiscard]] std::optional<engine::Block> block(std::int64_t height) const;
  /// The same as tendermint.types.Block on the wire.
  [[nodiscard]] std::optional<Bytes> encoded_block(std::int64_t height) const;
  [[nodiscard]] std::optional<engine::PartSetHeader> parts_of(std::int64_t height) const override;
  [[nodiscard]] std::optional<engine::Part> part(std::int64_t height,
                                                 std::uint32_t index) const override;

  /// The precommits that this node saw decide the block, with extensions where the height has them
  /// (without, those fields are empty).
  [[nodiscard]] std::optional<engine::ExtendedCommitRecord> commit(
      std::int64_t height) const override;
  /// Its encoding for block sync; nothing where the height has no extensions.
  [[nodiscard]] std::optional<Bytes> encoded_extended_commit(std::int64_t height) const;
  /// The commit that the chain agreed on: the last commit of the block above. Nothing for height().
  [[nodiscard]] std::optional<engine::Commit> canonical_commit(std::int64_t height) const;

  /// Stores a decided block as one batch, durable with the next synced one of the database, which
  /// is that of its results (StateStore). `has_extensions`: whether the commit is kept with its
  /// extensions and served with them. Nothing happens if the height is stored.
  /// REQUIRES: the block is the next height, or the store is empty; parts are complete and the
  /// block's.
  Status<storage::StorageError> save(const engine::Block& block, const engine::PartSet& parts,
                                     const engine::ExtendedCommitRecord& commit,
                                     bool has_extensions);
  /// Removes every height below `retain_height`, also beside a thread that saves; how many. What
  /// evidence may still need is the caller's care. REQUIRES: retain_height <= height().
  Result<std::int64_t, storage::StorageError> prune(std::int64_t retain_height);
  /// Removes the highest block, for `buri consensus rollback`. REQUIRES: height() > base().
  Status<storage::StorageError> remove_highest();

  /// Why something could not be read, ever since this was opened: the node has to stop.
  [[nodiscard]] std::optional<storage::StorageError> failure() const;

  ~BlockStore() override;

 private:
  struct Impl;
  explicit BlockStore(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace buri::consensus::blocks
