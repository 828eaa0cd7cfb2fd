#include "base/hex.hpp"
#include "node/consensus/iavl/multistore_replay.hpp"
#include "node/consensus/iavl/pruner.hpp"
#include "node/consensus/iavl/tables.hpp"
#include "node/consensus/iavl/tree_stream.hpp"

/// A height as a stream of nodes, and back.

namespace buri::consensus::iavl {
namespace {

constexpr std::size_t kStreamBatchBytes = std::size_t{4} << 20;
constexpr std::size_t kStreamPagesPerBatch = 4096;

}  // namespace

std::uint64_t Multistore::key_count() const {
  const std::lock_guard lock(forest_mutex_);
  std::uint64_t count = 0;
  for (TreeIndex tree = 0; tree < options_.stores.size(); ++tree) {
    count += forest_->leaf_count(tree);
  }
  return count;
}

Status<Multistore::Error> Multistore::export_trees(std::int64_t height, TreeSink& sink) {
  const std::unique_ptr<View> kept = view(height);
  CHECK(kept != nullptr && height > 0, "a kept height is exported");
  ASSIGN_OR_RETURN(const auto info, commit_info(height));
  if (!info) return Failure{corruption("the roots of a kept height are missing")};
  ASSIGN_OR_RETURN(ReplayStart start, hold_replay_start(height));
  Forest forest(crypto_, tables_->page_source(), start.anchor);
  RETURN_IF_ERROR(tables_->replay(forest, start.from, height, std::nullopt));
  for (TreeIndex tree = 0; tree < options_.stores.size(); ++tree) {
    if (forest.root(tree) != info->roots[tree]) {
      return Failure{corruption("the tree of store " + options_.stores[tree] +
                                " does not have the root of its height")};
    }
    RETURN_IF_ERROR(sink.begin_store(tree, forest.leaf_count(tree)));
    auto values = kept->store(tree).iterate({}, store::Direction::kAscending);
    const Error unreadable{Error::Kind::kIo, "the state cannot be read"};
    if (!values.ok()) return Failure{unreadable};
    store::Iterator& at = **values;
    RETURN_IF_ERROR(forest.visit(tree, [&](const VisitedNode& node) -> Status<Error> {
      if (!node.is_leaf) return sink.inner(node.version);
      if (!at.valid() || !equal(at.key(), node.key)) {
        return Failure{corruption("a value of the state trees is missing")};
      }
      RETURN_IF_ERROR(sink.leaf(node.key, at.value(), node.version));
      if (!at.next().ok()) return Failure{unreadable};
      return Unit{};
    }));
  }
  return Unit{};
}

Result<std::unique_ptr<TreeImport>, Multistore::Error> Multistore::import_trees(
    std::int64_t height) {
  CHECK(this->height() == 0 && height > 0, "trees are imported into an empty multistore");
  RETURN_IF_ERROR(forget_import());
  const std::lock_guard lock(heights_mutex_);
  imported_ = 0;
  return std::unique_ptr<TreeImport>(new TreeImport(*this, height));
}

/// Makes the imported trees a height and an anchor, in one batch behind all of its pages.
Result<CommitInfo, Multistore::Error> Multistore::finish_trees(std::int64_t height,
                                                               const Hash256& app_hash) {
  const std::lock_guard maintain_lock(maintain_mutex_);
  const std::lock_guard lock(forest_mutex_);
  forest_->hash_changes();
  std::vector<Hash256> roots;
  for (TreeIndex tree = 0; tree < options_.stores.size(); ++tree) {
    roots.push_back(forest_->root(tree));
  }
  CommitInfo info = info_of(height, roots);
  if (info.app_hash != app_hash) {
    return Failure{corruption("the trees have the app hash " + to_hex(info.app_hash) +
                              ", expected " + to_hex(app_hash))};
  }
  forest_->freeze(height);
  storage::Batch batch;
  for (bool done = false; !done;) {
    batch.clear();
    done = forest_->write_pages(batch, kStreamPagesPerBatch);
    if (!done) RETURN_IF_ERROR(tables_->database->write(batch, storage::Durability::kOrdered));
  }
  std::vector<PageId> dead;
  tables_->put_anchor(batch, forest_->finish(dead), dead);
  batch.put(tables_->commits, height_key(height), encode_roots(roots));
  tables_->put_mark(batch, Tables::kOldest, height);
  tables_->put_mark(batch, Tables::kPruned, height);
  RETURN_IF_ERROR(tables_->database->write(batch, storage::Durability::kSynced));
  const std::lock_guard heights_lock(heights_mutex_);
  anchor_height_ = height_ = oldest_ = height;
  pruner_->begin_at(height);
  cache_->set_height(height);
  return info;
}

struct TreeImport::Impl {
  Impl(Multistore& multistore, std::int64_t import_height)
      : owner(multistore), height(import_height) {}

