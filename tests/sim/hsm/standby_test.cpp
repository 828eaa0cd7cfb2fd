#include <gtest/gtest.h>

#include "tests/sim/hsm/sim_fence.hpp"
#include "tests/unit/hsm/signer/core_fixture.hpp"

/// T52: a signer in STANDBY reads along in the fence, so that it knows the newest record before it
/// takes over.

namespace buri::hsm::signer {
namespace {

using namespace std::chrono_literals;

/// A second signer of the fixture's key on a machine of its own.
class StandbyTest : public CoreTest {
 protected:
  void SetUp() override {
    core_ = start(state_disk_, audit_disk_, active_fence_);
    standby_ = start(standby_disk_, standby_audit_, standby_fence_);
    activate();
  }
  std::unique_ptr<Core> start(sim::SimDisk& disk, sim::SimDisk& audit, sim::SimFence& fence) {
    const Bytes record = rules::encode_record(rules::start_consensus(kFirstHeight));
    CHECK(StateFile::create(disk, identity(), record).ok(), "fresh sign-state");
    auto core = Core::start(
        {&disk, &audit, &device_, &fence, nullptr, &clock_, &metrics_, [] { return true; }},
        options(), Logger("test", LogLevel::kOff));
    CHECK(core.ok(), "a core starts");
    (*core)->tick();
    return std::move(core).value();
  }
  wire::ResponseBody ask_standby(const wire::RequestBody& body) {
    return standby_->answer({1, kTimeoutMs, body}, Peer{}, kConsensusPurposes).body;
  }

  SeededRandom calm_{1};
  sim::FenceNetwork network_{calm_, {}};
  sim::SimFence active_fence_{network_, "active"};
  sim::SimFence standby_fence_{network_, "standby"};
  sim::SimDisk standby_disk_{random_};
  sim::SimDisk standby_audit_{random_};
  std::unique_ptr<Core> standby_;
};

TEST_F(StandbyTest, T52StandbyKnowsTheNewestRecordBeforeItTakesOver) {
  for (std::int64_t height = kFirstHeight; height < kFirstHeight + 5; ++height) {
    ASSERT_TRUE(is_signed(ask(prevote(height, 1))));
  }
  EXPECT_LT(standby_->status().last_height, kFirstHeight) << "it looks twice a second";
  clock_.advance(500ms);
  standby_->tick();
  EXPECT_EQ(standby_->status().last_height, kFirstHeight + 4);
  EXPECT_EQ(standby_->view().state, SignerState::kStandby);
  EXPECT_EQ(rule_of(ask_standby(prevote(kFirstHeight + 5, 1))), wire::Rule::kSignerState);

  ASSERT_TRUE(standby_->activate(true).ok());
  EXPECT_EQ(rule_of(ask_standby(prevote(kFirstHeight + 4, 2))), wire::Rule::kEquivocation);
  EXPECT_TRUE(is_signed(ask_standby(prevote(kFirstHeight + 5, 1))));
  EXPECT_FALSE(is_signed(ask(prevote(kFirstHeight + 6, 1)))) << "the other one was fenced off";
}

// What only this disk has was never signed, or the fence would have it; agree() settles that.
TEST_F(StandbyTest, FollowingNeverGoesBack) {
  ASSERT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
  ASSERT_TRUE(is_signed(ask(prevote(kFirstHeight + 1, 1))));
  ASSERT_TRUE(core_->drain().ok());
  network_.store().records.begin()->second.record.sequence = 1;
  clock_.advance(500ms);
  core_->tick();
  EXPECT_EQ(core_->status().last_height, kFirstHeight + 1);
}

TEST_F(StandbyTest, FollowerHaltsAtWhatNoSignerWrote) {
  ASSERT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
  network_.store().records.begin()->second.record.payload = Bytes{0xff};
  clock_.advance(500ms);
  standby_->tick();
  EXPECT_EQ(standby_->view().state, SignerState::kHalted);
}

}  // namespace
}  // namespace buri::hsm::signer
