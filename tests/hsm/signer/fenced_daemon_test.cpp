#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/hsm/fixture/worker_setup.hpp"
#include "tests/hsm/signer/signer_process.hpp"
#include "tests/support/hsm/etcd_cluster.hpp"
#include "tests/support/sanitizers.hpp"

/// buri-signer with its fence in a real etcd cluster, TLS, gRPC's threads and all, under its own
/// system call filter: the filter kills or refuses what the fence would need if the list were
/// short.

namespace buri::hsm::test {
namespace {

using Clock = std::chrono::steady_clock;
using testing_support::EtcdCluster;

bool is_signed(const wire::ResponseBody& body) {
  return std::holds_alternative<wire::Signed>(body);
}

class FencedDaemonTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = EtcdCluster::start().release(); }
  static void TearDownTestSuite() {
    delete cluster_;
    cluster_ = nullptr;
  }
  void SetUp() override {
    if (cluster_ == nullptr) GTEST_SKIP() << "no etcd (package etcd-server) or no openssl here";
    std::string pattern = "/tmp/buri-fence-XXXXXX";
    CHECK(::mkdtemp(pattern.data()) != nullptr, "a temporary folder");
    folder_ = pattern;
    for (const auto& [name, pem] : {std::pair("authority", cluster_->authority_pem()),
                                    std::pair("certificate", cluster_->certificate_pem()),
                                    std::pair("key", cluster_->key_pem())}) {
      std::ofstream(folder_ / name) << pem;
    }
  }
  void TearDown() override {
    for (std::size_t i = 0; cluster_ != nullptr && i < EtcdCluster::kMemberCount; ++i) {
      cluster_->run(i);
    }
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  /// The section of the configuration for a signer of that name.
  [[nodiscard]] std::string fence(const std::string& name) const {
    std::string text = "[fence]\nname = \"" + name + "\"\nlease_s = 1\nendpoints = [";
    for (const std::string& endpoint : cluster_->endpoints()) text += "\"" + endpoint + "\", ";
    const std::string folder = folder_.string();
    return text + "]\nauthority_file = \"" + folder + "/authority\"\ncertificate_file = \"" +
           folder + "/certificate\"\nkey_file = \"" + folder + "/key\"\n";
  }
  /// Asks until it is signed; the time that took.
  static std::chrono::milliseconds sign_soon(const SignerProcess& signer, std::int64_t height) {
    const auto begin = Clock::now();
    EXPECT_TRUE(eventually([&] {
      return is_signed(Line(signer.consensus_socket()).ask(signer.prevote(height, 1)));
    })) << signer.log();
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  }
  /// Threads of the daemon that have no filter: those that start workers.
  static std::size_t unfiltered_threads(const SignerProcess& signer) {
    std::size_t count = 0;
    const std::filesystem::path tasks = "/proc/" + std::to_string(signer.process()) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
      std::ostringstream text;
      text << std::ifstream(task.path() / "status").rdbuf();
      count += text.str().find("Seccomp:\t2") == std::string::npos ? 1 : 0;
    }
    return count;
  }

  static EtcdCluster* cluster_;
  std::filesystem::path folder_;
  SoftHsmToken token_;
};

EtcdCluster* FencedDaemonTest::cluster_ = nullptr;

TEST_F(FencedDaemonTest, T51FilterLetsTheFenceLiveThroughLostMembers) {
  SignerProcess signer(token_, fence("a"));
  signer.start();
  sign_soon(signer, 101);
  // The thread sanitizer has one of its own.
  EXPECT_LE(unfiltered_threads(signer), kUnderThreadSanitizer ? 2u : 1u);
  cluster_->kill(0);
  sign_soon(signer, 102);
  cluster_->kill(1);
  const auto refused = Line(signer.consensus_socket()).ask(signer.prevote(103, 1));
  EXPECT_FALSE(is_signed(refused)) << "no majority, no new height";
  cluster_->run(0);
  cluster_->run(1);
  sign_soon(signer, 103);
  EXPECT_FALSE(is_signed(Line(signer.consensus_socket()).ask(signer.prevote(103, 2))));
  EXPECT_EQ(signer.stop(SIGTERM), 0)
      << "a call that the filter kills ends the process otherwise: " << signer.log();
}

TEST_F(FencedDaemonTest, T52SecondSignerReadsAlongAndTakesOverFromADeadOne) {
  SignerProcess a(token_, fence("a"));
  a.start();
  ASSERT_TRUE(a.reaches("ACTIVE")) << a.log();
  SignerProcess b(token_, fence("b"));
  b.start();
  for (std::int64_t height = 101; height < 110; ++height) sign_soon(a, height);
  EXPECT_TRUE(eventually([&] {
    const std::string status = b.say("status");
    return status.starts_with("ok state STANDBY") && status.find("height 109") != std::string::npos;
  })) << b.say("status")
      << b.log();
  a.stop(SIGKILL);
  const auto took = sign_soon(b, 110);
  std::cout << "take-over from a killed signer, lease of 1 s: " << took.count() << " ms\n";
  EXPECT_FALSE(is_signed(Line(b.consensus_socket()).ask(b.prevote(109, 2))));
  a.start();
  ASSERT_TRUE(a.reaches("STANDBY")) << a.log();
  EXPECT_FALSE(is_signed(Line(a.consensus_socket()).ask(a.prevote(111, 2))));
  sign_soon(b, 111);
}

}  // namespace
}  // namespace buri::hsm::test
