#include "hsm/pkcs11/worker_client.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <thread>

#include "hsm/pkcs11/signature_check.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"
#include "tests/support/long_run.hpp"

namespace buri::hsm::pkcs11 {
namespace {

using namespace std::chrono_literals;
using namespace buri::hsm::test;

/// Signs digests [first, first + count), checking each; the r of each signature.
std::set<Bytes> sign_many(SigningDevice& device, const PublicPoint& key, std::uint64_t first,
                          std::uint64_t count) {
  std::set<Bytes> nonces;
  for (std::uint64_t i = first; i < first + count; ++i) {
    const Hash256 digest = digest_of(i);
    const auto signature = device.sign(SigningPurpose::kVote, digest, in(10s));
    EXPECT_TRUE(signature.ok()) << signature.error().reason;
    if (!signature.ok()) break;
    EXPECT_TRUE(recovers_to(*signature, digest, key));
    nonces.insert(Bytes(signature->bytes.begin(), signature->bytes.begin() + 32));
  }
  return nonces;
}

TEST(WorkerClient, SignsThroughAWorkerOfItsOwn) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  EXPECT_EQ(sign_many(client, token.public_key(), 0, 20).size(), 20U);
  const auto status = client.status();
  EXPECT_EQ(status.front().state, DeviceState::kReady);
  EXPECT_EQ(status.front().signatures, 20U);
  EXPECT_EQ(status.front().starts, 1U);
  EXPECT_NE(
      metrics.expose().find("buri_hsm_signatures_total{device=\"first\",purpose=\"vote\"} 20"),
      std::string::npos);
}

TEST(WorkerClient, SignsAPrecommitsThreeDigestsInTheirOrder) {
  const SoftHsmToken token;
  for (const unsigned sessions : {1U, 2U, 3U}) {
    DeviceConfig device = device_of(token);
    device.sessions = sessions;
    Metrics metrics;
    WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
    const std::vector<SigningRequest> requests{{SigningPurpose::kVote, digest_of(1)},
                                               {SigningPurpose::kVoteExtension, digest_of(2)},
                                               {SigningPurpose::kPlainExtension, digest_of(3)}};
    const auto signatures = client.sign_all(requests, in(10s));
    ASSERT_TRUE(signatures.ok()) << signatures.error().reason;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_TRUE(recovers_to((*signatures)[i], requests[i].digest, token.public_key()));
    }
  }
}

TEST(WorkerClient, ServesManyThreadsAtOnce) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { (void)sign_many(client, token.public_key(), i * 100, 25); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(client.status().front().signatures, 100U);
}

TEST(T15WorkerClient, DrawsOtherNoncesAfterARespawn) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  std::set<Bytes> nonces;
  for (int round = 0; round < 4; ++round) {
    // The same digests each time: equal nonces would show as equal r.
    nonces.merge(sign_many(client, token.public_key(), 0, 5));
    for (const int pid : worker_pids()) ASSERT_EQ(kill(pid, SIGKILL), 0);
  }
  EXPECT_EQ(nonces.size(), 20U);
  EXPECT_GE(client.status().front().starts, 4U);
}

// Ten thousand in the long run.
TEST(T16WorkerClient, SignsForLongWithoutGrowingOrFailing) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  const std::uint64_t count = is_long_run() ? 10'000 : 300;
  EXPECT_EQ(sign_many(client, token.public_key(), 0, count).size(), count);
  EXPECT_EQ(client.status().front().failures, 0U);
  EXPECT_EQ(client.status().front().starts, 1U);
}

TEST(T17WorkerClient, LivesWithTheSessionsThatATokenAllows) {
  const SoftHsmToken token;
  for (const unsigned limit : {1U, 16U}) {
    FaultScript script;
    script.set({"C_OpenSession * limit " + std::to_string(limit)});
    DeviceConfig device = faulty_device_of(token, script);
    device.sessions = limit;
    Metrics metrics;
    WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
    (void)sign_many(client, token.public_key(), 0, 3);
    // A session lost at the limit is replaced, too.
    script.set({"C_OpenSession * limit " + std::to_string(limit), "C_Sign once rv 0xb3"});
    (void)sign_many(client, token.public_key(), 10, 2);
    EXPECT_EQ(client.status().front().signatures, 5U) << "limit " << limit;
  }
}

TEST(T17WorkerClient, SaysWhenATokenAllowsFewerSessionsThanConfigured) {
  const SoftHsmToken token;
  FaultScript script;
  script.set({"C_OpenSession * limit 1"});
  DeviceConfig device = faulty_device_of(token, script);
  device.sessions = 2;
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  EXPECT_TRUE(eventually(
      [&] { return client.status().front().reason.find("fewer sessions") != std::string::npos; }));
}

