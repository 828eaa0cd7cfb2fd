#pragma once

#include <memory>
#include <mutex>

#include "node/execution/state/undo_record.hpp"

namespace buri::execution::state {

class StateReader;

/// The state behind one block, whatever the head does meanwhile, reorgs included. Holds what it
/// needs of older values in memory, so it is not for keeping. Thread-safe. Reads block on the disk.
///
/// An EVM cannot be told that the disk failed: it reads zeros then, and status() says so. Whoever
/// executed on a view asks status() before believing the outcome.
class StateView final : public evm::StateSource {
 public:
  StateView(StateReader& reader, const StateHead& head, std::uint64_t version);
  ~StateView() override;
  StateView(const StateView&) = delete;
  StateView& operator=(const StateView&) = delete;

  [[nodiscard]] const StateHead& head() const { return head_; }
  [[nodiscard]] std::uint64_t version() const { return version_; }

  [[nodiscard]] std::optional<evm::StoredAccount> account(const Address& address) const override;
  [[nodiscard]] U256 storage(const Address& address, const U256& key) const override;
  [[nodiscard]] std::shared_ptr<const Bytes> code(const Hash256& code_hash) const override;
  /// The account with its storage root.
  [[nodiscard]] std::optional<AccountRecord> record(const Address& address) const;

  /// The first failure of a read, if there was one.
  [[nodiscard]] Status<StateError> status() const;

 private:
  template <class Value>
  Value value_or_note(Result<Value, StateError> result) const;

  StateReader& reader_;
  StateHead head_;
  std::uint64_t version_;
  mutable std::mutex mutex_;
  mutable std::optional<StateError> failure_;
};

}  // namespace buri::execution::state
