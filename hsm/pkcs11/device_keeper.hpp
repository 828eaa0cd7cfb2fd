#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "hsm/pkcs11/device_metrics.hpp"
#include "hsm/pkcs11/profile.hpp"
#include "hsm/pkcs11/uri.hpp"
#include "hsm/pkcs11/worker_client.hpp"
#include "hsm/pkcs11/worker_process.hpp"

/// Keeps one device's worker running: starts it, replaces it when it dies, rests when it dies too
/// often, stops for good when the PIN may be wrong.

namespace buri::hsm::pkcs11 {

/// One lock and one signal for the states of all devices of a client, so that a caller can wait for
/// whichever becomes ready first.
struct DeviceBoard {
  std::mutex mutex;
  std::condition_variable changed;
};

/// A device and the thread that looks after its worker. Thread-safe.
class DeviceKeeper {
 public:
  DeviceKeeper(DeviceConfig config, std::string worker_program, PublicPoint public_key,
               DeviceBoard& board, Logger logger, Metrics& metrics);
  ~DeviceKeeper();

  [[nodiscard]] const std::string& name() const { return config_.name; }
  [[nodiscard]] DeviceMetrics& metrics() { return metrics_; }
  /// How long a worker may take for one answer before it counts as hung.
  [[nodiscard]] std::chrono::milliseconds attempt_limit() const;

  /// The worker to ask, or null. REQUIRES: the board's lock is held.
  [[nodiscard]] std::shared_ptr<WorkerProcess> worker_locked() const;
  /// Whether a worker may become ready before `deadline`. REQUIRES: the board's lock is held.
  [[nodiscard]] bool may_recover_locked(MonotonicTime deadline) const;
  /// REQUIRES: the board's lock is held.
  [[nodiscard]] DeviceStatus status_locked() const;

  /// A request to `worker` failed: kills it (once) and sees to its successor.
  void report_failure(const std::shared_ptr<WorkerProcess>& worker, std::string reason);
  /// The token refused the PIN: as report_failure, and no further start until unlock().
  void report_pin_refused(const std::shared_ptr<WorkerProcess>& worker, std::string reason);
  /// `count` signatures were made: earlier failures are forgotten.
  void report_success(std::size_t count);

  void unlock(PinSource pin, bool ignore_pin_flags);
  void lock();

 private:
  enum class Task : std::uint8_t { kStop, kStart, kStartStandby, kWait };

  void keep();
  Task next_task_locked();
  void wait_for_event();
  void start_one(bool as_standby);
  void settle_start_locked(const std::shared_ptr<WorkerProcess>& worker,
                           const WorkerProcess::StartReport& report, bool as_standby);
  Result<std::shared_ptr<WorkerProcess>, std::string> spawn(const PinSource& pin,
                                                            bool ignore_pin_flags) const;
  void bury_locked(std::shared_ptr<WorkerProcess>& worker);
  bool drop_if_active_locked(const std::shared_ptr<WorkerProcess>& worker);
  void note_failure_locked(std::string reason);
  void lock_out_locked(std::string reason);
  void wake();

  const DeviceConfig config_;
  const std::string worker_program_;
  const PublicPoint public_key_;
  KeyUri uri_;
  const VendorProfile* profile_;
  std::string config_fault_;  // why this device can never work; empty if it can
  DeviceBoard& board_;
  Logger logger_;
  DeviceMetrics metrics_;
  Descriptor wake_event_;

  // Guarded by the board's lock.
  PinSource pin_;
  bool ignore_pin_flags_;
  bool pin_proven_ = false;  // this PIN has logged in before
  bool stopping_ = false;
  std::uint64_t generation_ = 0;  // of the PIN: a start with an older one counts no more
  bool is_starting_ = false;      // from the decision to start a worker until its start has ended
  std::shared_ptr<WorkerProcess> starting_;
  std::shared_ptr<WorkerProcess> active_;
  std::shared_ptr<WorkerProcess> standby_;
  std::vector<std::shared_ptr<WorkerProcess>> dead_;  // killed, for the keeper to reap
  unsigned failures_in_a_row_ = 0;
  MonotonicTime rest_until_{};
  std::string reason_;
  std::uint32_t token_flags_ = 0;
  std::uint64_t signatures_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t starts_ = 0;

  std::thread thread_;
};

}  // namespace buri::hsm::pkcs11