TEST(WorkerClient, RefusesAKeyThatIsNotThePinnedOne) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClientConfig config = client_of(token, {device_of(token)});
  config.public_key.bytes[0] ^= 1;
  WorkerClient client(config, quiet_logger(), metrics);
  ASSERT_TRUE(eventually([&] { return client.status().front().state == DeviceState::kResting; }));
  const auto signature = client.sign(SigningPurpose::kVote, digest_of(1), in(100ms));
  ASSERT_FALSE(signature.ok());
  EXPECT_EQ(signature.error().fault, SigningFault::kUnavailable);
  EXPECT_NE(signature.error().reason.find("public key is not the pinned one"), std::string::npos);
}

// The same through a whole worker.
TEST(T5WorkerClient, AcceptsAPointWithoutDerAroundIt) {
  const SoftHsmToken token;
  FaultScript script;
  script.set({"C_GetAttributeValue * raw-point"});
  Metrics metrics;
  WorkerClient client(client_of(token, {faulty_device_of(token, script)}), quiet_logger(), metrics);
  (void)sign_many(client, token.public_key(), 0, 1);
}

TEST(WorkerClient, KeepsAnAnchorThatNeverGoesBack) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  const Hash256 name = digest_of(77);
  EXPECT_EQ(client.read_anchor(name, in(10s)).value(), std::nullopt);
  Bytes value(48, 0);
  value[7] = 1;
  const auto write = [&] { return client.write_anchor(name, value, in(10s)); };
  if (const auto stored = write(); !stored.ok()) FAIL() << stored.error().reason;
  value[7] = 2;
  if (const auto stored = write(); !stored.ok()) FAIL() << stored.error().reason;
  EXPECT_EQ(client.read_anchor(name, in(10s)).value(), value);
  value[7] = 1;
  const auto back = client.write_anchor(name, value, in(10s));
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().fault, SigningFault::kNotStored);
}

TEST(WorkerClient, PromotesAWarmStandby) {
  const SoftHsmToken token;
  DeviceConfig device = device_of(token);
  device.warm_standby = true;
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  (void)sign_many(client, token.public_key(), 0, 1);
  ASSERT_TRUE(eventually([] { return worker_pids().size() == 2; }));
  for (int round = 0; round < 2; ++round) {
    const auto pids = worker_pids();
    ASSERT_EQ(kill(pids.front(), SIGKILL), 0);
    (void)sign_many(client, token.public_key(), 10, 2);
    ASSERT_TRUE(eventually([&] { return client.status().front().starts >= 3U + round; }));
  }
}

TEST(WorkerClient, SaysWhatIsWrongWithItsConfiguration) {
  const SoftHsmToken token;
  Metrics metrics;
  DeviceConfig bad_uri = device_of(token, "uri");
  bad_uri.key_uri = "pkcs11:token=a?pin-value=1";
  DeviceConfig bad_profile = device_of(token, "profile");
  bad_profile.profile = "toaster";
  WorkerClientConfig config = client_of(token, {bad_uri, bad_profile, device_of(token, "program")});
  config.worker_program = "/nonexistent/buri-hsm";
  WorkerClient client(config, quiet_logger(), metrics);
  const auto signature = client.sign(SigningPurpose::kVote, digest_of(1), in(300ms));
  ASSERT_FALSE(signature.ok());
  EXPECT_EQ(signature.error().fault, SigningFault::kUnavailable);
  const auto status = client.status();
  EXPECT_NE(status[0].reason.find("a PIN may not stand in a URI"), std::string::npos);
  EXPECT_NE(status[1].reason.find("no vendor profile \"toaster\""), std::string::npos);
  EXPECT_NE(status[2].reason.find("cannot be started"), std::string::npos);
}

TEST(WorkerClient, KillsNoWorkerForADeadlineThatHadPassed) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  (void)sign_many(client, token.public_key(), 0, 1);
  const auto late = client.sign(SigningPurpose::kVote, digest_of(1), in(-1ms));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().fault, SigningFault::kDeadline);
  (void)sign_many(client, token.public_key(), 1, 1);
  EXPECT_EQ(client.status().front().starts, 1U);
}

TEST(WorkerClient, LeavesNoProcessBehind) {
  const SoftHsmToken token;
  {
    Metrics metrics;
    WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
    (void)sign_many(client, token.public_key(), 0, 1);
    EXPECT_EQ(worker_pids().size(), 1U);
  }
  EXPECT_TRUE(worker_pids().empty());
}

}  // namespace
}  // namespace buri::hsm::pkcs11
