#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hsm/pkcs11/channel.hpp"
#include "hsm/pkcs11/frames.hpp"

/// One buri-hsm process from its parent's side: started, spoken to over its channels, killed.

namespace buri::hsm::pkcs11 {

/// Where the child finds what it inherits.
inline constexpr int kChildPinDescriptor = 3;
inline constexpr int kChildFirstChannel = 4;

struct SpawnOptions {
  std::string program;
  std::vector<std::string> arguments;                            ///< without the program's name
  std::vector<std::pair<std::string, std::string>> environment;  ///< all of it
  unsigned channels = 1;
  Descriptor pin;  ///< becomes kChildPinDescriptor; may be closed
};

/// One question to the worker and its answer.
struct Exchange {
  RequestFrame request;
  std::optional<ReplyFrame> reply;
};

enum class ExchangeResult : std::uint8_t {
  kAnswered,  ///< every exchange has its reply
  kLate,      ///< the worker was killed because an answer did not come in time
  kDied,      ///< the worker is gone
  kBusy,      ///< no channel became free before the deadline; nothing was sent
};

/// A child process. Thread-safe, except spawn and await_start. Killed and reaped when it goes.
class WorkerProcess {
 public:
  /// exec's the program in a process group of its own, with an empty environment but for
  /// `environment`, descriptors 0 to 2, the PIN and the channels, and every signal at its default.
  /// The child may ask to die with the calling thread. The error is a sentence.
  static Result<std::shared_ptr<WorkerProcess>, std::string> spawn(SpawnOptions options);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// How the start ended.
  struct StartReport {
    std::optional<ReplyFrame> last;  ///< kReady or kStartFailed; nothing if it died or was late
    bool login_began = false;        ///< a PIN attempt may have been used
  };
  /// Waits for kReady or kStartFailed.
  StartReport await_start(MonotonicTime deadline);

  /// Sends every request, as many at once as there are free channels, and collects the replies.
  /// Kills the worker when `attempt_limit` passes without a reply, or the deadline does.
  ExchangeResult perform(std::span<Exchange> exchanges, MonotonicTime deadline,
                         std::chrono::nanoseconds attempt_limit);

  /// Tells the worker that perform() with so many signatures will follow at once, and until when
  /// one of its threads may wait for that awake. Does not wait.
  void expect(std::size_t signatures, MonotonicTime awake_until);

  /// SIGKILL. Later calls and all waiting ones end with kDied.
  void kill();
  /// Whether it was killed or has ended by itself.
  [[nodiscard]] bool is_dead() const;
  /// Becomes readable when the process ends.
  [[nodiscard]] int pid_descriptor() const { return pid_descriptor_.get(); }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  WorkerProcess(pid_t pid, Descriptor pid_descriptor, std::vector<Descriptor> channels);

  /// At least one and at most `wanted` free channels; none if the worker died or it got too late.
  std::vector<int> claim_channels(std::size_t wanted, MonotonicTime deadline);
  void release_channels(const std::vector<int>& channels);
  ExchangeResult converse(const std::vector<int>& channels, std::span<Exchange> exchanges,
                          MonotonicTime deadline, std::chrono::nanoseconds attempt_limit);

  const pid_t pid_;
  const Descriptor pid_descriptor_;
  const std::vector<Descriptor> channels_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> free_channels_;  // guarded by mutex_
  bool dead_ = false;               // guarded by mutex_
};

}  // namespace buri::hsm::pkcs11
