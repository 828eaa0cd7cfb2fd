#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "hsm/pkcs11/pin.hpp"
#include "hsm/pkcs11/signing_device.hpp"

/// The signer's end of its buri-hsm workers: one process per device, killed when it misses a
/// deadline and respawned, several devices in order of preference. Links no PKCS#11 code.
///
/// What fails climbs a ladder (each step bounded, counted and logged): inside the worker the call
/// is retried on the session, on a new session, after login and find; then the worker is killed and
/// respawned, the next device is asked, the request refused. Signing one digest twice is no
/// equivocation, which is why any step may repeat what an earlier one perhaps did.

namespace buri::hsm::pkcs11 {

/// One device (a token with the key on it) and how to reach it.
struct DeviceConfig {
  std::string name;                 ///< for logs and metrics: "primary"
  std::string key_uri;              ///< RFC 7512, names module, token and key (hsm/pkcs11/uri.hpp)
  std::string profile = "generic";  ///< a name of vendor_profiles()
  PinSource pin;                    ///< absent: the URI's pin-source, if it has one
  unsigned sessions = 0;            ///< signatures at the same time; 0: as the profile says
  bool require_hsm_born = true;     ///< refuse a key that was imported or restored
  bool ignore_pin_flags = false;    ///< log in although the token says that few tries are left
  bool warm_standby = false;        ///< keep a second logged-in worker ready
  std::chrono::milliseconds start_timeout{10'000};  ///< from exec to the probe signature
  /// The worker's whole environment, e.g. {"SOFTHSM2_CONF", path}; it inherits none.
  std::vector<std::pair<std::string, std::string>> environment;
};

struct WorkerClientConfig {
  std::string worker_program;         ///< path of buri-hsm
  PublicPoint public_key;             ///< the pinned key; every device must hold its private half
  std::vector<DeviceConfig> devices;  ///< in order of preference, at least one
};

enum class DeviceState : std::uint8_t {
  kLocked,    ///< waits for a PIN; starts no worker
  kStarting,  ///< a worker is being started or restarted
  kReady,     ///< logged in, key checked, probe signature recovered
  kResting,   ///< failed repeatedly: tried again when its rest is over
};

/// Lower-case name: "ready".
std::string_view device_state_name(DeviceState state);

struct DeviceStatus {
  std::string name;
  DeviceState state{};
  std::string reason;             ///< why it is not ready; empty when it is
  std::uint32_t token_flags = 0;  ///< CK_TOKEN_INFO flags at the last start
  std::uint64_t signatures = 0;
  std::uint64_t failures = 0;
  std::uint64_t starts = 0;  ///< workers started
};

/// Owns the workers. Thread-safe. Construct it before the first seccomp filter: workers inherit
/// their parent's filter, and a vendor module needs calls that the signer does not.
class WorkerClient final : public SigningDevice {
 public:
  /// Starts a worker for each device that has a PIN, without waiting for any of them: a sign_all
  /// that comes early waits, within its deadline.
  WorkerClient(WorkerClientConfig config, const Logger& logger, Metrics& metrics);
  /// Kills the workers.
  ~WorkerClient() override;

  Result<std::vector<RecoverableSignature>, SigningError> sign_all(
      std::span<const SigningRequest> requests, MonotonicTime deadline) override;
  void expect(std::size_t signatures) override;
  Result<std::optional<Bytes>, SigningError> read_anchor(const Hash256& name,
                                                         MonotonicTime deadline) override;
  Status<SigningError> write_anchor(const Hash256& name, ByteView value,
                                    MonotonicTime deadline) override;

  /// Gives device `index` a PIN and starts its worker. A PIN that the token refused, or whose first
  /// login ended without an answer, is never tried again: only this call leads to another attempt.
  /// `ignore_pin_flags` holds for the logins with this PIN. REQUIRES: index < number of devices.
  void unlock(std::size_t index, PinSource pin, bool ignore_pin_flags);
  /// Forgets every PIN and kills every worker: all devices are kLocked.
  void lock();

  /// Waits until one device is ready; false if none was by then.
  bool wait_until_ready(MonotonicTime deadline);
  [[nodiscard]] std::vector<DeviceStatus> status() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace buri::hsm::pkcs11
