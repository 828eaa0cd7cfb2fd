#include "accel/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "accel/engine/parts.hpp"
#include "tests/unit/accel/engine/toy_parts.hpp"
#include "tests/unit/accel/engine/unreliable_device.hpp"

/// The engine's threads around toy backends. What the scheduler decides is the simulation's matter;
/// here it is whether real threads, deadlines and lanes carry it out.

namespace buri::accel {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class EngineTest : public testing::Test {
 protected:
  void start(bool with_device) {
    engine::Parts parts;
    parts.backends.push_back({std::make_shared<ToyScalar>(), nullptr});
    if (with_device) parts.backends.push_back({device_, nullptr});
    parts.test = [this](Backend& backend) { return test(backend); };
    parts.profile = brisk_profile();
    const EngineServices services{&clock_, &random_, &metrics_, &logger_};
    auto engine = Engine::start(options_, services, std::move(parts));
    ASSERT_TRUE(engine.ok()) << engine.error().field << ": " << engine.error().expected;
    engine_ = std::move(engine).value();
  }
  virtual Status<KnownAnswerError> test(Backend& backend) {
    if (!backend.is_device()) return Unit{};
    const auto requests = make_requests(3, 1, 0);
    std::vector<SignatureStatus> answers(3);
    const auto status = backend.verify(requests, LowS::kAny, answers);
    if (!status.ok()) return Failure{KnownAnswerError{Operation::kVerify, status.error(), 0}};
    if (answers == right_answers(requests)) return Unit{};
    return Failure{KnownAnswerError{Operation::kVerify, std::nullopt, 0}};
  }
  /// Verifies a batch and expects the right answers, whoever computed them.
  void expect_right(std::size_t count, std::uint64_t seed, double bad = 0) {
    const auto requests = make_requests(count, seed, bad);
    std::vector<SignatureStatus> answers(count, SignatureStatus::kBadLength);
    engine_->verify(requests, LowS::kAny, answers);
    EXPECT_EQ(answers, right_answers(requests)) << "seed " << seed;
  }
  BackendStatus device_status() const { return engine_->status().backends.at(1); }
  std::string logged() {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }

  ManualClock clock_;
  SeededRandom random_{42};
  Metrics metrics_;
  std::mutex log_mutex_;
  std::string log_;
  Logger logger_{"accel", LogLevel::kDebug, [this](LogLevel, std::string_view line) {
                   const std::lock_guard lock(log_mutex_);
                   log_ += std::string(line) + "\n";
                 }};
  EngineOptions options_ = [] {
    EngineOptions options;
    options.worker_threads = 3;
    options.device_deadline = 100ms;
    options.probation_items = 500;
    options.sample_rate = 0.25;
    return options;
  }();
  std::shared_ptr<UnreliableDevice> device_ = std::make_shared<UnreliableDevice>();
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineTest, AnswersEmptySingleOddAndLargeBatches) {
  start(true);
  for (const std::size_t count : {0, 1, 2, 15, 17, 100, 4097, 20000})
    expect_right(count, count, 0.01);
}

TEST_F(EngineTest, AnswersEveryOperation) {
  start(true);
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < 3000; ++i) messages.emplace_back(i % 300, std::uint8_t(i));
  const std::vector<ByteView> views(messages.begin(), messages.end());
  std::vector<Hash256> digests(views.size());
  std::vector<Hash256> right;
  for (const ByteView view : views) right.push_back(sim::toy_digest(view));
  engine_->keccak256(views, digests);
  EXPECT_EQ(digests, right);
  digests.assign(views.size(), Hash256{});
  engine_->sha256(views, digests);
  EXPECT_EQ(digests, right);
  EXPECT_EQ(engine_->checkpoint_root(right), sim::toy_root(right));
  EXPECT_EQ(engine_->rfc6962_root(views), sim::toy_root(views));
  EXPECT_EQ(engine_->rfc6962_root({}), Hash256{});
  std::vector<RecoverRequest> requests(2000);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    requests[i].signature.digest = right[i];
    requests[i].recovery_id = i % 50 == 0 ? 9 : 0;
  }
  std::vector<RecoverResult> results(requests.size());
  engine_->recover(requests, LowS::kRequired, results);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    ASSERT_EQ(results[i], sim::toy_recovery(requests[i]));
  }
}

