#pragma once

#include <array>
#include <atomic>
#include <boost/container/small_vector.hpp>
#include <functional>

#include "node/execution/state/state_change.hpp"

/// The state as every transaction of a block sees it: for each account and slot what transactions
/// left there, by their place in the block. A transaction reads what the nearest one before it
/// left, or what stood before the block. Such a read is a guess until all before it are final; the
/// reader notes what it read, to compare it then.

namespace buri::execution::chain {

/// The place of a transaction in its block.
using TransactionIndex = std::int32_t;
/// Stands for the state before the block.
inline constexpr TransactionIndex kBeforeBlock = -1;

/// What transactions of one block leave. Thread-safe.
class VersionedState {
 public:
  /// Over the state before the block, which must outlive it and be thread-safe.
  explicit VersionedState(const evm::StateSource& before) : before_(before) {}
  VersionedState(const VersionedState&) = delete;
  VersionedState& operator=(const VersionedState&) = delete;

  template <class Value>
  struct Version {
    TransactionIndex writer = kBeforeBlock;
    Value value{};
  };
  using Account = std::optional<evm::StoredAccount>;

  /// What the transaction `reader` sees, and who wrote it.
  Version<Account> account(const Address& address, TransactionIndex reader);
  Version<U256> slot(const Address& address, const U256& key, TransactionIndex reader);
  std::shared_ptr<const Bytes> code(const Hash256& code_hash);

  /// What `writer` leaves, to be seen by those behind it. REQUIRES: nothing of it is published.
  void publish(const state::StateChange& change, TransactionIndex writer);
  /// Takes that back.
  void withdraw(const state::StateChange& change, TransactionIndex writer);
  /// Nobody reads any more as a transaction before `index`: versions that only those saw may go.
  void forget_before(TransactionIndex index) { oldest_reader_.store(index); }

 private:
  static constexpr std::size_t kShards = 64;

  template <class Value>
  using Versions = boost::container::small_vector<Version<Value>, 2>;  ///< writers ascend
  struct SlotKey {
    Address address;
    U256 key;
    friend bool operator==(const SlotKey&, const SlotKey&) = default;
  };
  struct SlotKeyHash {
    using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
    std::size_t operator()(const SlotKey& place) const noexcept {
      return evm::KeyHash{}(place.address) * 31 ^ evm::KeyHash{}(place.key);
    }
  };
  template <class Key, class Value, class Hash>
  struct Table {
    struct Shard {
      std::mutex mutex;
      boost::unordered_flat_map<Key, Versions<Value>, Hash> versions;
    };
    std::array<Shard, kShards> shards;

    Shard& shard_of(const Key& key) { return shards[(Hash{}(key) >> 48) % kShards]; }
    std::optional<Version<Value>> find(const Key& key, TransactionIndex reader);
    void put(const Key& key, Version<Value> version, TransactionIndex oldest_reader);
    void remove(const Key& key, TransactionIndex writer);
  };

  [[nodiscard]] Account account_after(const state::AccountChange& change, TransactionIndex writer);

  const evm::StateSource& before_;
  Table<Address, Account, evm::KeyHash> accounts_;
  Table<SlotKey, U256, SlotKeyHash> slots_;
  /// When the storage of accounts was deleted; empty in almost every block.
  Table<Address, bool, evm::KeyHash> deletions_;
  std::atomic<bool> has_deletions_ = false;
  std::mutex codes_mutex_;
  boost::unordered_flat_map<Hash256, std::shared_ptr<const Bytes>, std::hash<Hash256>> codes_;
  std::atomic<TransactionIndex> oldest_reader_ = 0;
};

/// The state that one transaction sees; notes what it reads. Not thread-safe.
class TransactionView final : public evm::StateSource {
 public:
  struct AccountRead {
    Address address;
    VersionedState::Version<VersionedState::Account> version;
  };
  struct SlotRead {
    Address address;
    U256 key;
    VersionedState::Version<U256> version;
  };
  /// In the order of reading.
  struct Reads {
    std::vector<AccountRead> accounts;
    std::vector<SlotRead> slots;
  };

  /// `before_read` is called before each read; it may be empty.
  TransactionView(VersionedState& states, TransactionIndex reader,
                  const std::function<void()>& before_read)
      : states_(states), reader_(reader), before_read_(before_read) {}

  [[nodiscard]] std::optional<evm::StoredAccount> account(const Address& address) const override;
  [[nodiscard]] U256 storage(const Address& address, const U256& key) const override;
  [[nodiscard]] std::shared_ptr<const Bytes> code(const Hash256& code_hash) const override;

  [[nodiscard]] Reads take_reads() { return std::move(reads_); }

 private:
  VersionedState& states_;
  TransactionIndex reader_;
  const std::function<void()>& before_read_;
  mutable Reads reads_;
};

/// The state that a journal has reached, as the source of another journal on top of it. What is
/// read becomes part of the lower one. Not thread-safe.
class JournalView final : public evm::StateSource {
 public:
  JournalView(evm::JournaledState& below, VersionedState& codes) : below_(below), codes_(codes) {}

  [[nodiscard]] std::optional<evm::StoredAccount> account(const Address& address) const override;
  [[nodiscard]] U256 storage(const Address& address, const U256& key) const override;
  [[nodiscard]] std::shared_ptr<const Bytes> code(const Hash256& code_hash) const override {
    return codes_.code(code_hash);
  }

 private:
  evm::JournaledState& below_;
  VersionedState& codes_;
};

/// Whether reads saw what the journal holds now. What came from before the block, and the journal
/// did not read yet, becomes part of it.
bool are_true(const TransactionView::Reads& reads, evm::JournaledState& state);
/// Does to a journal what a transaction did, and finalizes. REQUIRES: the change was made on what
/// the journal holds.
void apply(const state::StateChange& change, evm::JournaledState& state);

}  // namespace buri::execution::chain
