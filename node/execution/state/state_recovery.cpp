#include <map>

#include "node/execution/state/state_store.hpp"
#include "node/execution/state/table_nodes.hpp"
#include "node/execution/state/trie_hash.hpp"

namespace buri::execution::state {
namespace {

StateError corrupt(std::string detail) {
  return {StateError::Kind::kCorruption, std::move(detail)};
}

/// Brings tries of an older block to the head, whose flat tables are known.
class CatchUp {
 public:
  CatchUp(StateReader& reader, const HashBatch& hash) : reader_(reader), hash_(hash) {}

  /// REQUIRES: by ascending number.
  void add(const UndoRecord& record) {
    for (const auto& account : record.accounts) before_.try_emplace(account.hash, account.before);
    for (const auto& slot : record.slots) slots_.try_emplace(slot.place, slot.before);
  }

  Result<std::vector<TrieWrites>, StateError> run(const Hash256& old_root, const Hash256& root) {
    for (const auto& [hash, before] : before_) RETURN_IF_ERROR(begin_account(hash, before));
    std::vector<TrieUpdate*> tries;
    for (Work& work : works_) tries.push_back(&*work.trie);
    hash_tries(tries, hash_);
    for (const Work& work : works_) RETURN_IF_ERROR(write(*work.trie, work.account, work.root));
    const TableNodes nodes(reader_, {}, leaves_);
    TrieUpdate trie(old_root, nodes);
    RETURN_IF_ERROR(trie.apply(trie_changes(leaves_)));
    TrieUpdate* const whole[] = {&trie};
    hash_tries(whole, hash_);
    RETURN_IF_ERROR(write(trie, {}, root));
    return std::move(writes_);
  }

 private:
  struct Work {
    Work(StateReader& reader, const Hash256& hash, std::vector<LeafChange> changes)
        : account(hash), leaves(std::move(changes)), nodes(reader, hash, leaves) {}

    Hash256 account;
    std::vector<LeafChange> leaves;
    TableNodes nodes;
    std::optional<TrieUpdate> trie;
    Hash256 root;  ///< that must come of it
  };

  Status<StateError> begin_account(const Hash256& hash,
                                   const std::optional<AccountRecord>& before) {
    const std::uint64_t head = reader_.history().published();
    ASSIGN_OR_RETURN(const auto after, reader_.account(hash, head));
    leaves_.push_back({.key = hash, .before = account_leaf(before), .after = account_leaf(after)});
    std::vector<LeafChange> leaves;
    for (auto slot = slots_.lower_bound({.account = hash, .slot = {}});
         slot != slots_.end() && slot->first.account == hash; ++slot) {
      const auto& [place, value_before] = *slot;
      ASSIGN_OR_RETURN(const U256 value, reader_.slot(place, head));
      leaves.push_back(
          {.key = place.slot, .before = slot_leaf(value_before), .after = slot_leaf(value)});
    }
    if (leaves.empty()) return Unit{};
    Work& work = works_.emplace_back(reader_, hash, std::move(leaves));
    work.root = after ? after->storage_root : kEmptyRoot;
    work.trie.emplace(before ? before->storage_root : kEmptyRoot, work.nodes);
    return work.trie->apply(trie_changes(work.leaves));
  }

  Status<StateError> write(const TrieUpdate& trie, const std::optional<Hash256>& account,
                           const Hash256& expected) {
    if (trie.root() != expected) {
      return Failure{corrupt("the tries do not lead to the head: verify-state tells where")};
    }
    WritesSink sink(writes_.emplace_back(TrieWrites{.account = account, .nodes = {}}));
    trie.write(sink, WrittenNodes::kAllButLeaves);
    return Unit{};
  }

  StateReader& reader_;
  const HashBatch& hash_;
  std::map<Hash256, std::optional<AccountRecord>> before_;
  std::map<SlotPlace, U256> slots_;  ///< with what they held before
  std::deque<Work> works_;
  std::vector<LeafChange> leaves_;
  std::vector<TrieWrites> writes_;
};

}  // namespace

Status<StateError> StateStore::load_tries() {
  Bytes bytes;
  const auto found = database_.get(reader_.tables().meta, as_bytes(kTriesKey), bytes);
  if (!found.ok()) return Failure{from_storage(found.error())};
  if (!found.value()) return Unit{};  // of a program that wrote them with every block
  const auto tries = decode_head(bytes);
  if (!tries.ok()) {
    return Failure{corrupt("the tries' record is malformed: " + std::string(tries.error()))};
  }
  tries_ = tries.value();
  if (*tries_ == *head_) return Unit{};
  CatchUp catch_up(reader_, hash_);
  for (std::uint64_t number = tries_->number + 1; number <= head_->number; ++number) {
    ASSIGN_OR_RETURN(const UndoRecord record, read_undo(number));
    if (number == tries_->number + 1 && record.parent != *tries_) {
      return Failure{corrupt("the tries are of another block " + std::to_string(tries_->number) +
                             " than the one before the head")};
    }
    catch_up.add(record);
  }
  ASSIGN_OR_RETURN(auto writes, catch_up.run(tries_->root, head_->root));
  reader_.pending().take(std::move(writes));
  return Unit{};
}

}  // namespace buri::execution::state
