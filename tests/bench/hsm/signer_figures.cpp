#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "accel/hasher.hpp"
#include "hsm/signer/core.hpp"
#include "hsm/signer/posix_disk.hpp"
#include "hsm/signer/state_file.hpp"
#include "tests/bench/harness.hpp"
#include "tests/support/hsm/software_device.hpp"

/// What the signer itself costs: everything between the decoded request and the answer but the
/// device, with sign-state and audit log on the disk under the temporary folder.

namespace buri::bench {
namespace {

using namespace hsm;
using Clock = std::chrono::steady_clock;

constexpr int kVotes = 2000;
constexpr double kGoalMs = 0.3;

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// Signs in this process and knows how long that took.
class TimedDevice final : public pkcs11::SigningDevice {
 public:
  Result<std::vector<pkcs11::RecoverableSignature>, pkcs11::SigningError> sign_all(
      std::span<const pkcs11::SigningRequest> requests, MonotonicTime deadline) override {
    const auto begin = Clock::now();
    auto signatures = inner.sign_all(requests, deadline);
    took = Clock::now() - begin;
    return signatures;
  }
  Result<std::optional<Bytes>, pkcs11::SigningError> read_anchor(const Hash256& name,
                                                                 MonotonicTime deadline) override {
    return inner.read_anchor(name, deadline);
  }
  Status<pkcs11::SigningError> write_anchor(const Hash256& name, ByteView value,
                                            MonotonicTime deadline) override {
    return inner.write_anchor(name, value, deadline);
  }

  testing_support::SoftwareDevice inner{1};
  Clock::duration took{};
};

signer::SigningKey key_of(const FixedBytes<65>& public_key) {
  const ByteView point = ByteView(public_key).subspan(1);
  Hash256 hash;
  accel::scalar_hasher().keccak256_batch({&point, 1}, {&hash, 1});
  return {Address::from(ByteView(hash).last(Address::kSize)), public_key};
}

wire::SignVote prevote(std::int64_t height, const Address& validator) {
  wire::SignVote vote;
  vote.chain_id = "heimdall-test";
  vote.height = height;
  vote.block_id.hash.emplace().bytes.fill(1);
  vote.block_id.parts = {1, vote.block_id.hash};
  vote.timestamp.seconds = std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  vote.validator_address = validator;
  return vote;
}

std::vector<double> measure(const std::string& folder) {
  TimedDevice device;
  Metrics metrics;
  const signer::SigningKey key = key_of(device.inner.public_key());
  auto disk = signer::open_posix_disk(folder);
  CHECK(disk.ok(), "the temporary folder opens");
  const Bytes record = rules::encode_record(rules::start_consensus(1));
  CHECK(signer::StateFile::create(**disk, {key.address, "consensus"}, record).ok(), "fresh state");
  signer::CoreOptions options{key, {}, {rules::Ledger::kConsensus}, true};
  options.policy.consensus.chain_id = "heimdall-test";
  options.policy.consensus.max_per_minute = 1'000'000;
  options.policy.checkpoint.bor_chain_id = 7;
  signer::CoreParts parts{disk->get(), disk->get(),     &device,  nullptr,
                          nullptr,     &system_clock(), &metrics, [] { return true; }};
  auto core = signer::Core::start(parts, options, Logger("bench", LogLevel::kOff));
  CHECK(core.ok(), "the core starts");
  (*core)->tick();
  constexpr std::array kPurposes = {wire::Purpose::kVote};
  std::vector<double> own;
  for (int i = 0; i < kVotes; ++i) {
    const wire::Request request{1, 1000, prevote(i + 1, key.address)};
    const auto begin = Clock::now();
    const auto answer = (*core)->answer(request, {}, kPurposes);
    const auto took = Clock::now() - begin;
    CHECK(std::holds_alternative<wire::Signed>(answer.body), "every vote is signed");
    own.push_back(milliseconds(took - device.took));
  }
  std::sort(own.begin(), own.end());
  return own;
}

std::vector<Figure> own_cost(const Options&) {
  std::string folder = (std::filesystem::temp_directory_path() / "buri-bench-XXXXXX").string();
  CHECK(::mkdtemp(folder.data()) != nullptr, "a temporary folder");
  const std::vector<double> own = measure(folder);
  std::filesystem::remove_all(folder);
  std::vector<Figure> figures;
  for (const auto& [name, share] :
       {std::pair("signer.own_ms.p50", 0.50), std::pair("signer.own_ms.p99", 0.99)}) {
    Figure figure;
    figure.name = name;
    figure.peer = "milliseconds of a prevote without the device";
    figure.ratio = own[static_cast<std::size_t>(share * (kVotes - 1))];
    figure.rounds = kVotes;
    figure.goal_is_upper_bound = true;
    if (share > 0.9) figure.goal = kGoalMs;
    figures.push_back(figure);
  }
  return figures;
}

const Registration kOwnCost("signer.own", own_cost);

}  // namespace
}  // namespace buri::bench
