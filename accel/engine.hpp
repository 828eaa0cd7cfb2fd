#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "accel/backend.hpp"
#include "accel/engine_options.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"

/// The batch crypto engine: takes a whole batch, splits it over cores and devices so that it is
/// done first, and guards the caller against devices that err, hang or vanish. Which backend
/// computed an item never shows in its answer.

namespace buri::accel {

/// How the answers of a call are guarded against a device that errs without saying so. Answers
/// that are failures are the CPU's own in either case.
enum class Assurance : std::uint8_t {
  /// A trusted device's "ok", digests and keys are cross-checked by sample. For callers whose later
  /// check (a state root, an app hash) would expose a wrong answer.
  kSampled,
  /// Everything is computed by the CPU. For verdicts that nothing checks again, and for asking once
  /// more before a block is rejected.
  kExact,
};

/// How a backend stands.
enum class BackendState : std::uint8_t {
  kReady,        ///< a CPU backend that passed its known-answer test, or an active device
  kRefused,      ///< failed its known-answer test at start, or not on the allow-list
  kLost,         ///< a device that is gone; it is tested again from time to time
  kHung,         ///< a device whose call overran its deadline
  kQuarantined,  ///< a device that gave a wrong answer
  kAbsent,       ///< this build or machine does not offer it
};
/// "ready", "refused", "lost", "hung", "quarantined", "absent".
std::string_view backend_state_name(BackendState state);

/// One backend as people and metrics see it.
struct BackendStatus {
  std::string name;
  std::string description;
  bool is_device = false;
  BackendState state = BackendState::kReady;
  std::string reason;              ///< why it is not ready; empty when it is
  std::vector<Operation> trusted;  ///< operations whose answers are only sampled (devices)
  std::uint64_t items = 0;         ///< items computed since start, all operations
};

/// What Engine::status() tells.
struct EngineStatus {
  std::vector<BackendStatus> backends;
  unsigned worker_threads = 0;
  std::size_t queued_tasks = 0;
  bool profile_from_cache = false;
  std::chrono::nanoseconds start_time{0};  ///< what start() took
};

/// Why an engine could not start.
struct EngineError {
  std::string field;  ///< the option concerned, or the operation that no CPU backend can do
  std::string expected;
};

/// What the engine uses of the world. Null members stand for: the kernel's clock and randomness, no
/// metrics, no log. Everything given must outlive the engine.
struct EngineServices {
  const Clock* clock = nullptr;
  Random* random = nullptr;  ///< used at start only
  Metrics* metrics = nullptr;
  const Logger* logger = nullptr;
};

namespace engine {
class Core;
struct Parts;
}  // namespace engine

/// A batch under way. The caller's requests and results must stay put until wait() has returned or
/// the ticket is destroyed, which waits too. Movable, not copyable, used by one thread at a time.
class Ticket {
 public:
  Ticket(Ticket&& other) noexcept : core_(other.core_), batch_(other.batch_) {
    other.core_ = nullptr;
  }
  Ticket& operator=(Ticket&& other) noexcept;
  ~Ticket() { wait(); }

  /// Blocks until the batch is done; helps with it meanwhile. Returns at once the second time.
  void wait();

 private:
  friend class Engine;
  Ticket(engine::Core* core, std::uint64_t batch) : core_(core), batch_(batch) {}

  engine::Core* core_;
  std::uint64_t batch_;
};

/// See the top of this file. Thread-safe: any number of threads may call at the same time. Calls
/// block and never fail; each item has its own status. All spans are caller-owned, may not alias,
/// and a result span has the length of its request span (REQUIRES).
class Engine {
 public:
  /// Probes the backends, runs their known-answer tests, loads or measures the latency profile.
  /// Takes about half a second with a cached profile, a few seconds without. Fails when an option
  /// is out of range or no CPU backend can do some operation.
  static Result<std::unique_ptr<Engine>, EngineError> start(const EngineOptions& options,
                                                            const EngineServices& services = {});
  /// The same over given parts: for tests, which bring their own backends.
  static Result<std::unique_ptr<Engine>, EngineError> start(const EngineOptions& options,
                                                            const EngineServices& services,
                                                            engine::Parts parts);
  /// REQUIRES: no call and no ticket is left. A device call that hangs is left to itself.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void recover(std::span<const RecoverRequest> requests, LowS low_s,
               std::span<RecoverResult> results, Assurance assurance = Assurance::kSampled);
  void verify(std::span<const VerifyRequest> requests, LowS low_s,
              std::span<SignatureStatus> results, Assurance assurance = Assurance::kSampled);
  /// REQUIRES: keys is not null.
  void verify_known(const std::shared_ptr<const KeySet>& keys,
                    std::span<const KnownKeyRequest> requests, LowS low_s,
                    std::span<SignatureStatus> results, Assurance assurance = Assurance::kSampled);
  /// The message forms hash (Keccak-256) and check in one batch. Message bytes are the caller's.
  void recover_messages(std::span<const RecoverMessage> requests, LowS low_s,
                        std::span<RecoverResult> results,
                        Assurance assurance = Assurance::kSampled);
  /// REQUIRES: keys is not null.
  void verify_known_messages(const std::shared_ptr<const KeySet>& keys,
                             std::span<const KnownKeyMessage> requests, LowS low_s,
                             std::span<SignatureStatus> results,
                             Assurance assurance = Assurance::kSampled);
  void keccak256(std::span<const ByteView> messages, std::span<Hash256> digests,
                 Assurance assurance = Assurance::kSampled);
  void sha256(std::span<const ByteView> messages, std::span<Hash256> digests,
              Assurance assurance = Assurance::kSampled);
  /// REQUIRES: leaves is not empty.
  [[nodiscard]] Hash256 checkpoint_root(std::span<const Hash256> leaves,
                                        Assurance assurance = Assurance::kSampled);
  [[nodiscard]] Hash256 rfc6962_root(std::span<const ByteView> leaves,
                                     Assurance assurance = Assurance::kSampled);

  /// The ticket forms return as soon as the batch is queued. Message bytes must stay put as well.
  [[nodiscard]] Ticket submit_recover(std::span<const RecoverRequest> requests, LowS low_s,
                                      std::span<RecoverResult> results,
                                      Assurance assurance = Assurance::kSampled);
  [[nodiscard]] Ticket submit_verify(std::span<const VerifyRequest> requests, LowS low_s,
                                     std::span<SignatureStatus> results,
                                     Assurance assurance = Assurance::kSampled);
  [[nodiscard]] Ticket submit_verify_known(const std::shared_ptr<const KeySet>& keys,
                                           std::span<const KnownKeyRequest> requests, LowS low_s,
                                           std::span<SignatureStatus> results,
                                           Assurance assurance = Assurance::kSampled);
  [[nodiscard]] Ticket submit_keccak256(std::span<const ByteView> messages,
                                        std::span<Hash256> digests,
                                        Assurance assurance = Assurance::kSampled);
  [[nodiscard]] Ticket submit_sha256(std::span<const ByteView> messages, std::span<Hash256> digests,
                                     Assurance assurance = Assurance::kSampled);

  /// A snapshot for people; also refreshes the gauges among the metrics.
  [[nodiscard]] EngineStatus status() const;

 private:
  explicit Engine(std::unique_ptr<engine::Core> core);
  Ticket ticket(std::optional<std::uint64_t> batch);

  std::unique_ptr<engine::Core> core_;
};

}  // namespace buri::accel
