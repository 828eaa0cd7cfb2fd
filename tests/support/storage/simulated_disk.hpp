#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "node/storage/database.hpp"

/// A disk in memory that crashes where it is told to, and databases on it. What a synced write had
/// promised survives a crash; of the writes after it, a random number of whole ones in order.

namespace buri::testing {

/// Outlives the databases opened on it, one after the other. Thread-safe.
class SimulatedDisk {
 public:
  /// A new database over what survived. Families keep their content by name.
  std::unique_ptr<storage::Database> open(std::span<const storage::FamilySpec> families);

  /// Crashes at the `points_ahead`-th crash point from here: 0 is the next. Each write has one
  /// before and one after it is in the log, each sync one more behind it. From then on every call
  /// fails.
  void crash_after(std::size_t points_ahead);
  [[nodiscard]] bool crashed() const;
  /// Crash points passed since the disk was made.
  [[nodiscard]] std::size_t points_passed() const;
  /// After a crash, or to pull the plug now: keeps what is durable and a random part of the rest.
  void restart(Random& random);

  /// Every record, for comparing disks.
  [[nodiscard]] std::map<std::string, std::map<Bytes, Bytes>> content() const;

 private:
  friend class SimulatedDatabase;
  using Records = std::map<Bytes, Bytes>;
  struct LoggedBatch {
    storage::Batch batch;
    std::vector<std::string> family_names;
  };

  static void apply(const LoggedBatch& logged,
                    std::map<std::string, std::shared_ptr<Records>>& target);
  /// True if this is where the disk crashes or if it has.
  bool crash_point();
  Status<storage::StorageError> write(LoggedBatch logged, storage::Durability durability);
  Status<storage::StorageError> write_sorted(const LoggedBatch& sorted);

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Records>> durable_;
  std::map<std::string, std::shared_ptr<Records>> visible_;  ///< durable_ and the log
  std::vector<LoggedBatch> log_;                             ///< not yet durable
  std::optional<std::size_t> points_left_;
  std::size_t points_passed_ = 0;
  bool crashed_ = false;
};

}  // namespace buri::testing
