#include "tests/sim/hsm/sim_signer.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "hsm/rules/record.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

namespace buri::hsm::sim {

using namespace std::chrono_literals;
using pkcs11::RecoverableSignature;
using pkcs11::SigningError;
using pkcs11::SigningFault;
using signer::DiskError;
using signer::SignerState;
using signer::StateFile;

namespace {

constexpr std::uint64_t kMostCallsToCrash = 14;
constexpr std::uint32_t kTimeoutMs = 1000;
constexpr auto kTick = 350ms;
constexpr std::array kLedgers = {rules::Ledger::kConsensus, rules::Ledger::kBorHeader,
                                 rules::Ledger::kHeimdallTransaction,
                                 rules::Ledger::kRootChainTransaction};

signer::StateIdentity identity_of(rules::Ledger ledger) {
  return {sim_key().address, std::string(rules::ledger_name(ledger))};
}

WallTime start_of_time() { return WallTime(std::chrono::seconds(rules::testing::kNow)); }

/// One registry for all signers of all schedules: what is counted there is not looked at here.
Metrics& metrics() {
  static Metrics all;
  return all;
}

}  // namespace

Result<std::vector<RecoverableSignature>, SigningError> SimDevice::sign_all(
    std::span<const pkcs11::SigningRequest> requests, MonotonicTime) {
  if (disk_.dead() || random_.chance(0.05)) {
    return Failure{SigningError{SigningFault::kDevice, "no answer"}};
  }
  std::vector<RecoverableSignature> signatures;
  for (const auto& request : requests) {
    claims_.device_signed(request);
    RecoverableSignature signature;
    std::copy(request.digest.bytes.begin(), request.digest.bytes.end(), signature.bytes.begin());
    signature.bytes[40] = static_cast<std::uint8_t>(++count_);  // no two are equal, as in an HSM
    signatures.push_back(signature);
  }
  // Signed, but the answer may be lost with the process or the device.
  if (random_.chance(0.02)) return Failure{SigningError{SigningFault::kDeadline, "answer lost"}};
  return signatures;
}

Result<std::optional<Bytes>, SigningError> SimDevice::read_anchor(const Hash256& name,
                                                                  MonotonicTime) {
  const auto found = anchors_.find(name);
  return found == anchors_.end() ? std::optional<Bytes>() : found->second;
}

Status<SigningError> SimDevice::write_anchor(const Hash256& name, ByteView value, MonotonicTime) {
  if (disk_.dead()) return Failure{SigningError{SigningFault::kDevice, "no answer"}};
  anchors_[name] = {value.begin(), value.end()};
  return Unit{};
}

std::shared_ptr<const SimDisk::Image> fresh_image() {
  SeededRandom random(0);
  SimDisk disk(random);
  const rules::testing::World fresh;
  for (const rules::Ledger ledger : kLedgers) {
    const Bytes record = rules::encode_record(fresh.ledgers.get(ledger));
    CHECK(StateFile::create(disk, identity_of(ledger), record).ok(), "a fresh state file");
  }
  return disk.snapshot();
}

class SimSigner::Busy {
 public:
  explicit Busy(SimSigner& one) : one_(one) { one_.is_busy_ = true; }
  ~Busy() {
    one_.is_busy_ = false;
    one_.note_state();
  }

