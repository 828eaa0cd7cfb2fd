#include "hsm/signer/etcd_fence.hpp"

#include <gtest/gtest.h>

#include <iostream>

#include "hsm/signer/guard.hpp"
#include "tests/support/hsm/etcd_cluster.hpp"
#include "tests/support/hsm/sim_disk.hpp"

/// T51 to T54 against a real cluster of three members. What two guards may write is decided here
/// by etcd; every interleaving is played in tests/sim/hsm.

namespace buri::hsm::signer {
namespace {

using namespace std::chrono_literals;
using testing_support::EtcdCluster;
using testing_support::TcpProxy;

constexpr std::size_t kMembers = EtcdCluster::kMemberCount;

StateIdentity identity() {
  StateIdentity id;
  id.key.bytes.fill(0x22);
  id.purpose = "vote";
  return id;
}

Bytes payload(std::string_view text) { return {as_bytes(text).begin(), as_bytes(text).end()}; }

MonotonicTime in(std::chrono::milliseconds time) { return system_clock().monotonic() + time; }

/// One signer: a disk of its own and a connection of its own.
class Signer {
 public:
  Signer(const EtcdCluster& cluster, const std::vector<std::string>& endpoints,
         const std::string& name, const std::string& prefix)
      : fence_(connect(cluster, endpoints, name, prefix)) {
    CHECK(StateFile::create(disk_, identity(), payload("start")).ok(), "a fresh state");
    reopen();
  }
  void reopen() {
    auto file = StateFile::open(disk_, identity());
    CHECK(file.ok(), "the state opens");
    guard_ = std::make_unique<Guard>(std::move(file).value(), fence_.get(), nullptr);
  }
  /// Takes the fence and agrees with it, as activation does.
  bool activate(bool force) {
    const auto taken = fence_->take(force, in(2s));
    if (!taken.ok()) return false;
    epoch_ = *taken;
    guard_->disagree();
    return guard_->agree(in(2s)).ok();
  }
  Status<GuardError> commit(std::string_view text, std::chrono::milliseconds time = 2s) {
    if (!guard_->agreed()) RETURN_IF_ERROR(guard_->agree(in(time)));
    return guard_->commit(epoch_, payload(text), in(time));
  }
  [[nodiscard]] std::string head() const { return std::string(as_text(guard_->head().payload)); }
  Fence& fence() { return *fence_; }
  Guard& guard() { return *guard_; }
  sim::SimDisk& disk() { return disk_; }

 private:
  static std::unique_ptr<Fence> connect(const EtcdCluster& cluster,
                                        const std::vector<std::string>& endpoints,
                                        const std::string& name, const std::string& prefix) {
    EtcdOptions options;
    options.endpoints = endpoints;
    options.prefix = prefix;
    options.holder_name = name;
    options.lease = 1s;
    options.authority_pem = cluster.authority_pem();
    options.certificate_pem = cluster.certificate_pem();
    options.key_pem = cluster.key_pem();
    std::string why;
    auto fence = make_etcd_fence(options, identity().key, system_clock(), why);
    CHECK(fence != nullptr, "the fence's options are right");
    return fence;
  }

  SeededRandom random_{1};
  sim::SimDisk disk_{random_};
  std::unique_ptr<Fence> fence_;
  std::unique_ptr<Guard> guard_;
  std::uint64_t epoch_ = 0;
};

class EtcdFenceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = EtcdCluster::start().release(); }
  static void TearDownTestSuite() {
    delete cluster_;
    cluster_ = nullptr;
  }
  void SetUp() override {
    if (cluster_ == nullptr) GTEST_SKIP() << "no etcd (package etcd-server) or no openssl here";
    prefix_ = std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "/";
  }
  void TearDown() override {
    for (std::size_t i = 0; cluster_ != nullptr && i < kMembers; ++i) cluster_->run(i);
  }
  std::unique_ptr<Signer> signer(const std::string& name) {
    return std::make_unique<Signer>(*cluster_, cluster_->endpoints(), name, prefix_);
  }
  /// Waits for a leader: the cluster may have just started.
  static bool activate_soon(Signer& one, bool force = false) {
    for (int tries = 0; tries < 10; ++tries) {
      if (one.activate(force)) return true;
    }
    return false;
  }

