#pragma once

#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "node/execution/evm/account.hpp"
#include "node/execution/evm/log.hpp"
#include "node/execution/evm/state_source.hpp"

/// The state that transactions change: what was read from a StateSource, what was changed since,
/// and a journal that undoes changes back to any snapshot. A snapshot is three numbers.
///
/// Two clocks run in it. A *transaction* ends with finalize(): what it destroyed or left empty is
/// deleted, and "original" values are those from there on. An *access period* ends with
/// clear_access(): everything is cold (EIP-2929) and transient storage is zero (EIP-1153). User
/// transactions end both; system calls of Bor do not always (spec/bor.md 4).

namespace buri::execution::evm {

/// Not thread-safe. References to accounts and slots stay valid as long as it lives.
class JournaledState {
 public:
  /// `source` must outlive it.
  explicit JournaledState(const StateSource& source) : source_(&source) {}
  /// As made anew over `source`, keeping its memory. References to accounts and slots end.
  void reset(const StateSource& source);
  JournaledState(const JournaledState&) = delete;
  JournaledState& operator=(const JournaledState&) = delete;

  Account& account(const Address& address);
  Slot& slot(Account& account, const U256& key);
  /// The account's place without reading it: all that warm() needs. Whether anything read the
  /// account stands in its `is_loaded`.
  Account& place(const Address& address);
  /// As account() and slot(); `stored` is what the source would answer, should it have to be asked.
  Account& account(const Address& address, const std::optional<StoredAccount>& stored);
  Slot& slot(Account& account, const U256& key, const U256& stored);
  /// What stood in the source.
  [[nodiscard]] const StateSource& source() const { return *source_; }
  /// The account's code; borrows until it gets another.
  ByteView code(Account& account);
  [[nodiscard]] U256 transient(const Account& account, const U256& key) const;

  /// Marks as used in this access period; true if it was cold.
  bool warm(Account& account);
  bool warm(Slot& slot);

  void set_balance(Account& account, const U256& balance);
  /// REQUIRES: the sum stays below 2^256. Touches the account even if `amount` is zero.
  void credit(Account& account, const U256& amount);
  /// REQUIRES: the balance suffices.
  void debit(Account& account, const U256& amount);
  void set_nonce(Account& account, std::uint64_t nonce);
  void set_code(Account& account, ByteView code);
  /// The same for a code that is hashed already. REQUIRES: `code` is not null.
  void set_code(Account& account, const Hash256& hash, std::shared_ptr<const Bytes> code);
  void set_storage(Account& account, Slot& slot, const U256& value);
  void set_transient(Account& account, const U256& key, const U256& value);
  /// From here on the account counts as created in this transaction; nonce becomes 1.
  void mark_created(Account& account);
  /// The account is deleted when the transaction ends.
  void mark_destructed(Account& account);
  [[nodiscard]] bool is_created(const Account& account) const {
    return account.created_in == transaction_;
  }
  [[nodiscard]] bool is_destructed(const Account& account) const {
    return account.destructed_in == transaction_;
  }
  /// Whether the account may own slots that are not zero (EIP-7610).
  [[nodiscard]] bool may_have_storage(const Account& account) const;

  void add_refund(std::int64_t gas) { refund_ += gas; }
  [[nodiscard]] std::int64_t refund() const { return refund_; }
  void add_log(Log log) { logs_.push_back(std::move(log)); }
  /// Since the last take_logs().
  [[nodiscard]] std::span<const Log> logs() const { return logs_; }
  /// Hands the logs over. REQUIRES: no snapshot will be reverted to.
  std::vector<Log> take_logs();

  struct Snapshot {
    std::size_t journal_entries;
    std::size_t log_count;
    std::int64_t refund;
  };
  [[nodiscard]] Snapshot snapshot() const { return {journal_.size(), logs_.size(), refund_}; }
  /// Undoes everything since `snapshot` was taken in this transaction, warmth included.
  void revert(const Snapshot& snapshot);

  /// Ends the transaction: see the top of this file. Logs stay.
  void finalize();
  /// Ends the access period.
  void clear_access();

  /// Every account that a finished transaction touched, in order of first change; what became of
  /// it stands in its fields. An account that is_empty() is to be deleted.
  [[nodiscard]] std::span<Account* const> changed() const { return changed_; }

 private:
  enum class Kind : std::uint8_t {
    kTouched,
    kBalance,
    kNonce,
    kCode,
    kStorage,
    kTransient,
    kWarmAccount,
    kWarmSlot,
    kCreated,
    kDestructed,
  };
  struct Entry {
    Kind kind;
    std::uint32_t number = 0;  ///< an earlier mark, or an index into old_codes_
    Account* account = nullptr;
    Slot* slot = nullptr;
    U256 word{};  ///< an earlier value
  };
  struct OldCode {
    Hash256 hash;
    std::shared_ptr<const Bytes> code;
    std::shared_ptr<const AnalysedCode> analysed;
  };
  struct TransientKey {
    Address address;
    U256 key;
    friend bool operator==(const TransientKey&, const TransientKey&) = default;
  };
  struct TransientHash {
    using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
    std::size_t operator()(const TransientKey& key) const noexcept;
  };

  void load(Account& account, const std::optional<StoredAccount>& stored);
  std::pair<Slot*, bool> find_slot(Account& account, const U256& key);
  Slot& begin_use(Slot& slot);
  void touch(Account& account);
  void undo(const Entry& entry);
  void undo_code(const Entry& entry);
  void finish(Account& account);

  const StateSource* source_;
  std::deque<Account> accounts_;
  std::deque<Slot> slots_;
  boost::unordered_flat_map<Address, Account*, KeyHash> account_of_address_;
  boost::unordered_flat_map<TransientKey, U256, TransientHash> transient_;
  std::vector<Entry> journal_;
  std::vector<OldCode> old_codes_;
  /// Keys of the journal's transient entries, in their order.
  std::vector<U256> transient_keys_;
  std::vector<Account*> touched_;
  std::vector<Account*> changed_;
  std::vector<Log> logs_;
  std::int64_t refund_ = 0;
  std::uint32_t transaction_ = 1;
  std::uint32_t access_period_ = 1;
};

}  // namespace buri::execution::evm
