#include <algorithm>

#include "node/consensus/iavl/multistore_replay.hpp"
#include "node/consensus/iavl/proof_build.hpp"
#include "node/consensus/iavl/tables.hpp"

/// Proofs of kept heights, and going back to one.

namespace buri::consensus::iavl {

std::vector<ProofOperation> StateProof::operations() const {
  const auto* existence = std::get_if<ExistenceProof>(&key_proof);
  const Bytes& key =
      existence != nullptr ? existence->key : std::get<NonExistenceProof>(key_proof).key;
  return {{"ics23:iavl", key, encode_commitment_proof(key_proof)},
          {"ics23:simple", store_proof.key, encode_commitment_proof(store_proof)}};
}

Result<std::optional<StateProof>, Multistore::Error> Multistore::prove(std::int64_t height,
                                                                       std::size_t store,
                                                                       ByteView key) {
  const std::unique_ptr<View> kept = view(height);
  if (kept == nullptr || height == 0) return std::optional<StateProof>{};
  ASSIGN_OR_RETURN(const auto info, commit_info(height));
  if (!info) return std::optional<StateProof>{};
  {
    const std::lock_guard lock(forest_mutex_);
    if (!applied_ && this->height() == height) return prove_in(*forest_, *info, store, key);
  }
  // The trees have moved on: the store's tree is made anew from the anchor before.
  ASSIGN_OR_RETURN(ReplayStart start, hold_replay_start(height));
  Anchor& anchor = start.anchor;
  const auto tree = static_cast<TreeIndex>(store);
  for (TreeIndex other = 0; other < anchor.roots.size(); ++other) {
    if (other != tree) anchor.roots[other] = {};
  }
  Forest forest(crypto_, tables_->page_source(), anchor);
  RETURN_IF_ERROR(tables_->replay(forest, start.from, height, tree));
  return prove_in(forest, *info, store, key);
}

/// The anchor that `height` is made anew from, held as a view is: `height` alone holds only itself,
/// and a later anchor at or below it would let what is replayed go. REQUIRES: `height` is held.
Result<Multistore::ReplayStart, Multistore::Error> Multistore::hold_replay_start(
    std::int64_t height) {
  const std::lock_guard lock(heights_mutex_);
  ASSIGN_OR_RETURN(Anchor anchor, tables_->anchor_at(height));
  const std::int64_t from = std::max(anchor.height, oldest_ - 1);
  const std::int64_t held_height = std::max(from, oldest_);
  viewed_.insert(held_height);
  return ReplayStart{.anchor = std::move(anchor),
                     .from = from,
                     .held = std::unique_ptr<View>(new View(*this, held_height))};
}

/// REQUIRES: `forest` is at the height of `info`.
Result<std::optional<StateProof>, Multistore::Error> Multistore::prove_in(Forest& forest,
                                                                          const CommitInfo& info,
                                                                          std::size_t store,
                                                                          ByteView key) {
  const auto tree = static_cast<TreeIndex>(store);
  Surroundings around;
  if (forest.leaf_count(tree) > 0) {
    ASSIGN_OR_RETURN(around, forest.surroundings(tree, key));
  }
  const auto proof_of =
      [&](const std::optional<LeafPath>& path) -> Result<std::optional<ExistenceProof>, Error> {
    if (!path) return std::optional<ExistenceProof>{};
    ASSIGN_OR_RETURN(auto read,
                     read_state(tables_->state_source(nullptr), tree, path->key, info.height));
    if (!read.value) return Failure{corruption("a value of the state trees is missing")};
    return std::optional(tree_proof(*path, std::move(*read.value)));
  };
  StateProof proof;
  ASSIGN_OR_RETURN(auto at, proof_of(around.at));
  if (at) {
    proof.value = at->value;
    proof.key_proof = std::move(*at);
  } else {
    NonExistenceProof absence{.key = Bytes(key.begin(), key.end()), .left = {}, .right = {}};
    ASSIGN_OR_RETURN(absence.left, proof_of(around.left));
    ASSIGN_OR_RETURN(absence.right, proof_of(around.right));
    proof.key_proof = std::move(absence);
  }
  proof.store_proof = multistore_proof(crypto_, options_.stores, info.roots, store);
  return std::optional(std::move(proof));
}

Status<Multistore::Error> Multistore::roll_back(std::int64_t height) {
  const std::lock_guard maintain_lock(maintain_mutex_);
  const std::lock_guard forest_lock(forest_mutex_);
  CHECK(!applied_, "what is rolled back was published");
  const std::lock_guard lock(heights_mutex_);
  CHECK(height > 0 && keeps(height), "a kept height is rolled back to");
  CHECK(viewed_.empty() || *viewed_.rbegin() <= height, "no view of a later height exists");
  RETURN_IF_ERROR(forget_anchors_above(height));
  while (height_ > height) RETURN_IF_ERROR(forget_height(height_));
  cache_->clear();
  cache_->set_height(height);
  RETURN_IF_ERROR(load_forest());
  return check_roots();
}

/// Pages of those anchors stay until the forest is loaded, which removes them.
Status<Multistore::Error> Multistore::forget_anchors_above(std::int64_t height) {
  storage::Batch batch;
  const FixedBytes<8> first = height_key(height + 1);
  const FixedBytes<8> end = page_key(UINT64_MAX);
  batch.remove_range(tables_->anchors, first, end);
  batch.remove_range(tables_->dead_pages, first, end);
  return tables_->database->write(batch, storage::Durability::kSynced);
}

/// Removes the newest height.
Status<Multistore::Error> Multistore::forget_height(std::int64_t height) {
  storage::Batch batch;
  ASSIGN_OR_RETURN(const std::vector<ChangedKey> changed, tables_->changes_of(height));
  Bytes key;
  for (const ChangedKey& change : changed) {
    key.clear();
    append_state_prefix(key, change.store, change.key);
    append_state_version(key, height);
    batch.remove(tables_->state, key);
  }
  batch.remove(tables_->changes, height_key(height));
  batch.remove(tables_->commits, height_key(height));
  RETURN_IF_ERROR(tables_->database->write(batch, storage::Durability::kSynced));
  --height_;
  return Unit{};
}

}  // namespace buri::consensus::iavl
