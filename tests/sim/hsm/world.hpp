#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "hsm/signer/pipeline.hpp"
#include "tests/sim/hsm/sim_fence.hpp"
#include "tests/sim/hsm/toy_rules.hpp"
#include "tests/support/hsm/sim_disk.hpp"

/// One or two signers of one key in a world where everything fails that can: the signer's own
/// pipeline, guard, sign-state and audit log, over a simulated disk, fence, device and clock.

namespace buri::hsm::sim {

struct WorldOptions {
  std::uint64_t seed = 0;
  bool is_fenced = false;  ///< two signers and a fence; else one signer and its disk
  int steps = 40;
};

/// What happened in a schedule, or in many.
struct Report {
  std::uint64_t conflicts = 0;  ///< what must never happen: one position, two contents
  std::uint64_t wrong_replies = 0;
  std::uint64_t released = 0;
  std::uint64_t replayed_unequal = 0;  ///< signed again after a crash took the signatures
  std::uint64_t refused = 0;
  std::uint64_t crashes = 0;
  std::uint64_t halts = 0;
  std::uint64_t fenced_off = 0;
  std::uint64_t unopened = 0;  ///< starts refused because the sign-state was lost
  std::uint64_t stranded = 0;  ///< starts refused although nothing was lost
  std::uint64_t broken_logs = 0;
  std::string story;  ///< the first conflict, for people

  void add(const Report& other);
};

/// Everything that two signers share and that is watched for contradictions.
class Ledger {
 public:
  explicit Ledger(Report& report) : report_(report) {}

  /// Makes the digests of a request known, so that they are recognised in the device.
  void expect(const ToyRequest& request);
  /// The device made a signature over that digest; from now on it may be anywhere.
  void device_signed(const Hash256& digest);
  /// A signer answered `request`.
  void released(const ToyRequest& request, const wire::ResponseBody& answer);

 private:
  void claim(const ToyRequest& request, const char* where);

  using Position = std::tuple<std::int64_t, std::uint8_t>;
  Report& report_;
  std::map<Hash256, ToyRequest> known_;
  std::map<Position, std::uint8_t> contents_;
  std::map<Hash256, wire::Signed> answers_;
};

/// A device that signs, or does not.
class SimDevice final : public pkcs11::SigningDevice {
 public:
  SimDevice(Ledger& ledger, SimDisk& disk, Random& random)
      : ledger_(ledger), disk_(disk), random_(random) {}

  Result<std::vector<pkcs11::RecoverableSignature>, pkcs11::SigningError> sign_all(
      std::span<const pkcs11::SigningRequest> requests, MonotonicTime deadline) override;
  Result<std::optional<Bytes>, pkcs11::SigningError> read_anchor(const Hash256&,
                                                                 MonotonicTime) override;
  Status<pkcs11::SigningError> write_anchor(const Hash256&, ByteView, MonotonicTime) override;

 private:
  Ledger& ledger_;
  SimDisk& disk_;
  Random& random_;
  std::uint64_t count_ = 0;
};

/// One signer: a machine with a disk, a process on it, an operator who restarts it.
class SimSigner {
 public:
  SimSigner(Ledger& ledger, Report& report, Random& random, SimFence* fence,
            const SimDisk::Image& image);

  void request(const ToyRequest& request, bool is_well_formed);
  void activate();
  void presign();
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
  void boot(bool activates);
  void take_over();

  Ledger& ledger_;
  Report& report_;
  Random& random_;
  SimFence* fence_;
  SimDisk disk_;
  ManualClock clock_{WallTime(std::chrono::seconds(1'700'000'000))};
  SimDevice device_;
  ToyRules rules_;
  // Of the running process:
  std::unique_ptr<signer::StateBoard> board_;
  std::unique_ptr<signer::SharedAudit> audit_;
  std::unique_ptr<signer::Pipeline> pipeline_;
  bool is_rotten_ = false;
  bool is_busy_ = false;  // in the middle of a request
};

/// The state every schedule starts from.
std::shared_ptr<const SimDisk::Image> fresh_image();

/// Plays one schedule.
Report play(const WorldOptions& options);

}  // namespace buri::hsm::sim
