#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

/// Counters for a path on which an atomic increment is too dear: every thread writes cells of its
/// own, readers add them up.

namespace buri::accel::engine {

/// The cells that the running thread used last, and whose they are.
struct OwnCells {
  std::uint64_t owner = 0;
  std::atomic<std::uint64_t>* cells = nullptr;
};

/// A fixed number of counters. Thread-safe; a reader may miss increments of this very moment.
class ItemCounts {
 public:
  explicit ItemCounts(std::size_t size) : id_(next_id()), size_(size) {}

  /// REQUIRES: index < size.
  void add(std::size_t index, std::uint64_t amount) {
    if (own_.owner != id_) [[unlikely]]
      find_own_cells();
    std::atomic<std::uint64_t>& cell = own_.cells[index];
    // This thread is the only writer: no locked instruction is needed.
    cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t sum(std::size_t index) const;

 private:
  using Cells = std::vector<std::atomic<std::uint64_t>>;

  static std::uint64_t next_id();
  void find_own_cells();

  static inline thread_local constinit OwnCells own_{};

  const std::uint64_t id_;  ///< unique in this process, never 0
  const std::size_t size_;
  mutable std::mutex mutex_;
  /// By thread; a thread that got a dead one's identity goes on with its cells.
  std::map<std::thread::id, std::unique_ptr<Cells>> all_;
};

}  // namespace buri::accel::engine
