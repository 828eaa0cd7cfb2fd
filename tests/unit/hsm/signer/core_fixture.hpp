#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "accel/hasher.hpp"
#include "hsm/signer/core.hpp"
#include "tests/support/hsm/sim_disk.hpp"
#include "tests/support/hsm/software_device.hpp"

/// A signer without sockets, for tests: a core over a simulated disk, a device in this process and
/// a clock that stands still.

namespace buri::hsm::signer {

inline constexpr std::array kConsensusPurposes = {wire::Purpose::kProposal, wire::Purpose::kVote};
inline constexpr std::int64_t kFirstHeight = 100;
inline constexpr std::uint64_t kFirstNonce = 3;
inline constexpr std::uint32_t kTimeoutMs = 1000;

class CoreTest : public ::testing::Test {
 protected:
  CoreTest() {
    key_.public_key = device_.public_key();
    const ByteView point = ByteView(key_.public_key).subspan(1);
    Hash256 hash;
    accel::scalar_hasher().keccak256_batch({&point, 1}, {&hash, 1});
    key_.address = Address::from(ByteView(hash).last(Address::kSize));
  }
  [[nodiscard]] StateIdentity identity(rules::Ledger ledger = rules::Ledger::kConsensus) const {
    return {key_.address, std::string(rules::ledger_name(ledger))};
  }
  void SetUp() override {
    rules::Ledgers fresh;
    fresh.consensus = rules::start_consensus(kFirstHeight);
    fresh.heimdall = rules::start_heimdall(kFirstNonce);
    fresh.root_chain = rules::start_root_chain(kFirstNonce);
    for (const rules::Ledger ledger : options().ledgers) {
      const Bytes record = rules::encode_record(fresh.get(ledger));
      ASSERT_TRUE(StateFile::create(state_disk_, identity(ledger), record).ok());
    }
    boot();
  }
  [[nodiscard]] virtual CoreOptions options() const {
    CoreOptions options{key_, {}, {rules::Ledger::kConsensus}, activates_by_itself_};
    options.policy.consensus.chain_id = "heimdall-test";
    options.policy.checkpoint.bor_chain_id = 7;
    return options;
  }
  void boot() {
    core_.reset();
    anchor_ = std::make_unique<DeviceAnchor>(device_, clock_);
    CoreParts parts{&state_disk_,  &audit_disk_, &device_,  nullptr,
                    anchor_.get(), &clock_,      &metrics_, [this] { return is_ready_; }};
    auto core = Core::start(parts, options(), Logger("test", LogLevel::kOff));
    ASSERT_TRUE(core.ok()) << core.error();
    core_ = std::move(core).value();
    core_->tick();
  }
  void activate() {
    const auto activated = core_->activate(false);
    ASSERT_TRUE(activated.ok()) << activated.error();
  }
  [[nodiscard]] wire::SignVote prevote(std::int64_t height, std::uint8_t block) const {
    wire::SignVote vote;
    vote.chain_id = "heimdall-test";
    vote.type = wire::VoteType::kPrevote;
    vote.height = height;
    vote.block_id.hash.emplace().bytes.fill(block);
    vote.block_id.parts.total = 1;
    vote.block_id.parts.hash.emplace().bytes.fill(block);
    vote.timestamp.seconds =
        std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
    vote.validator_address = key_.address;
    return vote;
  }
  /// Asks over a consensus socket.
  wire::ResponseBody ask(wire::RequestBody body) {
    return core_->answer({1, kTimeoutMs, std::move(body)}, Peer{}, kConsensusPurposes).body;
  }
  /// Asks over a socket that serves everything.
  wire::ResponseBody ask_anywhere(wire::RequestBody body) {
    return core_->answer({1, kTimeoutMs, std::move(body)}, Peer{}, wire::kAllPurposes).body;
  }
  /// All of the audit log.
  [[nodiscard]] std::string audit_text() {
    const auto all = read_audit_segments(audit_disk_, audit_segment_names(audit_disk_).value());
    std::string text;
    for (const auto& segment : *all) text += segment.text;
    return text;
  }
  static wire::Rule rule_of(const wire::ResponseBody& body) {
    const auto* refusal = std::get_if<wire::Refusal>(&body);
    return refusal != nullptr ? refusal->rule : wire::Rule{};
  }
  static bool is_signed(const wire::ResponseBody& body) {
    return std::holds_alternative<wire::Signed>(body);
  }

  SeededRandom random_{3};
  sim::SimDisk state_disk_{random_};
  sim::SimDisk audit_disk_{random_};
  testing_support::SoftwareDevice device_{11};
  ManualClock clock_{WallTime(std::chrono::seconds(1'700'000'000))};
  Metrics metrics_;
  SigningKey key_;
  bool is_ready_ = true;
  bool activates_by_itself_ = false;
  std::unique_ptr<DeviceAnchor> anchor_;
  std::unique_ptr<Core> core_;
};

}  // namespace buri::hsm::signer