 private:
  SimSigner& one_;
};

SimSigner::SimSigner(const SimWorld& world, SimFence* fence, const SimDisk::Image& image)
    : world_(world),
      fence_(fence),
      disk_(world.random),
      clock_(start_of_time()),
      device_(world.claims, disk_, world.random),
      anchor_(device_, clock_) {
  disk_.restore(image);
  boot();
  if (world_.random.chance(0.8)) activate();
}

void SimSigner::boot() {
  const Busy busy(*this);
  core_.reset();
  last_state_ = SignerState::kLocked;
  const signer::CoreParts parts{&disk_,   &disk_,  &device_,   fence_,
                                &anchor_, &clock_, &metrics(), [] { return true; }};
  auto core = signer::Core::start(
      parts, {world_.key, world_.policy, {kLedgers.begin(), kLedgers.end()}, false},
      Logger("sim", LogLevel::kOff));
  if (!core.ok()) {
    world_.report.broken_logs += disk_.dead() ? 0 : 1;
    return;
  }
  core_ = std::move(core).value();
  count_start();
  core_->tick();
}

// A start that is refused must have lost a file: everything else is to be survived.
void SimSigner::count_start() {
  const signer::StateView view = core_->view();
  last_state_ = view.state;
  if (view.state != SignerState::kHalted) return void(is_rotten_ = false);
  if (disk_.dead()) return;
  const std::string missing(describe(signer::StateError::kMissing));
  const bool is_lost = view.halt_reason.ends_with(missing);
  ++(is_lost ? world_.report.unopened : world_.report.stranded);
  if (!is_lost && world_.report.story.empty()) world_.report.story = view.halt_reason;
}

void SimSigner::note_state() {
  if (!core_) return;
  const SignerState state = core_->view().state;
  world_.report.halts += state == SignerState::kHalted && last_state_ != state ? 1 : 0;
  const bool is_fenced_off = last_state_ == SignerState::kActive && state == SignerState::kStandby;
  world_.report.fenced_off += is_fenced_off ? 1 : 0;
  last_state_ = state;
}

wire::ResponseBody SimSigner::answer(const wire::RequestBody& request) {
  const std::uint32_t timeout_ms = world_.random.chance(0.03) ? 0 : kTimeoutMs;
  return core_->answer({1, timeout_ms, request}, signer::Peer{}, wire::kAllPurposes).body;
}

void SimSigner::ask() {
  if (!core_ || is_busy_) return;
  const Busy busy(*this);
  const wire::RequestBody request = world_.questions.next();
  world_.claims.expect(request);
  const wire::ResponseBody given = answer(request);
  if (disk_.dead()) return;
  world_.claims.answered(request, given);
  world_.questions.learn(request, given);
}

void SimSigner::ask_hostile() {
  if (!core_ || is_busy_) return;
  const Busy busy(*this);
  const wire::RequestBody request = world_.questions.hostile();
  const wire::ResponseBody given = answer(request);
  if (!disk_.dead()) world_.claims.answered_hostile(request, given);
}

// The client asks, one or two administrators agree, the client asks again.
void SimSigner::approve() {
  const auto& request = world_.questions.administered();
  if (!core_ || is_busy_ || !request) return;
  const Busy busy(*this);
  const wire::RequestBody wanted = *request;
  world_.claims.expect(wanted);
  const Hash256 name = signer::Approvals::name_of(wanted);
  for (const std::uint32_t administrator : {1U, 2U}) {
    const wire::ResponseBody given = answer(wanted);
    if (!disk_.dead()) world_.claims.answered(wanted, given);
    if (world_.random.chance(0.2)) continue;
    const bool is_taken = core_->approvals().approve(to_hex(name), administrator).ok();
    if (is_taken) world_.claims.approved(name, administrator);
  }
  const wire::ResponseBody given = answer(wanted);
  if (!disk_.dead()) world_.claims.answered(wanted, given);
}

void SimSigner::hold_ceremony() {
  if (!core_ || is_busy_) return;
  const Busy busy(*this);
  const wire::RequestBody request = world_.questions.possession();
  if (!core_->begin_ceremony("sim").ok()) return;
  world_.claims.expect(request);
  const wire::ResponseBody given = answer(request);
  if (!disk_.dead()) world_.claims.answered(request, given);
  (void)core_->end_ceremony();
}

void SimSigner::activate() {
  if (core_ && !is_busy_) take_over(world_.random.chance(0.7));
}

void SimSigner::take_over(bool force) {
  const Busy busy(*this);
  (void)core_->activate(force);
}

void SimSigner::drain() {
  if (!core_ || is_busy_) return;
  const Busy busy(*this);
  if (core_->drain().ok()) last_state_ = core_->view().state;
}

void SimSigner::tick() {
  if (!core_ || is_busy_) return;
  const Busy busy(*this);
  clock_.advance(kTick);
  core_->tick();
}

void SimSigner::crash_soon() { disk_.crash_in(world_.random.below(kMostCallsToCrash)); }

void SimSigner::revive() {
  if (disk_.dead() && !is_busy_) restart(world_.random.chance(0.6));
}

void SimSigner::restart(bool power_cut) {
  if (is_busy_) return;
  ++world_.report.crashes;
  disk_.set_fault(nullptr);
  power_cut ? disk_.restart_machine() : disk_.restart_process();
  boot();
  if (world_.random.chance(0.8)) activate();
}

void SimSigner::trouble(bool on) {
  if (!on) return disk_.set_fault(nullptr);
  disk_.set_fault([this](DiskCall call) -> std::optional<DiskError> {
    if (!world_.random.chance(call == DiskCall::kSync ? 0.3 : 0.1)) return std::nullopt;
    if (call == DiskCall::kSync) return DiskError::kIo;
    return world_.random.chance(0.5) ? DiskError::kNoSpace : DiskError::kReadOnly;
  });
}

void SimSigner::rot() {
  const std::string name =
      StateFile::file_name(identity_of(kLedgers[world_.random.below(kLedgers.size())]));
  const auto names = disk_.list();
  if (is_rotten_ || is_busy_ || !names.ok()) return;
  if (std::find(names->begin(), names->end(), name) == names->end()) return;
  is_rotten_ = true;
  constexpr std::uint64_t kSlotBytes = 2 * signer::kCopyBytes + signer::kSectorBytes;
  const std::uint64_t slot = world_.random.below(2);
  const std::uint64_t copy = world_.random.below(2);
  disk_.rot(name, slot * kSlotBytes + copy * signer::kCopyBytes + world_.random.below(200));
  restart(false);
}

void SimSigner::lose_state() {
  if (is_busy_ || disk_.dead()) return;
  disk_.set_fault(nullptr);
  (void)disk_.remove(
      StateFile::file_name(identity_of(kLedgers[world_.random.below(kLedgers.size())])));
  (void)disk_.sync_directory();
  restart(false);
}

// Mostly by little, or back to the right time; sometimes to anywhere.
void SimSigner::jump_clock() {
  clock_.advance(std::chrono::milliseconds(world_.random.below(3000)));
  const std::uint64_t dice = world_.random.below(10);
  const auto seconds = [this](std::uint64_t bound) {
    return std::chrono::seconds(world_.random.below(bound));
  };
  if (dice < 5) return clock_.set_wall(start_of_time());
  if (dice < 9) return clock_.set_wall(start_of_time() + seconds(200) - 100s);
  clock_.set_wall(WallTime(seconds(2'000'000'000)));
}

void SimSigner::restore(const SimDisk::Image& image) {
  if (is_busy_) return;
  disk_.restore(image);
  restart(false);
}

// A running virtual machine, copied with its memory: same disk, same epoch, and it is active.
void SimSigner::become_clone_of(SimSigner& original) {
  if (is_busy_ || !original.core_ || original.core_->view().state != SignerState::kActive) return;
  fence_->clone_from(*original.fence_);
  disk_.set_fault(nullptr);
  disk_.restart_process();
  disk_.restore(*original.disk_.snapshot());
  boot();
  if (core_) take_over(true);
}

}  // namespace buri::hsm::sim
