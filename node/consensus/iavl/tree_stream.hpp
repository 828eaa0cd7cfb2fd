#pragma once

#include <memory>
#include <string>

#include "node/consensus/iavl/multistore.hpp"

/// The trees of one height as a stream: store after store, and in each all nodes, children before
/// their parent and left before right. Keys of inner nodes, heights, counts and hashes follow from
/// that, so only versions, keys and values are in it.

namespace buri::consensus::iavl {

/// Takes the stream. An error ends it.
class TreeSink {
 public:
  using Taken = Status<storage::StorageError>;

  virtual ~TreeSink() = default;
  /// Before the nodes of a store; stores come in order, empty ones too.
  virtual Taken begin_store(std::size_t store, std::uint64_t leaf_count) = 0;
  virtual Taken leaf(ByteView key, ByteView value, std::int64_t version) = 0;
  virtual Taken inner(std::int64_t version) = 0;
};

/// Builds a height from such a stream, in an empty multistore. Memory is bounded by the
/// multistore's tree_cache_bytes. Nothing counts until finish(): what a crash left is removed at
/// the next open. After an error it can only be destroyed, and the multistore opened anew. One
/// thread at a time.
class TreeImport final : public TreeSink {
 public:
  TreeImport(const TreeImport&) = delete;
  TreeImport& operator=(const TreeImport&) = delete;
  ~TreeImport() override;

  /// Errors of kind kCorruption: the stream is not one of IAVL trees of that height.
  Taken begin_store(std::size_t store, std::uint64_t leaf_count) override;
  Taken leaf(ByteView key, ByteView value, std::int64_t version) override;
  Taken inner(std::int64_t version) override;
  /// Makes the height durable if the trees have that app hash; else an error that names both.
  Result<CommitInfo, storage::StorageError> finish(const Hash256& app_hash);

 private:
  friend class Multistore;
  TreeImport(Multistore& owner, std::int64_t height);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace buri::consensus::iavl