  static EtcdCluster* cluster_;
  std::string prefix_;
};

EtcdCluster* EtcdFenceTest::cluster_ = nullptr;

GuardFault fault_of(const Status<GuardError>& status) {
  CHECK(!status.ok(), "this commit must not pass");
  return status.error().fault;
}

TEST_F(EtcdFenceTest, RecordsFollowEachOther) {
  auto a = signer("a");
  ASSERT_TRUE(activate_soon(*a));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(a->commit(std::to_string(i)).ok());
  const auto fenced = a->fence().read(identity(), in(1s));
  ASSERT_TRUE(fenced.ok() && fenced->has_value());
  EXPECT_EQ((*fenced)->record, a->guard().head());
}

TEST_F(EtcdFenceTest, T53FencedActiveDropsWithinOneRequestAndTheNextStartsAboveIt) {
  auto a = signer("a");
  auto b = signer("b");
  ASSERT_TRUE(activate_soon(*a));
  ASSERT_TRUE(a->commit("height 1 by a").ok());
  ASSERT_TRUE(b->activate(true));
  EXPECT_EQ(b->head(), "height 1 by a");
  EXPECT_EQ(fault_of(a->commit("height 2 by a")), GuardFault::kFencedOff);
  ASSERT_TRUE(b->commit("height 2 by b").ok());
  // The record that a wrote to its own disk alone gives way when a comes back.
  ASSERT_TRUE(a->activate(true));
  EXPECT_EQ(a->head(), "height 2 by b");
}

TEST_F(EtcdFenceTest, LivingHolderIsNotTakenOverWithoutForce) {
  auto a = signer("a");
  auto b = signer("b");
  ASSERT_TRUE(activate_soon(*a));
  EXPECT_EQ(b->fence().take(false, in(1s)).error(), FenceError::kHeld);
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < 1500ms) {
    ASSERT_TRUE(a->fence().renew(in(1s)).ok());
    EXPECT_FALSE(b->fence().take(false, in(1s)).ok());
    ::usleep(200'000);
  }
}

