#include "hsm/signer/privval/dialler.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "hsm/signer/unix_socket.hpp"

/// The dialler against a daemon's listening socket.

namespace buri::hsm::signer::privval {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint8_t kPing[] = {0x02, 0x3a, 0x00};
constexpr std::uint8_t kPong[] = {0x02, 0x42, 0x00};
constexpr int kPatienceMs = 3000;  // in which a signer must have called again

/// A daemon that waits for its signer.
class Listener {
 public:
  explicit Listener(const std::string& path) : path_(path) {
    const auto address = unix_address(path);
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&*address), sizeof *address),
              0);
    EXPECT_EQ(::listen(descriptor_, 1), 0);
  }
  ~Listener() {
    ::close(descriptor_);
    std::filesystem::remove(path_);
  }
  /// A connection, or -1 if none comes.
  int accept() const {
    pollfd ready{descriptor_, POLLIN, 0};
    if (::poll(&ready, 1, kPatienceMs) != 1) return -1;
    return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  }

 private:
  std::string path_;
  int descriptor_;
};

class DiallerTest : public ::testing::Test {
 protected:
  ~DiallerTest() override {
    dialler_.reset();
    std::filesystem::remove_all(folder_);
  }
  void SetUp() override {
    folder_ = "/tmp/buri-privval-XXXXXX";
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  std::string path() const { return folder_ + "/privval.sock"; }
  void start(std::vector<std::uint32_t> uids) {
    auto dialler = Dialler::start(
        {path(), std::move(uids), {}},
        [](const wire::RequestBody&, const Peer&) { return wire::Unavailable{"none"}; },
        Logger("test", LogLevel::kOff), metrics_);
    ASSERT_TRUE(dialler.ok()) << dialler.error();
    dialler_ = std::move(dialler).value();
  }

  std::string folder_;
  Metrics metrics_;
  std::unique_ptr<Dialler> dialler_;
};

bool answers_ping(int connection) {
  std::uint8_t answer[sizeof kPong];
  return ::send(connection, kPing, sizeof kPing, MSG_NOSIGNAL) == sizeof kPing &&
         ::recv(connection, answer, sizeof answer, MSG_WAITALL) == sizeof answer &&
         equal(answer, kPong);
}

TEST_F(DiallerTest, T60CallsAgainWhenTheDaemonHangsUpOrWasNotThere) {
  start({::getuid()});
  for (int i = 0; i < 3; ++i) {
    const Listener daemon(path());
    for (int j = 0; j < 2; ++j) {
      const int connection = daemon.accept();
      ASSERT_GE(connection, 0);
      EXPECT_TRUE(answers_ping(connection));
      ::close(connection);
    }
  }
}

TEST_F(DiallerTest, T62DaemonOfAnotherUserGetsNoByte) {
  start({::getuid() + 1});
  const Listener daemon(path());
  const int connection = daemon.accept();
  ASSERT_GE(connection, 0);
  EXPECT_FALSE(answers_ping(connection));
  ::close(connection);
}

TEST_F(DiallerTest, T63MessageThatDoesNotEndLosesTheConnection) {
  start({::getuid()});
  const Listener daemon(path());
  const int connection = daemon.accept();
  ASSERT_GE(connection, 0);
  ASSERT_EQ(::send(connection, kPing, 2, MSG_NOSIGNAL), 2);
  pollfd ended{connection, POLLIN, 0};
  ASSERT_EQ(::poll(&ended, 1, 2 * kPatienceMs), 1);
  std::uint8_t byte = 0;
  EXPECT_LE(::recv(connection, &byte, 1, 0), 0);
  ::close(connection);
  const int next = daemon.accept();
  EXPECT_TRUE(answers_ping(next));
  ::close(next);
}

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST_F(DiallerTest, T64TenThousandRequestsLeaveNothingOpen) {
  start({::getuid()});
  const Listener daemon(path());
  int connection = daemon.accept();
  const std::ptrdiff_t before = open_descriptors();
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(answers_ping(connection));
  for (int i = 0; i < 5; ++i) {
    ::close(connection);
    connection = daemon.accept();
    ASSERT_TRUE(answers_ping(connection));
  }
  EXPECT_EQ(open_descriptors(), before);
  ::close(connection);
}

TEST_F(DiallerTest, T64HangsUpAtOnceWhenItEnds) {
  start({::getuid()});
  const Listener daemon(path());
  const int connection = daemon.accept();
  ASSERT_TRUE(answers_ping(connection));
  const auto began = Clock::now();
  dialler_.reset();
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(1));
  ::close(connection);
}

}  // namespace
}  // namespace buri::hsm::signer::privval
