#include <map>

#include "base/hex.hpp"
#include "node/execution/state/state_store.hpp"
#include "node/execution/state/trie_hash.hpp"

namespace buri::execution::state {
namespace {

/// Keeps the nodes above the newest leaf alone: where keys come in order, no other is read again.
class SpineNodes final : public NodeSource, public NodeSink {
 public:
  Result<bool, StateError> node(PathView path, Bytes& node) const override {
    const auto found = nodes_.find(Bytes(path.begin(), path.end()));
    if (found == nodes_.end()) return false;
    node = found->second;
    return true;
  }
  void put(PathView path, ByteView node) override {
    nodes_[Bytes(path.begin(), path.end())] = Bytes(node.begin(), node.end());
  }
  void remove(PathView path) override { nodes_.erase(Bytes(path.begin(), path.end())); }

  void keep_above(const Hash256& key) {
    const Bytes path = to_nibbles(key);
    std::erase_if(nodes_, [&](const auto& entry) {
      return shared_length(entry.first, path) < entry.first.size();
    });
  }

 private:
  std::map<Bytes, Bytes> nodes_;
};

/// The root over leaves that come in the order of their keys, in bounded memory.
class RootOfLeaves {
 public:
  explicit RootOfLeaves(const HashBatch& hash) : hash_(hash) {}

  Status<StateError> add(const Hash256& key, Bytes leaf) {
    leaves_.push_back({.key = key, .before = {}, .after = std::move(leaf)});
    if (leaves_.size() < kBatchLeaves) return Unit{};
    return flush();
  }

  Result<Hash256, StateError> finish() {
    RETURN_IF_ERROR(flush());
    return root_;
  }

 private:
  static constexpr std::size_t kBatchLeaves = 20'000;

  Status<StateError> flush() {
    if (leaves_.empty()) return Unit{};
    TrieUpdate update(root_, nodes_);
    RETURN_IF_ERROR(update.apply(trie_changes(leaves_)));
    TrieUpdate* const updates[] = {&update};
    hash_tries(updates, hash_);
    update.write(nodes_);
    root_ = update.root();
    nodes_.keep_above(leaves_.back().key);
    leaves_.clear();
    return Unit{};
  }

  const HashBatch& hash_;
  SpineNodes nodes_;
  Hash256 root_ = kEmptyRoot;
  std::vector<LeafChange> leaves_;
};

StateError corrupt(std::string_view what, ByteView key) {
  return {StateError::Kind::kCorruption, std::string(what) + " " + to_hex(key)};
}

/// Walks both flat tables side by side.
class Verification {
 public:
  Verification(StateReader& reader, const HashBatch& hash)
      : reader_(reader),
        hash_(hash),
        accounts_(reader.database().iterate(reader.tables().account)),
        slots_(reader.database().iterate(reader.tables().slot)) {}

  Result<Hash256, StateError> run() {
    RootOfLeaves root(hash_);
    slots_->seek({});
    for (accounts_->seek({}); accounts_->valid(); accounts_->next()) {
      const auto record = decode_account(accounts_->value());
      if (accounts_->key().size() != Hash256::kSize || !record.ok()) {
        return Failure{malformed_account(accounts_->key())};
      }
      const Hash256 hash = Hash256::from(accounts_->key());
      RETURN_IF_ERROR(check_storage(hash, record->storage_root));
      RETURN_IF_ERROR(check_code(record->code_hash));
      RETURN_IF_ERROR(root.add(hash, account_leaf(record.value())));
    }
    if (slots_->valid()) return Failure{corrupt("a slot has no account:", slots_->key())};
    for (const auto* records : {&accounts_, &slots_}) {
      const auto status = (*records)->status();
      if (!status.ok()) return Failure{from_storage(status.error())};
    }
    return root.finish();
  }

 private:
  Status<StateError> check_storage(const Hash256& account, const Hash256& expected) {
    RootOfLeaves root(hash_);
    for (; slots_->valid(); slots_->next()) {
      const ByteView key = slots_->key();
      if (key.size() != 2 * Hash256::kSize)
        return Failure{corrupt("a slot's key is malformed:", key)};
      const Hash256 owner = Hash256::from(key.first(Hash256::kSize));
      if (owner < account) return Failure{corrupt("a slot has no account:", key)};
      if (owner != account) break;
      const auto value = decode_slot(slots_->value());
      if (!value) return Failure{malformed_slot(key)};
      RETURN_IF_ERROR(root.add(Hash256::from(key.subspan(Hash256::kSize)), slot_leaf(*value)));
    }
    ASSIGN_OR_RETURN(const Hash256 found, root.finish());
    if (found == expected) return Unit{};
    return Failure{StateError{StateError::Kind::kWrongRoot,
                              "the storage of account " + to_hex(account) + ": expected root " +
                                  to_hex(expected) + ", found " + to_hex(found)}};
  }

  Status<StateError> check_code(const Hash256& code_hash) {
    if (code_hash == evm::kEmptyCodeHash) return Unit{};
    ASSIGN_OR_RETURN(const auto code, reader_.code(code_hash));
    const ByteView message = *code;
    Hash256 found;
    hash_({&message, 1}, {&found, 1});
    if (found == code_hash) return Unit{};
    return Failure{corrupt("another code stands under the hash", code_hash)};
  }

  StateReader& reader_;
  const HashBatch& hash_;
  std::unique_ptr<storage::Iterator> accounts_;
  std::unique_ptr<storage::Iterator> slots_;
};

}  // namespace

Status<StateError> StateStore::verify() const {
  const auto present = head();
  if (!present) return Unit{};
  ASSIGN_OR_RETURN(const Hash256 found, Verification(reader_, hash_).run());
  if (found == present->root) return Unit{};
  return Failure{StateError{StateError::Kind::kWrongRoot,
                            "the state behind block " + std::to_string(present->number) +
                                ": expected root " + to_hex(present->root) + ", found " +
                                to_hex(found)}};
}

}  // namespace buri::execution::state