TEST_F(EtcdFenceTest, T52DeadHolderIsTakenOverWhenItsLeaseHasRunOut) {
  auto a = signer("a");
  auto b = signer("b");
  ASSERT_TRUE(activate_soon(*a));
  const auto begin = std::chrono::steady_clock::now();
  while (!b->activate(false)) {
    ASSERT_LT(std::chrono::steady_clock::now() - begin, 10s);
    ::usleep(20'000);
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  // etcd checks leases twice a second and grants no less than two election timeouts.
  EXPECT_LT(took, 4s);
  RecordProperty("take_over_ms", std::to_string(took.count()));
  std::cout << "take-over after a lease of 1 s: " << took.count() << " ms\n";
}

TEST_F(EtcdFenceTest, ReleasedFenceIsTakenAtOnceAndItsOldHolderWritesNoMore) {
  auto a = signer("a");
  auto b = signer("b");
  ASSERT_TRUE(activate_soon(*a));
  ASSERT_TRUE(a->fence().release(in(1s)).ok());
  EXPECT_EQ(fault_of(a->commit("by a")), GuardFault::kFencedOff);
  EXPECT_TRUE(b->activate(false));
}

TEST_F(EtcdFenceTest, T51OneLostMemberChangesNothingTwoStopNewRecords) {
  auto a = signer("a");
  ASSERT_TRUE(activate_soon(*a));
  cluster_->kill(0);
  ASSERT_TRUE(a->commit("1").ok() || a->commit("1").ok()) << "an election may cost one request";
  cluster_->kill(1);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(fault_of(a->commit("2", 500ms)), GuardFault::kTryLater);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1500ms);
  cluster_->run(0);
  cluster_->run(1);
  bool committed = false;
  for (int tries = 0; tries < 10 && !committed; ++tries) committed = a->commit("3").ok();
  EXPECT_TRUE(committed);
}

TEST_F(EtcdFenceTest, T53PartitionedActiveStopsAndItsSuccessorSigns) {
  std::vector<std::unique_ptr<TcpProxy>> proxies;
  std::vector<std::string> endpoints;
  for (std::size_t i = 0; i < kMembers; ++i) {
    proxies.push_back(std::make_unique<TcpProxy>(cluster_->client_port(i)));
    endpoints.push_back("127.0.0.1:" + std::to_string(proxies.back()->port()));
  }
  Signer a(*cluster_, endpoints, "a", prefix_);
  ASSERT_TRUE(activate_soon(a));
  ASSERT_TRUE(a.commit("1 by a").ok());
  for (auto& proxy : proxies) proxy->cut(true);
  EXPECT_EQ(fault_of(a.commit("2 by a", 400ms)), GuardFault::kTryLater);
  auto b = signer("b");
  ASSERT_TRUE(b->activate(true));
  ASSERT_TRUE(b->commit("2 by b").ok());
  // What a sent before the cut arrives late, and is refused.
  for (auto& proxy : proxies) proxy->cut(false);
  ::usleep(300'000);
  const auto late = a.commit("3 by a");
  EXPECT_FALSE(late.ok());
  const auto fenced = b->fence().read(identity(), in(10s));
  ASSERT_TRUE(fenced.ok());
  EXPECT_EQ(as_text((*fenced)->record.payload), "2 by b");
}

TEST_F(EtcdFenceTest, T54ClonedMachineCannotSignBesideItsOriginal) {
  auto a = signer("same");
  ASSERT_TRUE(activate_soon(*a));
  ASSERT_TRUE(a->commit("1").ok());
  // The clone has the same disk, name and epoch, and its memory says that it is active.
  auto clone = signer("same");
  clone->disk().restore(*a->disk().snapshot());
  clone->reopen();
  Guard twin(StateFile::open(clone->disk(), identity()).value(), &a->fence(), nullptr);
  ASSERT_TRUE(twin.agree(in(1s)).ok());
  ASSERT_TRUE(a->commit("2 by the original").ok());
  EXPECT_EQ(fault_of(twin.commit(1, payload("2 by the clone"), in(1s))), GuardFault::kFencedOff);
  EXPECT_EQ(as_text(twin.head().payload), "2 by the original");
}

TEST_F(EtcdFenceTest, T51ClusterRestoredFromAnOldBackupHaltsTheSigner) {
  auto a = signer("a");
  ASSERT_TRUE(activate_soon(*a));
  ASSERT_TRUE(a->commit("1").ok());
  cluster_->back_up();
  ASSERT_TRUE(activate_soon(*a, true));
  for (const char* text : {"2", "3", "4"}) ASSERT_TRUE(a->commit(text).ok());
  cluster_->restore();
  auto again = signer("a");  // a new process: nothing remembered but the disk
  again->disk().restore(*a->disk().snapshot());
  again->reopen();
  bool taken = false;
  for (int tries = 0; tries < 10 && !taken; ++tries) taken = again->fence().take(true, in(2s)).ok();
  ASSERT_TRUE(taken);
  EXPECT_EQ(fault_of(again->guard().agree(in(2s))), GuardFault::kHalt);
  // The process that lived through it sees the store go back.
  const auto seen = a->fence().read(identity(), in(2s));
  ASSERT_FALSE(seen.ok());
  EXPECT_EQ(seen.error(), FenceError::kWentBack);
}

TEST(EtcdFenceOptions, ClearTextIsForLoopbackAlone) {
  EtcdOptions options;
  options.holder_name = "a";
  std::string why;
  EXPECT_EQ(make_etcd_fence(options, {}, system_clock(), why), nullptr);
  options.endpoints = {"10.0.0.1:2379"};
  EXPECT_EQ(make_etcd_fence(options, {}, system_clock(), why), nullptr);
  EXPECT_NE(why.find("10.0.0.1"), std::string::npos);
  options.endpoints = {"127.0.0.1:2379"};
  EXPECT_NE(make_etcd_fence(options, {}, system_clock(), why), nullptr);
}

}  // namespace
}  // namespace buri::hsm::signer
