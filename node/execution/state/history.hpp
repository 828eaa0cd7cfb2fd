#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "node/execution/state/undo_record.hpp"

/// What keys held before the last steps of the head, in memory. Steps go forward by a block or back
/// by one; each makes a new version, so that a view keeps its state through reorgs. A value stands
/// for a version if no later step changed it, else as the first step that did found it.

namespace buri::execution::state {

struct SlotPlaceHash {
  using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
  std::size_t operator()(const SlotPlace& place) const noexcept {
    // Digests: any eight bytes are as good as a hash.
    return std::hash<Hash256>{}(place.account) * 31 ^ std::hash<Hash256>{}(place.slot);
  }
};

/// Thread-safe; publish() and trim() for one thread at a time.
class History {
 public:
  /// The newest version that is on its way; equal to a view's version if nothing came after it.
  [[nodiscard]] std::uint64_t published() const { return published_.load(); }

  /// A step begins: from here on its values count for views up to the present version. Called
  /// before the step changes anything that readers see.
  void publish(const UndoRecord& before);

  /// What an account was at `version`; nothing if it is since then unchanged.
  [[nodiscard]] std::optional<std::optional<AccountRecord>> account(const Hash256& hash,
                                                                    std::uint64_t version) const;
  [[nodiscard]] std::optional<U256> slot(const SlotPlace& place, std::uint64_t version) const;

  /// Everything that was changed since `version`, as it was then; keys ascend.
  [[nodiscard]] UndoRecord since(std::uint64_t version) const;

  /// Keeps `version` readable until unpin().
  void pin(std::uint64_t version);
  void unpin(std::uint64_t version);
  /// Forgets versions before `version`, but for what is pinned; of large ones a part at a time, so
  /// that nobody waits for long: at least twice as much as the newest step has brought.
  void trim(std::uint64_t version);

 private:
  template <class Value>
  struct Entry {
    std::uint64_t until;  ///< the last version that the value stands for
    Value value;
  };
  using AccountEntries = std::vector<Entry<std::optional<AccountRecord>>>;
  using SlotEntries = std::vector<Entry<U256>>;
  struct Step {
    std::uint64_t until;
    std::vector<Hash256> accounts;
    std::vector<SlotPlace> slots;

    [[nodiscard]] std::size_t size() const { return accounts.size() + slots.size(); }
  };

  void forget_one(Step& step);

  std::atomic<std::uint64_t> published_ = 0;
  mutable std::shared_mutex mutex_;
  std::unordered_map<Hash256, AccountEntries> accounts_;
  std::unordered_map<SlotPlace, SlotEntries, SlotPlaceHash> slots_;
  std::deque<Step> steps_;
  std::mutex pins_mutex_;
  std::multiset<std::uint64_t> pins_;
};

}  // namespace buri::execution::state
