#include "tests/sim/hsm/world.hpp"

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
constexpr auto kPatience = 1s;

signer::StateIdentity identity() {
  signer::StateIdentity id;
  id.key.bytes.fill(0x33);
  id.purpose = "vote";
  return id;
}

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
    ledger_.device_signed(request.digest);
    RecoverableSignature signature;
    std::copy(request.digest.bytes.begin(), request.digest.bytes.end(), signature.bytes.begin());
    signature.bytes[40] = static_cast<std::uint8_t>(++count_);  // no two are equal, as in an HSM
    signatures.push_back(signature);
  }
  // Signed, but the answer may be lost with the process or the device.
  if (random_.chance(0.02)) return Failure{SigningError{SigningFault::kDeadline, "answer lost"}};
  return signatures;
}

Result<std::optional<Bytes>, SigningError> SimDevice::read_anchor(const Hash256&, MonotonicTime) {
  return std::optional<Bytes>{};
}

Status<SigningError> SimDevice::write_anchor(const Hash256&, ByteView, MonotonicTime) {
  return Unit{};
}

std::shared_ptr<const SimDisk::Image> fresh_image() {
  SeededRandom random(0);
  SimDisk disk(random);
  CHECK(StateFile::create(disk, identity(), ToyRequest{}.record()).ok(), "a fresh state file");
  return disk.snapshot();
}

SimSigner::SimSigner(Ledger& ledger, Report& report, Random& random, SimFence* fence,
                     const SimDisk::Image& image)
    : ledger_(ledger),
      report_(report),
      random_(random),
      fence_(fence),
      disk_(random),
      device_(ledger, disk_, random) {
  disk_.restore(image);
  boot(true);
}

void SimSigner::boot(bool activates) {
  pipeline_.reset();
  audit_.reset();
  board_ =
      std::make_unique<signer::StateBoard>([this](const signer::StateView& now, std::string_view) {
        report_.halts += now.state == SignerState::kHalted ? 1 : 0;
        report_.fenced_off += now.state == SignerState::kStandby && now.epoch == 0 ? 1 : 0;
      });
  auto file = StateFile::open(disk_, identity());
  auto log = signer::AuditLog::open(disk_, clock_);
  report_.broken_logs += !log.ok() && !disk_.dead() ? 1 : 0;
  if (!file.ok() || !log.ok()) {
    if (!file.ok() && !disk_.dead()) {
      const bool is_lost = file.error() == signer::StateError::kMissing;
      ++(is_lost ? report_.unopened : report_.stranded);
    }
    return;
  }
  is_rotten_ = false;
  audit_ = std::make_unique<signer::SharedAudit>(std::move(log).value());
  pipeline_ = std::make_unique<signer::Pipeline>(
      signer::Guard(std::move(file).value(), fence_, nullptr),
      signer::PipelineParts{board_.get(), &rules_, &device_, audit_.get(), &clock_, &metrics()});
  (void)board_->apply(signer::SignerEvent::kUnlocked, "");
  if (activates && random_.chance(0.8)) activate();
}

void SimSigner::activate() {
  if (!pipeline_ || is_busy_ || disk_.dead()) return;
  if (board_->view().state != SignerState::kStandby) return;
  is_busy_ = true;
  take_over();
  is_busy_ = false;
}

void SimSigner::take_over() {
  std::uint64_t epoch = 0;
  if (fence_ != nullptr) {
    const auto taken = fence_->take(random_.chance(0.7), clock_.monotonic() + kPatience);
    if (!taken.ok()) return;
    epoch = *taken;
    pipeline_->disagree();
  }
  const auto agreed = pipeline_->agree(clock_.monotonic() + kPatience);
  if (!agreed.ok()) {
    board_->take_note(agreed.error());
    return;
  }
  (void)board_->activate(epoch);
}

void SimSigner::request(const ToyRequest& request, bool is_well_formed) {
  if (!pipeline_ || is_busy_) return;
  is_busy_ = true;
  ledger_.expect(request);
  wire::RequestBody body = request.vote();
  if (!is_well_formed) body = wire::GetStatus{};
  const auto patience = random_.chance(0.03) ? -1s : kPatience;
  const auto reply = pipeline_->sign(body, "sim", clock_.monotonic() + patience);
  if (!disk_.dead() && reply.ok()) ledger_.released(request, *reply);
  if (!reply.ok()) report_.refused += reply.error().fault == signer::SignFault::kRefused ? 1 : 0;
  is_busy_ = false;
}

void SimSigner::presign() {
  if (pipeline_ && !is_busy_) pipeline_->presign(clock_.monotonic() + kPatience);
}

void SimSigner::crash_soon() { disk_.crash_in(random_.below(kMostCallsToCrash)); }

void SimSigner::revive() {
  if (disk_.dead() && !is_busy_) restart(random_.chance(0.6));
}

void SimSigner::restart(bool power_cut) {
  if (is_busy_) return;
  ++report_.crashes;
  disk_.set_fault(nullptr);
  power_cut ? disk_.restart_machine() : disk_.restart_process();
  boot(true);
}

void SimSigner::trouble(bool on) {
  if (!on) return disk_.set_fault(nullptr);
  disk_.set_fault([this](DiskCall call) -> std::optional<DiskError> {
    if (!random_.chance(call == DiskCall::kSync ? 0.3 : 0.1)) return std::nullopt;
    if (call == DiskCall::kSync) return DiskError::kIo;
    return random_.chance(0.5) ? DiskError::kNoSpace : DiskError::kReadOnly;
  });
}

void SimSigner::rot() {
  const std::string name = StateFile::file_name(identity());
  const auto names = disk_.list();
  if (is_rotten_ || is_busy_ || !names.ok()) return;
  if (std::find(names->begin(), names->end(), name) == names->end()) return;
  is_rotten_ = true;
  constexpr std::uint64_t kSlotBytes = 2 * signer::kCopyBytes + signer::kSectorBytes;
  const std::uint64_t slot = random_.below(2);
  const std::uint64_t copy = random_.below(2);
  disk_.rot(name, slot * kSlotBytes + copy * signer::kCopyBytes + random_.below(200));
  restart(false);
}

void SimSigner::lose_state() {
  if (is_busy_ || disk_.dead()) return;
  disk_.set_fault(nullptr);
  (void)disk_.remove(StateFile::file_name(identity()));
  (void)disk_.sync_directory();
  restart(false);
}

void SimSigner::jump_clock() {
  clock_.advance(std::chrono::milliseconds(random_.below(3000)));
  clock_.set_wall(WallTime(std::chrono::seconds(random_.below(2'000'000'000))));
}

void SimSigner::restore(const SimDisk::Image& image) {
  if (is_busy_) return;
  disk_.restore(image);
  restart(false);
}

// A running virtual machine, copied with its memory: same disk, same epoch, and it is active.
void SimSigner::become_clone_of(SimSigner& original) {
  if (is_busy_ || original.board_->view().state != SignerState::kActive) return;
  fence_->clone_from(*original.fence_);
  disk_.set_fault(nullptr);
  disk_.restart_process();
  disk_.restore(*original.disk_.snapshot());
  boot(false);
  if (!pipeline_) return;
  is_busy_ = true;
  const bool agreed = pipeline_->agree(clock_.monotonic() + kPatience).ok();
  is_busy_ = false;
  if (agreed) (void)board_->activate(original.board_->view().epoch);
}

}  // namespace buri::hsm::sim
