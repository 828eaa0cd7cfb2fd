#pragma once

#include <mutex>
#include <unordered_map>

#include "node/execution/chain/block_store.hpp"

namespace buri::execution::chain {

/// The canonical headers that the execution of the head's child asks for, each read once. Headers
/// stand as long as this does. Thread-safe.
class AncestorHeaders {
 public:
  /// `blocks` must outlive it, and so must `newest`, if it is not null: the newest ancestor, where
  /// that is not canonical yet.
  explicit AncestorHeaders(const BlockStore& blocks, const Header* newest = nullptr)
      : blocks_(blocks), newest_(newest) {}

  /// Null if there is none, or if reading failed.
  const Header* operator()(std::uint64_t number) {
    if (newest_ != nullptr && newest_->number == number) return newest_;
    const std::lock_guard lock(mutex_);
    auto found = headers_.find(number);
    if (found == headers_.end()) {
      auto entry = blocks_.canonical(number);
      if (!entry.ok()) {
        if (!failure_) failure_ = entry.error();
        return nullptr;
      }
      found = headers_.emplace(number, std::move(entry).value()).first;
    }
    return found->second == nullptr ? nullptr : &found->second->header;
  }

  /// The first failure of a read, if there was one.
  [[nodiscard]] Status<storage::StorageError> status() const {
    const std::lock_guard lock(mutex_);
    if (failure_) return Failure{*failure_};
    return Unit{};
  }

 private:
  const BlockStore& blocks_;
  const Header* newest_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, EntryPtr> headers_;
  std::optional<storage::StorageError> failure_;
};

}  // namespace buri::execution::chain