TEST_F(EngineTest, AnswersSignedMessagesAsTheirDigests) {
  start(true);
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < 5000; ++i) messages.emplace_back(i % 300, std::uint8_t(i));
  std::vector<RecoverMessage> requests;
  for (const Bytes& m : messages) requests.push_back({{m, {}, {}}, std::uint8_t(m.size() % 9)});
  for (const Assurance assurance : {Assurance::kExact, Assurance::kSampled}) {
    std::vector<RecoverResult> results(requests.size());
    engine_->recover_messages(requests, LowS::kRequired, results, assurance);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const SignedDigest digest{sim::toy_digest(messages[i]), {}, {}};
      ASSERT_EQ(results[i], sim::toy_recovery({digest, requests[i].recovery_id})) << i;
    }
  }
}

TEST_F(EngineTest, ServesManyThreadsAtOnceWithCallsAndTickets) {
  start(true);
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      SeededRandom random(thread);
      for (std::uint64_t round = 0; round < 30; ++round) {
        const auto first = make_requests(1 + random.below(2000), random.next(), 0.002);
        const auto second = make_requests(1 + random.below(2000), random.next(), 0);
        std::vector<SignatureStatus> first_answers(first.size());
        std::vector<SignatureStatus> second_answers(second.size());
        Ticket ticket = engine_->submit_verify(first, LowS::kAny, first_answers);
        engine_->verify(second, LowS::kAny, second_answers);
        ticket.wait();
        ASSERT_EQ(first_answers, right_answers(first));
        ASSERT_EQ(second_answers, right_answers(second));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(device_status().items, 0u);
}

TEST_F(EngineTest, TicketsMayBeMovedWaitedTwiceAndDropped) {
  start(false);
  const auto requests = make_requests(5000, 1, 0.1);
  std::vector<SignatureStatus> answers(requests.size());
  {
    Ticket ticket = engine_->submit_verify(requests, LowS::kAny, answers);
    Ticket moved = std::move(ticket);
    moved.wait();
    moved.wait();
    EXPECT_EQ(answers, right_answers(requests));
    answers.assign(answers.size(), SignatureStatus::kBadLength);
    moved = engine_->submit_verify(requests, LowS::kAny, answers);
  }
  EXPECT_EQ(answers, right_answers(requests));
}

TEST_F(EngineTest, TrustsADeviceAfterItsProbation) {
  start(true);
  EXPECT_TRUE(device_status().trusted.empty());
  for (std::uint64_t seed = 0; seed < 4; ++seed) expect_right(3000, seed);
  EXPECT_THAT(device_status().trusted, testing::ElementsAre(Operation::kVerify));
}

TEST_F(EngineTest, KeepsExactBatchesOnTheCpu) {
  start(true);
  const std::size_t calls_at_start = device_->calls();
  const auto requests = make_requests(5000, 1, 0);
  std::vector<SignatureStatus> answers(requests.size());
  engine_->verify(requests, LowS::kAny, answers, Assurance::kExact);
  EXPECT_EQ(answers, right_answers(requests));
  EXPECT_EQ(device_->calls(), calls_at_start);
}

TEST_F(EngineTest, QuarantinesADeviceThatLiesAndSaysSo) {
  start(true);
  device_->lie(sim::Lie::kSpoil, 1.0);
  expect_right(3000, 7);
  EXPECT_EQ(device_status().state, BackendState::kQuarantined);
  EXPECT_THAT(logged(), HasSubstr("ALERT: a device gave a wrong answer"));
  EXPECT_THAT(metrics_.expose(), HasSubstr("event=\"quarantined\""));
  device_->lie(sim::Lie::kNone, 0);
  const std::size_t calls = device_->calls();
  expect_right(3000, 8);
  EXPECT_EQ(device_->calls(), calls) << "a quarantined device is given no more work";
}

TEST_F(EngineTest, CatchesATrustedDeviceThatAcceptsEverything) {
  start(true);
  for (std::uint64_t seed = 0; seed < 4; ++seed) expect_right(3000, seed);
  ASSERT_FALSE(device_status().trusted.empty());
  device_->lie(sim::Lie::kAcceptAll, 1.0);
  expect_right(3000, 9, 0.001);
  EXPECT_EQ(device_status().state, BackendState::kQuarantined);
}

TEST_F(EngineTest, FinishesOnTheCpuWhenADeviceFailsInAnyWay) {
  start(true);
  for (const BackendFault fault :
       {BackendFault::kLaunchFailed, BackendFault::kOutOfMemory, BackendFault::kUnsupported}) {
    device_->fail_with(fault);
    expect_right(3000, 1);
    device_->fail_with(std::nullopt);
  }
}

TEST_F(EngineTest, RetriesSmallerWhenADeviceHasTooLittleMemory) {
  options_.probation_items = 1;
  start(true);
  expect_right(3000, 1);
  ASSERT_FALSE(device_status().trusted.empty());
  device_->limit_memory(5000);
  const std::uint64_t items_before = device_status().items;
  expect_right(20000, 2);
  EXPECT_GE(device_status().items, items_before + 15000) << "in smaller calls, on the device";
}

TEST_F(EngineTest, ALostDeviceComesBackAfterAPauseAndATest) {
  start(true);
  device_->fail_with(BackendFault::kDeviceLost);
  expect_right(3000, 1);
  EXPECT_EQ(device_status().state, BackendState::kLost);
  expect_right(3000, 2);
  device_->fail_with(std::nullopt);
  clock_.advance(2s);
  for (int i = 0; i < 200 && device_status().state != BackendState::kReady; ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(device_status().state, BackendState::kReady);
  EXPECT_TRUE(device_status().trusted.empty()) << "on probation again";
  expect_right(3000, 3);
}

TEST_F(EngineTest, AHungDeviceDelaysABatchByItsDeadlineAndNoMore) {
  start(true);
  device_->hang();
  const std::size_t before = device_->calls();
  std::thread impatient([this, before] {
    // Time passes once the device holds the call.
    while (device_->calls() == before) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(20ms);
    clock_.advance(101ms);
  });
  expect_right(3000, 1);
  impatient.join();
  EXPECT_EQ(device_status().state, BackendState::kHung);
  expect_right(3000, 2);
  device_->release();
  for (int i = 0; i < 200 && device_status().state == BackendState::kHung; ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(device_status().state, BackendState::kLost);
}

TEST_F(EngineTest, EndsWhileACallHangsAndLeavesThatCallToItself) {
  start(true);
  device_->hang();
  const std::size_t before = device_->calls();
  std::thread impatient([this, before] {
    while (device_->calls() == before) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(20ms);
    clock_.advance(101ms);
  });
  expect_right(3000, 1);
  impatient.join();
  engine_.reset();
  device_->release();
  std::this_thread::sleep_for(50ms);  // the stuck thread wakes up and must touch nothing of ours
}

TEST_F(EngineTest, RefusesADeviceThatFailsItsKnownAnswers) {
  device_->lie(sim::Lie::kReject, 1.0);
  start(true);
  EXPECT_EQ(device_status().state, BackendState::kRefused);
  EXPECT_EQ(device_status().reason, "known-answer test: verify: wrong answer to vector 0");
  EXPECT_THAT(logged(), HasSubstr("a backend is refused backend=cuda:0"));
  expect_right(3000, 1);
}

TEST_F(EngineTest, RefusesADeviceThatHangsInItsKnownAnswerTest) {
  options_.device_deadline = 10ms;
  device_->hang();
  start(true);
  EXPECT_EQ(device_status().state, BackendState::kRefused);
  EXPECT_THAT(device_status().reason, HasSubstr("deadline passed"));
  expect_right(100, 1);
  device_->release();
}

TEST_F(EngineTest, UsesOnlyWhatTheAllowListNames) {
  options_.allowed_backends = {"avx2"};
  start(true);
  EXPECT_EQ(device_status().state, BackendState::kRefused);
  EXPECT_EQ(device_status().reason, "not on the allow-list");
  engine_.reset();
  options_.allowed_backends = {"cuda"};
  start(true);
  EXPECT_EQ(device_status().state, BackendState::kReady);
}

TEST_F(EngineTest, CountsItemsByBackendAndOperation) {
  start(false);
  expect_right(100, 1);
  EXPECT_THAT(metrics_.expose(),
              HasSubstr("buri_accel_items_total{backend=\"scalar\",operation=\"verify\"} 100"));
  EXPECT_EQ(engine_->status().backends.at(0).items, 100u);
}

TEST_F(EngineTest, NamesTheOptionThatIsOutOfRange) {
  options_.sample_rate = 1.5;
  const auto engine = Engine::start(options_, {}, engine::Parts{});
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.error().field, "sample_rate");
}

TEST_F(EngineTest, DoesNotStartWithoutACpuBackendForEveryOperation) {
  engine::Parts parts;
  parts.backends.push_back({device_, nullptr});
  parts.test = [](Backend&) -> Status<KnownAnswerError> { return Unit{}; };
  parts.profile = brisk_profile();
  const auto engine = Engine::start(options_, {}, std::move(parts));
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.error().field, "recover");
}

}  // namespace
}  // namespace buri::accel
