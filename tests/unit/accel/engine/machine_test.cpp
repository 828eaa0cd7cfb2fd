#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "accel/engine.hpp"
#include "accel/scalar/backend.hpp"
#include "tests/support/accel/signer.hpp"

/// The engine over this machine's own backends, whatever they are.

namespace buri::accel {
namespace {

class Machine : public testing::Test {
 protected:
  static Engine& engine() {
    static const std::unique_ptr<Engine> engine = [] {
      auto started = Engine::start({});
      CHECK(started.ok(), "the engine does not start on this machine");
      return std::move(started).value();
    }();
    return *engine;
  }
  scalar::ScalarBackend scalar_;
};

TEST_F(Machine, AnswersSignaturesAsTheScalarBackendDoes) {
  constexpr std::uint64_t kSeed = 20261125;
  std::mt19937_64 random(kSeed);
  const auto signers = make_signers(5, random);
  for (const std::size_t count : {1, 2, 9, 100, 3001}) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", batch " + std::to_string(count));
    std::vector<RecoverRequest> recover;
    std::vector<VerifyRequest> verify;
    for (std::size_t i = 0; i < count; ++i) {
      recover.push_back(signers[i % 5].sign(random_hash(random)));
      if (i % 7 == 3) recover.back().signature.s.bytes[random() % 32] ^= 0x40;
      verify.push_back({recover.back().signature, signers[i % 5].key()});
    }
    std::vector<RecoverResult> recovered(count);
    std::vector<RecoverResult> expected(count);
    engine().recover(recover, LowS::kRequired, recovered);
    ASSERT_TRUE(scalar_.recover(recover, LowS::kRequired, expected).ok());
    EXPECT_EQ(recovered, expected);
    std::vector<SignatureStatus> verified(count);
    std::vector<SignatureStatus> right(count);
    Ticket ticket = engine().submit_verify(verify, LowS::kRequired, verified);
    ASSERT_TRUE(scalar_.verify(verify, LowS::kRequired, right).ok());
    ticket.wait();
    EXPECT_EQ(verified, right);
  }
}

TEST_F(Machine, StartsFromItsCachedProfileAndRefreshesADamagedOne) {
  char directory[] = "/tmp/buri-machine-XXXXXX";
  ASSERT_NE(::mkdtemp(directory), nullptr);
  EngineOptions options;
  options.profile_directory = directory;
  EXPECT_FALSE(Engine::start(options).value()->status().profile_from_cache);
  const auto second = Engine::start(options).value()->status();
  EXPECT_TRUE(second.profile_from_cache);
  std::filesystem::resize_file(std::string(directory) + "/accel-profile", 100);
  EXPECT_FALSE(Engine::start(options).value()->status().profile_from_cache);
  EXPECT_TRUE(Engine::start(options).value()->status().profile_from_cache);
  std::filesystem::remove_all(directory);
}

TEST_F(Machine, ReportsEveryBackendAsReadyOrSaysWhyNot) {
  for (const BackendStatus& backend : engine().status().backends) {
    EXPECT_EQ(backend.state == BackendState::kReady, backend.reason.empty()) << backend.name;
    EXPECT_NE(backend.state, BackendState::kRefused) << backend.name << ": " << backend.reason;
  }
}

}  // namespace
}  // namespace buri::accel
