#include "hsm/signer/socket_server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>

/// T62 and T63: who may talk, and what a hostile peer achieves.

namespace buri::hsm::signer {
namespace {

Bytes echo(const Frame& frame, const Peer&) { return {frame.bytes.begin(), frame.bytes.end()}; }

class SocketServerTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.path = testing::TempDir() + "buri-socket-" + std::to_string(::getpid());
    options_.uids = {::getuid()};
    options_.max_frame_bytes = 1000;
    options_.max_connections = 4;
  }
  void serve(FrameHandler handler = echo) {
    auto server = SocketServer::listen(options_, std::move(handler), Logger("test", LogLevel::kOff),
                                       metrics_);
    ASSERT_TRUE(server.ok()) << server.error();
    server_ = std::move(server).value();
  }
  int dial() {
    const bool by_line = options_.framing == Framing::kLine;
    const int descriptor = ::socket(AF_UNIX, by_line ? SOCK_STREAM : SOCK_SEQPACKET, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    options_.path.copy(address.sun_path, sizeof address.sun_path - 1);
    timeval patience{2, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      return -1;
    descriptors_.push_back(descriptor);
    return descriptor;
  }
  /// The answer to a frame; nothing if the connection was closed.
  static std::optional<std::string> ask(int descriptor, const std::string& frame) {
    if (::send(descriptor, frame.data(), frame.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
    std::string answer(2000, '\0');
    const ssize_t count = ::recv(descriptor, answer.data(), answer.size(), 0);
    if (count <= 0) return std::nullopt;
    answer.resize(static_cast<std::size_t>(count));
    return answer;
  }
  void TearDown() override {
    for (const int descriptor : descriptors_) ::close(descriptor);
    server_.reset();
    EXPECT_FALSE(std::filesystem::exists(options_.path));
  }

  SocketOptions options_;
  Metrics metrics_;
  std::unique_ptr<SocketServer> server_;
  std::vector<int> descriptors_;
};

TEST_F(SocketServerTest, AnswersEveryFrame) {
  serve();
  const int a = dial();
  const int b = dial();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(ask(a, "a" + std::to_string(i)), "a" + std::to_string(i));
    EXPECT_EQ(ask(b, "b" + std::to_string(i)), "b" + std::to_string(i));
  }
}

TEST_F(SocketServerTest, UnknownPeerIsTurnedAwayBeforeAByteIsRead) {
  options_.uids = {::getuid() + 1};
  bool was_asked = false;
  serve([&](const Frame&, const Peer&) {
    was_asked = true;
    return Bytes{1};
  });
  const int descriptor = dial();
  EXPECT_EQ(ask(descriptor, "hello"), std::nullopt);
  EXPECT_FALSE(was_asked);
  EXPECT_NE(metrics_.expose().find("turned_away_total{socket=\"" + options_.path + "\"} 1"),
            std::string::npos);
}

TEST_F(SocketServerTest, GroupAdmitsToo) {
  options_.uids.clear();
  options_.gids = {::getgid()};
  serve();
  EXPECT_EQ(ask(dial(), "hello"), "hello");
}

TEST_F(SocketServerTest, EmptyListsAdmitNobody) {
  options_.uids.clear();
  serve();
  EXPECT_EQ(ask(dial(), "hello"), std::nullopt);
}

TEST_F(SocketServerTest, HandlerLearnsWhatTheKernelKnows) {
  serve([](const Frame&, const Peer& peer) {
    const std::string text = peer.text();
    return Bytes(text.begin(), text.end());
  });
  EXPECT_EQ(ask(dial(), "who"), "uid=" + std::to_string(::getuid()) +
                                    " gid=" + std::to_string(::getgid()) +
                                    " pid=" + std::to_string(::getpid()));
}

TEST_F(SocketServerTest, OversizedFrameEndsTheConnectionAndNoOther) {
  serve();
  const int good = dial();
  const int bad = dial();
  EXPECT_EQ(ask(bad, std::string(1000, 'x')), std::string(1000, 'x'));
  EXPECT_EQ(ask(bad, std::string(1001, 'x')), std::nullopt);
  EXPECT_EQ(ask(good, "still here"), "still here");
}

TEST_F(SocketServerTest, SilentPeersHoldNobodyUpAndAreLimited) {
  serve();
  for (int i = 0; i < 3; ++i) ASSERT_GE(dial(), 0);
  const int last = dial();
  EXPECT_EQ(ask(last, "hello"), "hello");
  EXPECT_EQ(ask(dial(), "one too many"), std::nullopt);
  ::close(descriptors_[0]);
  descriptors_.erase(descriptors_.begin());
  EXPECT_EQ(ask(last, "again"), "again");
  EXPECT_EQ(ask(dial(), "room"), "room");
}

TEST_F(SocketServerTest, PeerThatDoesNotReadIsDropped) {
  options_.send_patience = std::chrono::milliseconds(20);
  options_.max_frame_bytes = 60000;
  serve();
  const int greedy = dial();
  const std::string frame(50000, 'x');
  bool dropped = false;
  for (int i = 0; i < 100 && !dropped; ++i) {
    dropped = ::send(greedy, frame.data(), frame.size(), MSG_NOSIGNAL) < 0;
  }
  EXPECT_TRUE(dropped);
  EXPECT_EQ(ask(dial(), "hello"), "hello");
}

/// Answers with the length of the line.
Bytes count(const Frame& frame, const Peer&) {
  const std::string text = std::to_string(frame.bytes.size()) + "\n";
  return {text.begin(), text.end()};
}

TEST_F(SocketServerTest, LinesMayComeInAnyPieces) {
  options_.framing = Framing::kLine;
  serve(count);
  const int peer = dial();
  EXPECT_EQ(ask(peer, "four\n"), "4\n");
  ASSERT_EQ(::send(peer, "be", 2, MSG_NOSIGNAL), 2);
  EXPECT_EQ(ask(dial(), "another\n"), "7\n");
  EXPECT_EQ(ask(peer, "gun\n"), "5\n");
  EXPECT_EQ(ask(peer, std::string(1000, 'x') + "\n"), "1000\n");
}

TEST_F(SocketServerTest, LineWithoutEndIsDroppedAtTheLimit) {
  options_.framing = Framing::kLine;
  serve(count);
  EXPECT_EQ(ask(dial(), std::string(1001, 'x')), std::nullopt);
  EXPECT_EQ(ask(dial(), "hello\n"), "5\n");
}

TEST_F(SocketServerTest, DescriptorComesWithItsFrameAndMoreAreClosed) {
  std::string text;
  serve([&](const Frame& frame, const Peer&) {
    std::array<char, 16> bytes{};
    const ssize_t count = ::pread(frame.descriptor, bytes.data(), bytes.size(), 0);
    text.assign(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    ::close(frame.descriptor);
    return Bytes{1};
  });
  char name[] = "/tmp/buri-pin-XXXXXX";
  const int secret = ::mkstemp(name);
  ::unlink(name);
  ASSERT_EQ(::write(secret, "1234", 4), 4);
  const std::array<int, 2> sent = {secret, secret};
  std::string frame = "unlock";
  iovec part{frame.data(), frame.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof sent)> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof sent);
  std::memcpy(CMSG_DATA(header), sent.data(), sizeof sent);
  const int descriptor = dial();
  ASSERT_GT(::sendmsg(descriptor, &message, 0), 0);
  char answer = 0;
  EXPECT_EQ(::recv(descriptor, &answer, 1, 0), 1);
  EXPECT_EQ(text, "1234");
  ::close(secret);
}

}  // namespace
}  // namespace buri::hsm::signer
