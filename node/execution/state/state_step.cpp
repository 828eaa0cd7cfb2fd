#include "node/execution/state/state_step.hpp"

#include <algorithm>
#include <map>

#include "base/hex.hpp"
#include "base/u256_words.hpp"
#include "node/execution/state/table_nodes.hpp"
#include "node/execution/state/trie_hash.hpp"

namespace buri::execution::state {
namespace {

/// From so many slots on, to wake the lanes takes less time than they save.
constexpr std::size_t kSlotsForLanes = 64;

/// One reckoning.
class Reckoning {
 public:
  Reckoning(StateReader& reader, const StateHead& head, const HashedChange& change,
            const StepMeans& means)
      : reader_(reader),
        version_(reader.history().published()),
        head_(head),
        change_(change),
        hash_(means.hash),
        lanes_(means.lanes) {
    step_.before.parent = head;
  }

  Result<StateStep, StateError> run() {
    for (const HashedAccount& account : change_) works_.emplace_back(reader_, account);
    RETURN_IF_ERROR(change_storage());
    for (Work& work : works_) take_slots(work);
    hash_storage();
    for (Work& work : works_) RETURN_IF_ERROR(finish_account(work));
    RETURN_IF_ERROR(change_account_trie());
    return std::move(step_);
  }

 private:
  struct Work {
    Work(StateReader& reader, const HashedAccount& changed)
        : change(changed), nodes(reader, changed.hash) {}

    const HashedAccount& change;
    std::optional<AccountRecord> before;
    TableNodes nodes;
    std::optional<TrieUpdate> trie;  ///< where slots change
    Hash256 storage_root = kEmptyRoot;
    std::map<Hash256, U256> slots_before;
    std::vector<std::pair<Hash256, U256>> slots;  ///< as they become; later ones win
    std::optional<TrieWrites> gone;               ///< the nodes of storage that is cleared
    Status<StateError> status = Unit{};
  };
  class StorageJob;

  Status<StateError> change_storage();
  [[nodiscard]] bool has_many_slots() const;
  /// Whatever an account's storage comes to; touches no other's.
  Status<StateError> begin_account(Work& work) const;
  Status<StateError> clear_storage(Work& work) const;
  Status<StateError> change_slots(Work& work, bool is_cleared) const;
  void take_slots(Work& work);
  void hash_storage();
  Status<StateError> finish_account(Work& work);
  Status<StateError> change_account_trie();
  template <class Visit>
  Status<StateError> visit_account(storage::Family family, const Hash256& account,
                                   Visit&& visit) const;

  StateReader& reader_;
  std::uint64_t version_;
  const StateHead& head_;
  const HashedChange& change_;
  const HashBatch& hash_;
  Lanes* lanes_;
  StateStep step_;
  std::deque<Work> works_;
  std::vector<LeafChange> leaves_;  ///< of the account trie
};

/// Every account is begun in whichever lane comes to it first.
class Reckoning::StorageJob final : public LaneJob {
 public:
  explicit StorageJob(Reckoning& reckoning) : reckoning_(reckoning) {}

  void work(std::size_t /*lane*/) override {
    std::deque<Work>& works = reckoning_.works_;
    for (std::size_t at = next_++; at < works.size(); at = next_++) {
      works[at].status = reckoning_.begin_account(works[at]);
    }
  }

