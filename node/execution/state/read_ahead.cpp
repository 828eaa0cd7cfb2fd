#include "node/execution/state/read_ahead.hpp"

#include <algorithm>

#include "node/execution/state/trie_walk.hpp"

namespace buri::execution::state {
namespace {

/// Few enough to be read while a Pause waits, enough that threads do not wait for each other.
constexpr std::size_t kTasksAtOnce = 8;

}  // namespace

ReadAhead::ReadAhead(StateReader& reader, std::size_t threads) : reader_(reader) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

/// Whoever needs the values begins with the first account, and later with the lowest key: the
/// threads begin at the other ends, so that nothing is read twice.
void ReadAhead::begin(std::vector<Hash256> accounts) {
  // Where an account was lately read or changed, its nodes have been as well.
  std::erase_if(accounts, [&](const Hash256& account) { return reader_.holds_account(account); });
  std::vector<Task> tasks;
  tasks.reserve(2 * accounts.size());
  std::vector<Hash256> by_key = accounts;
  std::ranges::sort(by_key);
  for (const Hash256& account : by_key) tasks.push_back({.is_path = true, .account = account});
  for (const Hash256& account : accounts) tasks.push_back({.is_path = false, .account = account});
  const bool is_idle = tasks.empty();
  {
    const std::lock_guard lock(mutex_);
    tasks_ = std::move(tasks);
  }
  if (!is_idle) changed_.notify_all();
}

void ReadAhead::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return closing_ || (!is_paused_ && !tasks_.empty()); });
    if (closing_) return;
    const std::size_t count = std::min(kTasksAtOnce, tasks_.size());
    const std::vector<Task> mine(tasks_.end() - static_cast<std::ptrdiff_t>(count), tasks_.end());
    tasks_.resize(tasks_.size() - count);
    ++reading_;
    lock.unlock();
    for (auto task = mine.rbegin(); task != mine.rend(); ++task) read(*task);
    lock.lock();
    if (--reading_ == 0 && (is_paused_ || tasks_.empty())) changed_.notify_all();
  }
}

void ReadAhead::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return reading_ == 0 && tasks_.empty(); });
}

void ReadAhead::read(const Task& task) {
  if (task.is_path) return read_path(task.account);
  [[maybe_unused]] const auto account =
      reader_.account(task.account, reader_.history().published());
}

void ReadAhead::read_path(const Hash256& hash) {
  const auto account = reader_.account(hash, reader_.history().published());
  if (!account.ok()) return;
  const Bytes leaf = account_leaf(account.value());
  TrieWalk walk(hash);
  Bytes encoded;
  do {
    if (!reader_.node_at_hand({}, walk.place(), encoded)) {
      // The account's own leaf stands nowhere, and need not be looked for.
      if (!leaf.empty() && walk.next().is_hash_of(encode_leaf(walk.rest(), leaf))) return;
      const auto found = reader_.stored_node({}, walk.place(), encoded);
      if (!found.ok() || !found.value()) return;
    }
    const auto node = decode_node(encoded);
    if (!node.ok()) return;
    walk.enter(node.value());
  } while (walk.next().is_hash());
}

ReadAhead::Pause::Pause(ReadAhead& reads) : reads_(reads) {
  std::unique_lock lock(reads_.mutex_);
  reads_.is_paused_ = true;
  reads_.changed_.wait(lock, [&] { return reads_.reading_ == 0; });
}

ReadAhead::Pause::~Pause() {
  {
    const std::lock_guard lock(reads_.mutex_);
    reads_.is_paused_ = false;
  }
  reads_.changed_.notify_all();
}

}  // namespace buri::execution::state
