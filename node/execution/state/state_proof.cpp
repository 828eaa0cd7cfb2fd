#include "node/execution/evm/keccak.hpp"
#include "node/execution/state/overlay_nodes.hpp"
#include "node/execution/state/state_store.hpp"
#include "node/execution/state/table_nodes.hpp"
#include "node/execution/state/trie_hash.hpp"
#include "node/execution/state/trie_proof.hpp"

namespace buri::execution::state {
namespace {

/// A trie of the head, taken back to an older state in memory.
class OlderTrie {
 public:
  OlderTrie(const TableNodes& head_nodes, const Hash256& head_root)
      : nodes_(head_nodes), root_(head_root) {}

  Status<StateError> take_back(std::span<const LeafChange> changes, const HashBatch& hash) {
    TrieUpdate update(root_, nodes_);
    RETURN_IF_ERROR(update.apply(trie_changes(changes)));
    TrieUpdate* const updates[] = {&update};
    hash_tries(updates, hash);
    update.write(nodes_);
    root_ = update.root();
    return Unit{};
  }

  Result<std::vector<Bytes>, StateError> prove(const Hash256& key) const {
    return build_proof(root_, nodes_, key);
  }
  [[nodiscard]] const Hash256& root() const { return root_; }

 private:
  OverlayNodes nodes_;
  Hash256 root_;
};

/// What takes the account trie back: from the head, whose version is given, to what `older` tells.
Result<std::vector<LeafChange>, StateError> account_leaves(StateReader& reader,
                                                           std::uint64_t head_version,
                                                           const UndoRecord& older) {
  std::vector<LeafChange> leaves;
  for (const UndoRecord::Account& account : older.accounts) {
    ASSIGN_OR_RETURN(const auto at_head, reader.account(account.hash, head_version));
    leaves.push_back({.key = account.hash,
                      .before = account_leaf(at_head),
                      .after = account_leaf(account.before)});
  }
  return leaves;
}

/// The same for an account's storage.
Result<std::vector<LeafChange>, StateError> slot_leaves(StateReader& reader,
                                                        std::uint64_t head_version,
                                                        const UndoRecord& older,
                                                        const Hash256& account) {
  std::vector<LeafChange> leaves;
  for (const UndoRecord::Slot& slot : older.slots) {
    if (slot.place.account != account) continue;
    ASSIGN_OR_RETURN(const U256 at_head, reader.slot(slot.place, head_version));
    leaves.push_back(
        {.key = slot.place.slot, .before = slot_leaf(at_head), .after = slot_leaf(slot.before)});
  }
  return leaves;
}

StateError not_the_root(const StateHead& head) {
  return {StateError::Kind::kWrongRoot,
          "the tries do not lead back to block " + std::to_string(head.number)};
}

}  // namespace

std::optional<StateStore::ReadableBlock> StateStore::readable(std::uint64_t block_number) const {
  const std::lock_guard lock(blocks_mutex_);
  const auto found = blocks_.find(block_number);
  if (found == blocks_.end()) return std::nullopt;
  return found->second;
}

Result<AccountProof, StateError> StateStore::prove(std::uint64_t block_number,
                                                   const Address& address,
                                                   std::span<const U256> keys) const {
  const std::shared_ptr<const StateView> state = view(block_number);
  if (state == nullptr) {
    return Failure{
        StateError{StateError::Kind::kUnknownBlock,
                   "the state behind block " + std::to_string(block_number) + " is not kept"}};
  }
  // From here on the head's nodes stand still; the history may already speak of a step to come,
  // whose values are then the head's.
  const std::shared_lock nodes_lock(nodes_mutex_);
  const UndoRecord older = reader_.history().since(state->version());
  const StateHead head = must_have_head();
  const std::uint64_t head_version = readable(head.number)->version;
  const Hash256 account_hash = evm::keccak256(address);
  const TableNodes account_nodes(reader_);
  OlderTrie accounts(account_nodes, head.root);
  ASSIGN_OR_RETURN(const auto older_accounts, account_leaves(reader_, head_version, older));
  RETURN_IF_ERROR(accounts.take_back(older_accounts, hash_));
  if (accounts.root() != state->head().root) return Failure{not_the_root(state->head())};
  AccountProof proof;
  proof.account = state->record(address);
  ASSIGN_OR_RETURN(proof.nodes, accounts.prove(account_hash));

  ASSIGN_OR_RETURN(const auto head_account, reader_.account(account_hash, head_version));
  const TableNodes slot_nodes(reader_, account_hash);
  OlderTrie slots(slot_nodes, head_account ? head_account->storage_root : kEmptyRoot);
  ASSIGN_OR_RETURN(const auto older_slots, slot_leaves(reader_, head_version, older, account_hash));
  RETURN_IF_ERROR(slots.take_back(older_slots, hash_));
  const Hash256 expected = proof.account ? proof.account->storage_root : kEmptyRoot;
  if (slots.root() != expected) return Failure{not_the_root(state->head())};
  for (const U256& key : keys) {
    const Hash256 slot_hash = evm::keccak256(key.to_word());
    ASSIGN_OR_RETURN(std::vector<Bytes> nodes, slots.prove(slot_hash));
    proof.slots.push_back({key, state->storage(address, key), std::move(nodes)});
  }
  RETURN_IF_ERROR(state->status());
  return proof;
}

}  // namespace buri::execution::state
