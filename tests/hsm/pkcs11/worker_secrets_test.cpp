#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "hsm/pkcs11/channel.hpp"
#include "hsm/pkcs11/worker_client.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

/// Where a PIN must not be found.

namespace buri::hsm::pkcs11 {
namespace {

using namespace std::chrono_literals;
using namespace buri::hsm::test;

std::string contents_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Sends standard error to a file for its lifetime; workers inherit it.
class CapturedErrors {
 public:
  explicit CapturedErrors(const std::string& path)
      : saved_(dup(STDERR_FILENO)), file_(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
    (void)dup2(file_.get(), STDERR_FILENO);
  }
  ~CapturedErrors() { (void)dup2(saved_.get(), STDERR_FILENO); }

 private:
  Descriptor saved_;
  Descriptor file_;
};

/// Whether a process's writable memory holds `text`; nothing if it cannot be read here.
std::optional<bool> memory_holds(int pid, std::string_view text) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const Descriptor memory(open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
  if (!memory.is_open()) return std::nullopt;
  std::istringstream maps(contents_of(folder + "/maps"));
  std::string line;
  bool any = false;
  while (std::getline(maps, line)) {
    std::size_t first = 0;
    std::size_t last = 0;
    std::array<char, 5> rights{};
    if (std::sscanf(line.c_str(), "%zx-%zx %4s", &first, &last, rights.data()) != 3) continue;
    if (rights[1] != 'w' || last - first > (std::size_t{64} << 20)) continue;
    std::string bytes(last - first, '\0');
    const ssize_t got = pread(memory.get(), bytes.data(), bytes.size(), static_cast<off_t>(first));
    if (got <= 0) continue;
    any = true;
    if (bytes.find(text) != std::string::npos) return true;
  }
  return any ? std::optional(false) : std::nullopt;
}

TEST(T72Secrets, AreInNoLogEnvironmentOrCommandLine) {
  const SoftHsmToken token;
  const std::string log_path = SoftHsm::instance().folder() / "worker.log";
  std::string environment;
  std::string command_line;
  std::string limits;
  {
    const CapturedErrors captured(log_path);
    FaultScript script;
    Metrics metrics;
    WorkerClient client(client_of(token, {faulty_device_of(token, script)}),
                        Logger("signer", LogLevel::kDebug), metrics);
    ASSERT_TRUE(client.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
    script.set({"C_SignInit once rv 0x101"});  // a second login
    ASSERT_TRUE(client.sign(SigningPurpose::kVote, digest_of(2), in(10s)).ok());
    const auto pids = worker_pids();
    ASSERT_EQ(pids.size(), 1U);
    const std::string folder = "/proc/" + std::to_string(pids.front());
    environment = contents_of(folder + "/environ");
    command_line = contents_of(folder + "/cmdline");
    limits = contents_of(folder + "/limits");
    EXPECT_EQ(metrics.expose().find(kUserPin), std::string::npos);
  }
  const std::string log = contents_of(log_path);
  EXPECT_NE(log.find("a device is ready"), std::string::npos) << "the log was captured";
  EXPECT_NE(log.find("login_and_find"), std::string::npos) << "the worker's log was captured";
  EXPECT_NE(command_line.find("--pin-descriptor"), std::string::npos);
  EXPECT_NE(environment.find("SOFTHSM2_CONF"), std::string::npos);
  for (const std::string& text : {log, environment, command_line}) {
    EXPECT_EQ(text.find(kUserPin), std::string::npos);
  }
  // No core dump either: both limits are zero.
  EXPECT_NE(limits.find("Max core file size        0                    0"), std::string::npos)
      << limits;
}

TEST(T72Secrets, ArePinsOnlyWhileALoginLasts) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  ASSERT_TRUE(client.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
  const auto pids = worker_pids();
  ASSERT_EQ(pids.size(), 1U);
  const auto label = memory_holds(pids.front(), token.token().serial);
  if (!label) GTEST_SKIP() << "this machine does not let a test read a worker's memory";
  EXPECT_TRUE(*label) << "the search finds what is there";
  EXPECT_EQ(memory_holds(pids.front(), kUserPin), false);
}

}  // namespace
}  // namespace buri::hsm::pkcs11