  Taken write_values(std::size_t at_least) {
    if (batch.size_bytes() <= at_least) return Unit{};
    RETURN_IF_ERROR(owner.tables_->database->write(batch, storage::Durability::kOrdered));
    batch.clear();
    return Unit{};
  }
  /// Ends the store before `next` and looks whether it had as many leaves as were announced.
  Taken end_store() {
    if (next == 0) return Unit{};
    const auto tree = static_cast<TreeIndex>(next - 1);
    RETURN_IF_ERROR(checked(owner.forest_->build_end(tree)));
    const std::uint64_t leaves = owner.forest_->leaf_count(tree);
    if (leaves == announced) return Unit{};
    return Failure{corruption("store " + owner.options_.stores[tree] + " has " +
                              std::to_string(leaves) + " keys, " + std::to_string(announced) +
                              " were announced")};
  }
  Taken checked(Status<BuildFault> built) const {
    if (built.ok()) return Unit{};
    return Failure{corruption("no IAVL tree: " + std::string(describe(built.error())))};
  }
  Taken check(std::int64_t version) const {
    if (next == 0) return Failure{corruption("a node in front of the first store")};
    if (version > 0 && version <= height) return Unit{};
    return Failure{corruption("a node of version " + std::to_string(version) + " at height " +
                              std::to_string(height))};
  }
  Taken make_room() {
    if (owner.forest_->changed_nodes() < owner.options_.tree_cache_bytes / sizeof(Node) / 2) {
      return Unit{};
    }
    return owner.spill_forest();
  }

  Multistore& owner;
  std::int64_t height;
  std::size_t next = 0;  ///< store
  std::uint64_t announced = 0;
  storage::Batch batch;
  Bytes key_space;
  Bytes value_space;
};

TreeImport::TreeImport(Multistore& owner, std::int64_t height)
    : impl_(std::make_unique<Impl>(owner, height)) {}
TreeImport::~TreeImport() = default;

TreeSink::Taken TreeImport::begin_store(std::size_t store, std::uint64_t leaf_count) {
  const std::lock_guard lock(impl_->owner.forest_mutex_);
  if (store != impl_->next || store >= impl_->owner.options_.stores.size()) {
    return Failure{corruption("store number " + std::to_string(store) + ", expected " +
                              std::to_string(impl_->next))};
  }
  RETURN_IF_ERROR(impl_->end_store());
  ++impl_->next;
  impl_->announced = leaf_count;
  return Unit{};
}

TreeSink::Taken TreeImport::leaf(ByteView key, ByteView value, std::int64_t version) {
  const std::lock_guard lock(impl_->owner.forest_mutex_);
  RETURN_IF_ERROR(impl_->check(version));
  RETURN_IF_ERROR(impl_->checked(impl_->owner.forest_->build_leaf(key, value, version)));
  impl_->key_space.clear();
  append_state_prefix(impl_->key_space, static_cast<TreeIndex>(impl_->next - 1), key);
  append_state_version(impl_->key_space, version);
  impl_->value_space.assign(1, kPresentMark);
  append(impl_->value_space, value);
  impl_->batch.put(impl_->owner.tables_->state, impl_->key_space, impl_->value_space);
  RETURN_IF_ERROR(impl_->write_values(kStreamBatchBytes));
  return impl_->make_room();
}

TreeSink::Taken TreeImport::inner(std::int64_t version) {
  const std::lock_guard lock(impl_->owner.forest_mutex_);
  RETURN_IF_ERROR(impl_->check(version));
  RETURN_IF_ERROR(impl_->checked(impl_->owner.forest_->build_inner(version)));
  return impl_->make_room();
}

Result<CommitInfo, storage::StorageError> TreeImport::finish(const Hash256& app_hash) {
  if (impl_->next != impl_->owner.options_.stores.size()) {
    return Failure{corruption("the stream ends after " + std::to_string(impl_->next) + " of " +
                              std::to_string(impl_->owner.options_.stores.size()) + " stores")};
  }
  {
    const std::lock_guard lock(impl_->owner.forest_mutex_);
    RETURN_IF_ERROR(impl_->end_store());
  }
  RETURN_IF_ERROR(impl_->write_values(0));
  return impl_->owner.finish_trees(impl_->height, app_hash);
}

}  // namespace buri::consensus::iavl