 private:
  Reckoning& reckoning_;
  std::atomic<std::size_t> next_ = 0;
};

bool Reckoning::has_many_slots() const {
  std::size_t slots = 0;
  for (const HashedAccount& account : change_) slots += account.slots.size();
  return slots >= kSlotsForLanes;
}

Status<StateError> Reckoning::change_storage() {
  StorageJob job(*this);
  if (lanes_ != nullptr && has_many_slots()) {
    lanes_->run(job);
  } else {
    job.work(0);
  }
  for (const Work& work : works_) RETURN_IF_ERROR(work.status);
  return Unit{};
}

/// Calls `visit(key, value)` for each record of a table whose key begins with the account's hash.
template <class Visit>
Status<StateError> Reckoning::visit_account(storage::Family family, const Hash256& account,
                                            Visit&& visit) const {
  const auto records = reader_.database().iterate(family);
  for (records->seek(account); records->valid(); records->next()) {
    if (!equal(records->key().first(Hash256::kSize), account)) break;
    visit(records->key(), records->value());
  }
  const auto status = records->status();
  if (!status.ok()) return Failure{from_storage(status.error())};
  return Unit{};
}

Status<StateError> Reckoning::begin_account(Work& work) const {
  const HashedAccount& account = work.change;
  ASSIGN_OR_RETURN(work.before, reader_.account(account.hash, version_));
  if (work.before) work.storage_root = work.before->storage_root;
  const bool is_cleared =
      (account.storage_cleared || !account.after) && work.storage_root != kEmptyRoot;
  if (is_cleared) {
    RETURN_IF_ERROR(clear_storage(work));
    work.storage_root = kEmptyRoot;
  }
  return change_slots(work, is_cleared);
}

Status<StateError> Reckoning::clear_storage(Work& work) const {
  const Tables& tables = reader_.tables();
  const Hash256& account = work.change.hash;
  RETURN_IF_ERROR(visit_account(tables.slot, account, [&](ByteView key, ByteView value) {
    const Hash256 slot = Hash256::from(key.subspan(Hash256::kSize));
    work.slots_before[slot] = U256::from_big_endian(value).value_or(U256{});
    work.slots.emplace_back(slot, U256{});
  }));
  TrieWrites& gone = work.gone.emplace(TrieWrites{.account = account, .nodes = {}});
  RETURN_IF_ERROR(visit_account(tables.slot_node, account, [&](ByteView key, ByteView /*node*/) {
    const ByteView path = key.subspan(Hash256::kSize);
    gone.nodes.emplace_back(PathKey(path.begin(), path.end()), Bytes());
  }));
  reader_.for_each_waiting_path(
      account, [&](const PathKey& path) { gone.nodes.emplace_back(path, Bytes()); });
  return Unit{};
}

/// Sets the slots and adds to `slots_before` what those held that are set to something else.
Status<StateError> Reckoning::change_slots(Work& work, bool is_cleared) const {
  const bool was_empty = is_cleared || work.storage_root == kEmptyRoot;
  std::vector<LeafChange> leaves;
  for (const auto& [slot, value] : work.change.slots) {
    U256 old;
    if (!was_empty) {
      ASSIGN_OR_RETURN(old, reader_.slot({.account = work.change.hash, .slot = slot}, version_));
    }
    if (old == value) continue;
    work.slots_before.try_emplace(slot, old);
    work.slots.emplace_back(slot, value);
    leaves.push_back({.key = slot, .before = slot_leaf(old), .after = slot_leaf(value)});
  }
  if (leaves.empty()) return Unit{};
  return work.trie.emplace(work.storage_root, work.nodes).apply(trie_changes(leaves));
}

/// Puts an account's slots into the step.
void Reckoning::take_slots(Work& work) {
  const Hash256& account = work.change.hash;
  const storage::Family family = reader_.tables().slot;
  for (const auto& [slot, value] : work.slots) {
    const Bytes key = slot_key(account, slot);
    if (is_zero(value)) {
      step_.batch.remove(family, key);
    } else {
      step_.batch.put(family, key, value.to_minimal_big_endian());
    }
    step_.slots.emplace_back(SlotPlace{.account = account, .slot = slot}, value);
  }
  for (const auto& [slot, value] : work.slots_before) {
    step_.before.slots.push_back({{.account = account, .slot = slot}, value});
  }
  if (work.gone) step_.nodes.push_back(*std::move(work.gone));
}

/// One call of the hash a level, over all tries.
void Reckoning::hash_storage() {
  std::vector<TrieUpdate*> tries;
  for (Work& work : works_) {
    if (work.trie) tries.push_back(&*work.trie);
  }
  hash_tries(tries, hash_);
}

Status<StateError> Reckoning::finish_account(Work& work) {
  const Hash256& hash = work.change.hash;
  if (work.trie) {
    WritesSink sink(step_.nodes.emplace_back(TrieWrites{.account = hash, .nodes = {}}));
    work.trie->write(sink, WrittenNodes::kAllButLeaves);
    work.storage_root = work.trie->root();
  }
  std::optional<AccountRecord> after = work.change.after;
  if (after) after->storage_root = work.storage_root;
  if (after == work.before) return Unit{};
  const storage::Family family = reader_.tables().account;
  if (after) {
    step_.batch.put(family, hash, encode_account(*after));
  } else {
    step_.batch.remove(family, hash);
  }
  const bool has_new_code = after && after->code_hash != evm::kEmptyCodeHash &&
                            (!work.before || work.before->code_hash != after->code_hash);
  if (has_new_code && work.change.code) {
    step_.batch.put(reader_.tables().code, after->code_hash, *work.change.code);
  }
  leaves_.push_back(
      {.key = hash, .before = account_leaf(work.before), .after = account_leaf(after)});
  step_.before.accounts.push_back({hash, work.before});
  step_.accounts.emplace_back(hash, after);
  return Unit{};
}

Status<StateError> Reckoning::change_account_trie() {
  const TableNodes nodes(reader_);
  TrieUpdate trie(head_.root, nodes);
  RETURN_IF_ERROR(trie.apply(trie_changes(leaves_)));
  TrieUpdate* const tries[] = {&trie};
  hash_tries(tries, hash_);
  WritesSink sink(step_.nodes.emplace_back());
  trie.write(sink, WrittenNodes::kAllButLeaves);
  step_.root = trie.root();
  return Unit{};
}

}  // namespace

Result<StateStep, StateError> reckon_step(StateReader& reader, const StateHead& head,
                                          const HashedChange& change, const StepMeans& means) {
  return Reckoning(reader, head, change, means).run();
}

}  // namespace buri::execution::state
