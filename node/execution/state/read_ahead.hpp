#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "node/execution/state/state_reader.hpp"

/// What a block is going to need of a large state, read beside its execution: accounts, and the
/// nodes of the account trie that lead to them. Each is a read of its own somewhere in the
/// database, so that a disk serves several at once and a processor finds them in its caches.

namespace buri::execution::state {

/// As many reads as a disk serves well at once.
inline constexpr std::size_t kReadAheadThreads = 8;

/// Threads that fill a reader's caches. What they read is what anybody would read: results are the
/// same without them, and errors are left to whoever needs the value. Thread-safe.
class ReadAhead {
 public:
  /// `reader` must outlive it.
  ReadAhead(StateReader& reader, std::size_t threads);
  /// Waits for the reads that are under way.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Begins with accounts, by the hashes of their addresses, in the order in which they are likely
  /// to be asked for; forgets what is left of those before. Does not wait.
  void begin(std::vector<Hash256> accounts);
  /// Waits until everything is read. REQUIRES: there are threads.
  void finish();

  /// As long as it lives, nothing is read: nodes may be moved. One at a time.
  class Pause {
   public:
    explicit Pause(ReadAhead& reads);
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    ReadAhead& reads_;
  };

 private:
  struct Task {
    bool is_path;  ///< the nodes that lead to the account, else its record
    Hash256 account;
  };

  void serve();
  void read(const Task& task);
  void read_path(const Hash256& hash);

  StateReader& reader_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_;  ///< the last one is next
  std::size_t reading_ = 0;  ///< threads that are at it
  bool is_paused_ = false;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace buri::execution::state
