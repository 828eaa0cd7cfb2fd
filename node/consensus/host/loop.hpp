#pragma once

#include <chrono>
#include <functional>

/// Where things happen one after the other: injected, so that a simulation decides when. The live
/// ones are in asio_loop.hpp and application_thread.hpp.

namespace buri::consensus::host {

/// Runs work in the order in which it is posted, never two pieces at a time. Thread-safe.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void post(std::function<void()> work) = 0;
};

/// The thread of the host and of the reactors that read its state. Thread-safe.
class Loop : public Executor {
 public:
  /// Posts `work` once the time is over. Nothing is cancelled: work that has become pointless finds
  /// out by itself.
  virtual void after(std::chrono::nanoseconds delay, std::function<void()> work) = 0;
};

/// The thread of the application. What consensus waits for goes before everything else that was
/// posted and has not begun.
class ApplicationExecutor {
 public:
  virtual ~ApplicationExecutor() = default;
  /// For the node's own progress.
  virtual void post_first(std::function<void()> work) = 0;
  /// For others: transactions to be checked for the mempool. False, and nothing happens, if too
  /// many pieces wait.
  virtual bool post_later(std::function<void()> work) = 0;
};

}  // namespace buri::consensus::host
