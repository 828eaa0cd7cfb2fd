#pragma once

#include <map>
#include <memory>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "hsm/signer/core.hpp"
#include "tests/sim/hsm/claims.hpp"
#include "tests/sim/hsm/questions.hpp"
#include "tests/sim/hsm/sim_fence.hpp"
#include "tests/support/hsm/sim_disk.hpp"

/// One signer of a simulation: a machine with a disk and a device, the signer's own core with all
/// its ledgers on it, an operator who restarts it.

namespace buri::hsm::sim {

/// A device that signs, or does not. It keeps its anchors whatever becomes of the machine.
class SimDevice final : public pkcs11::SigningDevice {
 public:
  SimDevice(Claims& claims, SimDisk& disk, Random& random)
      : claims_(claims), disk_(disk), random_(random) {}

  Result<std::vector<pkcs11::RecoverableSignature>, pkcs11::SigningError> sign_all(
      std::span<const pkcs11::SigningRequest> requests, MonotonicTime deadline) override;
  Result<std::optional<Bytes>, pkcs11::SigningError> read_anchor(const Hash256& name,
                                                                 MonotonicTime) override;
  Status<pkcs11::SigningError> write_anchor(const Hash256& name, ByteView value,
                                            MonotonicTime) override;

 private:
  Claims& claims_;
  SimDisk& disk_;
  Random& random_;
  std::uint64_t count_ = 0;
  std::map<Hash256, Bytes> anchors_;
};

/// What all signers of a schedule share; everything must outlive them.
struct SimWorld {
  const rules::Policy& policy;
  const signer::SigningKey& key;
  Claims& claims;
  Questions& questions;
  Report& report;
  Random& random;
};

/// What the operator or the world does to a signer. Whatever comes while it is in the middle of
/// something of its own (a call to the fence lets others act) is left out.
class SimSigner {
 public:
  /// `fence` may be null.
  SimSigner(const SimWorld& world, SimFence* fence, const SimDisk::Image& image);

  void ask();
  void ask_hostile();
  void approve();
  void hold_ceremony();
  void activate();
  void drain();
  void tick();
  void crash_soon();
  void restart(bool power_cut);
  void trouble(bool on);
  void rot();
  void lose_state();
  void jump_clock();
  void restore(const SimDisk::Image& image);
  void become_clone_of(SimSigner& original);
  [[nodiscard]] SimDisk& disk() { return disk_; }
  /// Ends the process if it died, and starts it again.
  void revive();

 private:
  class Busy;
  void boot();
  void take_over(bool force);
  void count_start();
  void note_state();
  wire::ResponseBody answer(const wire::RequestBody& request);

  const SimWorld world_;
  SimFence* fence_;
  SimDisk disk_;
  ManualClock clock_;
  SimDevice device_;
  signer::DeviceAnchor anchor_;
  std::unique_ptr<signer::Core> core_;  // of the running process
  signer::SignerState last_state_{};
  bool is_rotten_ = false;
  bool is_busy_ = false;
};

/// The disk every schedule starts from: fresh sign-state of all ledgers.
std::shared_ptr<const SimDisk::Image> fresh_image();

}  // namespace buri::hsm::sim
