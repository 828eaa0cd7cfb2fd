#include "node/consensus/iavl/multistore.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/iavl/multistore_worker.hpp"
#include "node/consensus/iavl/proof_build.hpp"
#include "node/consensus/iavl/pruner.hpp"
#include "node/consensus/iavl/tables.hpp"

/// Opening, applying and publishing heights, and views of them.

namespace buri::consensus::iavl {
namespace {

constexpr std::string_view kStoresKey = "stores";
/// What a height may write into a store and still leave all of it in the cache.
constexpr std::size_t kFewWrites = 1024;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

}  // namespace

std::vector<std::string> heimdall_stores() {
  return {"auth",      "bank", "bor",       "chainmanager", "checkpoint", "clerk",
          "consensus", "gov",  "milestone", "params",       "stake",      "topup"};
}

Hash256 app_hash(accel::Engine& crypto, const std::vector<std::string>& stores,
                 const std::vector<Hash256>& roots) {
  const std::vector<Bytes> leaves = multistore_leaves(stores, roots, crypto);
  const std::vector<ByteView> views(leaves.begin(), leaves.end());
  return crypto.rfc6962_root(views);
}

View::~View() { owner_.release_view(height_); }

std::vector<store::ReadStore*> View::stores() const {
  std::vector<store::ReadStore*> result;
  for (const auto& store : stores_) result.push_back(store.get());
  return result;
}

std::vector<storage::FamilySpec> Multistore::families() { return Tables::families(); }

Multistore::Multistore(storage::Database& database, accel::Engine& crypto,
                       const MultistoreOptions& options)
    : crypto_(crypto),
      options_(options),
      tables_(std::make_unique<Tables>(database, options.stores.size())),
      cache_(std::make_unique<ValueCache>(options.value_cache_bytes)),
      pruner_(std::make_unique<Pruner>(*tables_)) {
  CHECK(!options.stores.empty() && options.stores.size() <= 255, "a store's index is a byte");
  CHECK(std::is_sorted(options.stores.begin(), options.stores.end()), "stores are in order");
}

Multistore::~Multistore() { CHECK(viewed_.empty(), "views do not outlive the multistore"); }

Result<std::unique_ptr<Multistore>, Multistore::Error> Multistore::open(
    storage::Database& database, accel::Engine& crypto, const MultistoreOptions& options) {
  std::unique_ptr<Multistore> result(new Multistore(database, crypto, options));
  RETURN_IF_ERROR(result->load());
  if (options.background) result->worker_ = std::make_unique<Worker>(*result);
  return result;
}

Status<Multistore::Error> Multistore::load() {
  RETURN_IF_ERROR(check_names());
  ASSIGN_OR_RETURN(const auto height, tables_->last_height(tables_->commits, INT64_MAX));
  height_ = height.value_or(0);
  ASSIGN_OR_RETURN(oldest_, tables_->mark(Tables::kOldest));
  ASSIGN_OR_RETURN(imported_, tables_->mark(Tables::kImported));
  cache_->set_height(height_);
  if (height_ == 0 && imported_ == 0) RETURN_IF_ERROR(forget_import());
  RETURN_IF_ERROR(pruner_->load());
  RETURN_IF_ERROR(load_forest());
  if (height_ > 0) imported_ = 0;
  return check_roots();
}

Status<Multistore::Error> Multistore::check_names() {
  const std::string names = joined(options_.stores);
  Bytes record;
  ASSIGN_OR_RETURN(const bool found,
                   tables_->database->get(tables_->meta, as_bytes(kStoresKey), record));
  if (!found) {
    storage::Batch batch;
    batch.put(tables_->meta, as_bytes(kStoresKey), as_bytes(names));
    return tables_->database->write(batch, storage::Durability::kSynced);
  }
  if (as_text(record) == names) return Unit{};
  return Failure{Error{Error::Kind::kMismatch, "the database holds the stores \"" +
                                                   std::string(as_text(record)) +
                                                   "\", expected \"" + names + "\""}};
}

/// Trees of the last anchor, brought to the last height.
Status<Multistore::Error> Multistore::load_forest() {
  ASSIGN_OR_RETURN(const Anchor anchor, tables_->anchor_at(height_));
  // Pages of an anchor that was not finished.
  storage::Batch batch;
  batch.remove_range(tables_->pages, page_key(anchor.next_page), page_key(UINT64_MAX));
  RETURN_IF_ERROR(tables_->database->write(batch, storage::Durability::kOrdered));
  forest_ = std::make_unique<Forest>(crypto_, tables_->page_source(), anchor);
  anchor_height_ = anchor.height;
  std::int64_t from = std::max(anchor.height, oldest_ - 1);
  if (anchor.height == 0 && height_ > 0 && imported_ > 0) {
    // The first height was imported: it has no record of changes.
    std::vector<std::unique_ptr<store::ReadStore>> stores;
    std::vector<store::ReadStore*> pointers;
    for (std::size_t i = 0; i < options_.stores.size(); ++i) {
      stores.push_back(std::make_unique<HeightStore>(tables_->state_source(nullptr), i, imported_));
      pointers.push_back(stores.back().get());
    }
    RETURN_IF_ERROR(build_forest(imported_, pointers));
    from = imported_;
  }
  return height_ > 0 ? tables_->replay(*forest_, from, height_, std::nullopt) : Unit{};
}

/// Holds the trees against the roots that were committed.
Status<Multistore::Error> Multistore::check_roots() const {
  if (height_ == 0) return Unit{};
  ASSIGN_OR_RETURN(const auto roots, tables_->roots_of(height_));
  if (!roots) return Failure{corruption("the roots of the newest height are missing")};
  for (std::size_t i = 0; i < options_.stores.size(); ++i) {
    const Hash256 found = forest_->root(static_cast<TreeIndex>(i));
    if (found == (*roots)[i]) continue;
    return Failure{corruption("store " + options_.stores[i] + " at height " +
                              std::to_string(height_) + ": expected root " + to_hex((*roots)[i]) +
                              ", found " + to_hex(found))};
  }
  return Unit{};
}

std::optional<std::size_t> Multistore::store_index(std::string_view name) const {
  const auto found = std::find(options_.stores.begin(), options_.stores.end(), name);
  if (found == options_.stores.end()) return std::nullopt;
  return static_cast<std::size_t>(found - options_.stores.begin());
}

std::int64_t Multistore::height() const {
  const std::lock_guard lock(heights_mutex_);
  return height_;
}

std::int64_t Multistore::oldest_height() const {
  const std::lock_guard lock(heights_mutex_);
  return oldest_;
}

/// REQUIRES: heights_mutex_ is held.
bool Multistore::keeps(std::int64_t height) const {
  return height <= height_ && height >= oldest_ && (height > 0 || height_ == 0);
}

CommitInfo Multistore::info_of(std::int64_t height, std::vector<Hash256> roots) const {
  const Hash256 hash = app_hash(crypto_, options_.stores, roots);
  return {.height = height, .roots = std::move(roots), .app_hash = hash};
}

Result<std::optional<CommitInfo>, Multistore::Error> Multistore::commit_info(
    std::int64_t height) const {
  {
    const std::lock_guard lock(heights_mutex_);
    if (height == 0 || !keeps(height)) return std::optional<CommitInfo>{};
  }
  ASSIGN_OR_RETURN(auto roots, tables_->roots_of(height));
  if (!roots) return std::optional<CommitInfo>{};
  return std::optional(info_of(height, std::move(*roots)));
}

std::unique_ptr<View> Multistore::view(std::int64_t height) {
  std::int64_t read_height = height;
  {
    const std::lock_guard lock(heights_mutex_);
    if (!keeps(height)) return nullptr;
    viewed_.insert(height);
    if (height == 0) read_height = imported_;
  }
  std::unique_ptr<View> view(new View(*this, height));
  for (std::size_t i = 0; i < options_.stores.size(); ++i) {
    // What was imported is not a height yet, so the cache knows nothing of it.
    view->stores_.push_back(
        std::make_unique<HeightStore>(tables_->state_source(height == 0 ? nullptr : cache_.get()),
                                      static_cast<TreeIndex>(i), read_height));
  }
  return view;
}

void Multistore::release_view(std::int64_t height) {
  const std::lock_guard lock(heights_mutex_);
  viewed_.erase(viewed_.find(height));
}

Result<CommitInfo, Multistore::Error> Multistore::apply(std::int64_t height, store::Branch& branch,
                                                        storage::Batch& batch) {
  const std::int64_t before = this->height();
  CHECK(before == 0 ? height > 0 : height == before + 1, "heights are applied in order");
  CHECK(branch.store_count() == options_.stores.size(), "the branch has this multistore's stores");
  RETURN_IF_ERROR(finish_anchor_if_late());
  const std::lock_guard lock(forest_mutex_);
  CHECK(!applied_, "a height is published before the next is applied");
  cache_->set_height(height);
  changes_.clear();
  if (imported_ > 0) {
    CHECK(height == imported_, "the first height is the one that was imported");
    std::vector<store::ReadStore*> stores;
    for (std::size_t i = 0; i < branch.store_count(); ++i) stores.push_back(&branch.store(i));
    RETURN_IF_ERROR(build_forest(height, stores));
  }
  for (std::size_t i = 0; i < branch.store_count(); ++i) {
    RETURN_IF_ERROR(apply_store(i, branch.store(i).writes(), height, batch));
  }
  forest_->hash_changes();
  std::vector<Hash256> roots;
  for (std::size_t i = 0; i < branch.store_count(); ++i) {
    roots.push_back(forest_->root(static_cast<TreeIndex>(i)));
  }
  batch.put(tables_->changes, height_key(height), changes_);
  batch.put(tables_->commits, height_key(height), encode_roots(roots));
  if (before == 0) {
    tables_->put_mark(batch, Tables::kOldest, height);
    tables_->put_mark(batch, Tables::kPruned, height);
  }
  applied_ = info_of(height, std::move(roots));
  return *applied_;
}

/// Warms the ways to the keys from `ahead` on; tells to how many beside the first.
Result<std::size_t, Multistore::Error> Multistore::warm_some(
    std::uint32_t tree, store::KeyWrites::const_iterator& ahead,
    store::KeyWrites::const_iterator end) {
  // What these walks touch stays in the processor's cache until the keys are set.
  std::array<ByteView, 64> keys;
  std::size_t count = 0;
  for (; count < keys.size() && ahead != end; ++ahead) keys[count++] = ahead->first;
  RETURN_IF_ERROR(forest_->warm(tree, std::span(keys).first(count)));
  return count - 1;
}

/// Applies one store's writes to its tree, the batch, the record of changes and the cache.
/// REQUIRES: forest_mutex_ is held.
Status<Multistore::Error> Multistore::apply_store(std::size_t index, const store::KeyWrites& writes,
                                                  std::int64_t height, storage::Batch& batch) {
  const auto tree = static_cast<TreeIndex>(index);
  Bytes key_space;
  Bytes value_space;
  auto ahead = writes.begin();
  std::size_t warmed = 0;
  for (const auto& [key, value] : writes) {
    if (imported_ == 0 && warmed-- == 0) {
      ASSIGN_OR_RETURN(warmed, warm_some(tree, ahead, writes.end()));
    }
    CHECK(key.size() <= kMaxKeyBytes, "a key is at most 65535 bytes long");
    if (imported_ == 0) {
      if (value) {
        RETURN_IF_ERROR(forest_->set(tree, key, *value, height));
      } else {
        ASSIGN_OR_RETURN(const bool removed, forest_->remove(tree, key, height));
        if (!removed) continue;
      }
    }
    key_space.clear();
    append_state_prefix(key_space, tree, key);
    append_state_version(key_space, height);
    if (imported_ > 0 && !value) {
      batch.remove(tables_->state, key_space);
      continue;
    }
    value_space.assign(1, value ? kPresentMark : kRemovedMark);
    if (value) append(value_space, *value);
    batch.put(tables_->state, key_space, value_space);
    append_changed_key(changes_, tree, !value, key);
    cache_->update(tree, key, {height, value}, writes.size() <= kFewWrites && imported_ == 0);
  }
  cache_->shelves().update(tree, writes, height);
  return Unit{};
}

Status<Multistore::Error> Multistore::publish() {
  std::int64_t published = 0;
  bool imported = false;
  {
    const std::lock_guard lock(forest_mutex_);
    CHECK(applied_.has_value(), "what is published was applied");
    published = applied_->height;
    applied_.reset();
    const std::lock_guard heights_lock(heights_mutex_);
    height_ = published;
    imported = std::exchange(imported_, 0) > 0;
    if (oldest_ == 0) {
      oldest_ = published;
      pruner_->begin_at(published);
    }
  }
  begin_anchor(imported);
  // An import is in no record of changes, so it needs its anchor at once.
  if (imported) RETURN_IF_ERROR(finish_anchor());
  if (options_.kept_heights > 0 && published - options_.kept_heights > oldest_height()) {
    RETURN_IF_ERROR(prune(published - options_.kept_heights));
  }
  if (worker_) worker_->wake();
  return Unit{};
}

Result<CommitInfo, Multistore::Error> Multistore::commit(std::int64_t height, store::Branch& branch,
                                                         storage::Durability durability) {
  storage::Batch batch;
  ASSIGN_OR_RETURN(CommitInfo info, apply(height, branch, batch));
  RETURN_IF_ERROR(tables_->database->write(batch, durability));
  RETURN_IF_ERROR(publish());
  return info;
}

std::size_t Multistore::tree_bytes() const {
  const std::lock_guard lock(forest_mutex_);
  return forest_->resident_nodes() * sizeof(Node);
}

}  // namespace buri::consensus::iavl
