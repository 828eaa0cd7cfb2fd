#include "node/protocol/json_rpc/http_transport.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/protocol/http_server.hpp"

namespace buri::protocol::json_rpc {
namespace {

using std::chrono::milliseconds;
using testing::http_ok;
using testing::http_status;
using testing::HttpReply;
using testing::HttpRequest;
using testing::HttpServer;

constexpr milliseconds kPatience{2000};
constexpr std::uint64_t kMaxBytes = 1000;

/// A transport to one address.
class Sender {
 public:
  explicit Sender(const std::string& url, endpoints::Transport options = {}) {
    options.max_response_bytes = kMaxBytes;
    auto made = HttpTransport::create({endpoints::parse_url(url).value()}, options, system_clock());
    transport_ = std::move(made).value();
  }
  Result<std::string, TransportError> post(std::string_view body = "{}",
                                           milliseconds patience = kPatience) {
    return transport_->post(0, body, system_clock().monotonic() + patience);
  }

 private:
  std::unique_ptr<HttpTransport> transport_;
};

TEST(HttpTransport, PostsJsonAndGivesTheBodyBack) {
  std::string head;
  std::string body;
  HttpServer server([&](const HttpRequest& request) {
    head = request.head;
    body = request.body;
    return http_ok("[1]");
  });
  Sender sender("http://user:pass@127.0.0.1:" + std::to_string(server.port()) + "/rpc?key=1");
  EXPECT_EQ(sender.post("{\"a\":1}").value(), "[1]");
  EXPECT_EQ(body, "{\"a\":1}");
  EXPECT_TRUE(head.starts_with("POST /rpc?key=1 HTTP/1.1\r\n")) << head;
  EXPECT_NE(head.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(head.find("Authorization: Basic dXNlcjpwYXNz\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Accept-Encoding"), std::string::npos);
}

TEST(HttpTransport, KeepsItsConnection) {
  HttpServer server([](const HttpRequest&) { return http_ok("1"); });
  Sender sender(server.url());
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(sender.post().ok());
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpTransport, OpensAnotherConnectionWhenTheServerClosedTheKeptOne) {
  HttpServer server([](const HttpRequest&) { return http_ok("1"); });
  Sender sender(server.url());
  ASSERT_TRUE(sender.post().ok());
  server.close_connections();
  EXPECT_TRUE(sender.post().ok());
  EXPECT_EQ(server.connections(), 2);
}

TEST(HttpTransport, KeepsNoConnectionThatTheServerWantsClosed) {
  HttpServer server([](const HttpRequest&) {
    HttpReply reply;
    reply.bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1";
    reply.closes = true;
    return reply;
  });
  Sender sender(server.url());
  EXPECT_TRUE(sender.post().ok());
  EXPECT_TRUE(sender.post().ok());
  EXPECT_EQ(server.connections(), 2);
}

TEST(HttpTransport, ReadsChunkedBodies) {
  HttpServer server([](const HttpRequest&) {
    HttpReply reply;
    reply.bytes =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n";
    reply.piece = 7;
    reply.between_pieces = milliseconds(1);
    return reply;
  });
  EXPECT_EQ(Sender(server.url()).post().value(), "[1]");
}

/// How a reply is refused.
struct BadReply {
  std::string_view name;
  std::string bytes;
  bool closes;
  TransportError error;
};

TEST(HttpTransport, RefusesTornOversizedAndForeignAnswers) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const BadReply cases[] = {
      {"no byte", "", true, TransportError::kClosed},
      {"torn head", ok + "Content-Le", true, TransportError::kClosed},
      {"torn body", ok + "Content-Length: 10\r\n\r\n{}", true, TransportError::kClosed},
      {"torn chunk", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\n{", true,
       TransportError::kClosed},
      {"declared too large", ok + "Content-Length: 1001\r\n\r\n", false, TransportError::kTooLarge},
      {"chunked too large",
       ok + "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') + "\r\n0\r\n\r\n",
       false, TransportError::kTooLarge},
      {"endless body", ok + "\r\n" + std::string(2000, 'x'), true, TransportError::kTooLarge},
      {"endless head", ok + "X: " + std::string(100'000, 'x'), false, TransportError::kTooLarge},
      {"no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", false, TransportError::kMalformed},
      {"bad length", ok + "Content-Length: -1\r\n\r\n", false, TransportError::kMalformed},
      {"packed", ok + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", false,
       TransportError::kMalformed},
      {"denied", http_status(401).bytes, false, TransportError::kDenied},
      {"overloaded", http_status(429).bytes, false, TransportError::kOverloaded},
      {"moved", "HTTP/1.1 301 Moved\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n", false,
       TransportError::kOtherStatus},
      {"broken", http_status(500).bytes, false, TransportError::kOtherStatus},
  };
  for (const auto& one : cases) {
    HttpServer server([&](const HttpRequest&) {
      HttpReply reply;
      reply.bytes = one.bytes;
      reply.closes = one.closes;
      return reply;
    });
    const auto answer = Sender(server.url()).post();
    ASSERT_FALSE(answer.ok()) << one.name;
    EXPECT_EQ(answer.error(), one.error) << one.name << ": " << describe(answer.error());
  }
}

TEST(HttpTransport, EndsAtTheDeadlineHoweverTheServerDelays) {
  HttpReply silent = http_ok("1");
  silent.delay = milliseconds(400);
  HttpReply dripping = http_ok(std::string(500, 'x'));
  dripping.piece = 1;
  dripping.between_pieces = milliseconds(10);
  for (const auto& reply : {silent, dripping}) {
    HttpServer server([&](const HttpRequest&) { return reply; });
    Sender sender(server.url());
    const auto start = system_clock().monotonic();
    const auto answer = sender.post("{}", milliseconds(100));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error(), TransportError::kTimeout);
    EXPECT_LT(system_clock().monotonic() - start, milliseconds(350));
  }
}

TEST(HttpTransport, SaysWhenNobodyListens) {
  std::uint16_t port = 0;
  {
    const HttpServer server([](const HttpRequest&) { return http_ok("1"); });
    port = server.port();
  }
  Sender sender("http://127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(sender.post().error(), TransportError::kConnect);
}

TEST(HttpTransport, SaysWhenAHostHasNoAddress) {
  EXPECT_EQ(Sender("http://no-such-host.invalid").post("{}", milliseconds(9000)).error(),
            TransportError::kResolve);
}

TEST(HttpTransport, RefusesAServerWhoseCertificateNobodyTrustedSigned) {
  const auto certificate = testing::make_certificate();
  HttpServer server([](const HttpRequest&) { return http_ok("1"); }, &certificate);
  EXPECT_EQ(Sender(server.url()).post().error(), TransportError::kTls);
  EXPECT_EQ(server.requests(), 0);
}

/// A file with a certificate, for the time of a test.
class AuthorityFile {
 public:
  explicit AuthorityFile(const testing::TestCertificate& certificate)
      : path_(std::filesystem::temp_directory_path() /
              ("buri-authority-" + std::to_string(::getpid()) + ".pem")) {
    std::ofstream(path_) << certificate.certificate_pem;
  }
  ~AuthorityFile() { std::filesystem::remove(path_); }
  [[nodiscard]] endpoints::Transport options() const {
    endpoints::Transport options;
    options.tls_authority_file = path_.string();
    return options;
  }

 private:
  std::filesystem::path path_;
};

TEST(HttpTransport, TalksToAServerThatTheGivenAuthoritySigned) {
  const auto certificate = testing::make_certificate();
  const AuthorityFile file(certificate);
  HttpServer server([](const HttpRequest&) { return http_ok("1"); }, &certificate);
  Sender sender(server.url(), file.options());
  EXPECT_EQ(sender.post().value(), "1");
  EXPECT_EQ(sender.post().value(), "1");
  EXPECT_EQ(server.connections(), 1);
  Sender numeric("https://127.0.0.1:" + std::to_string(server.port()), file.options());
  EXPECT_EQ(numeric.post().value(), "1");
}

TEST(HttpTransport, RefusesACertificateForAnotherName) {
  const auto certificate = testing::make_certificate("DNS:localhost.example,IP:127.0.0.2");
  const AuthorityFile file(certificate);
  HttpServer server([](const HttpRequest&) { return http_ok("1"); }, &certificate);
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    Sender sender("https://" + host + ":" + std::to_string(server.port()), file.options());
    EXPECT_EQ(sender.post().error(), TransportError::kTls) << host;
  }
  EXPECT_EQ(server.requests(), 0);
}

TEST(HttpTransport, TrustsAnybodyOnlyIfTold) {
  const auto certificate = testing::make_certificate();
  HttpServer server([](const HttpRequest&) { return http_ok("1"); }, &certificate);
  endpoints::Transport options;
  options.tls_verify = false;
  EXPECT_TRUE(Sender(server.url(), options).post().ok());
}

TEST(HttpTransport, NamesAFileWithoutAuthorities) {
  endpoints::Transport options;
  options.tls_authority_file = "/nonexistent.pem";
  const auto made = HttpTransport::create({endpoints::parse_url("https://localhost").value()},
                                          options, system_clock());
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().find("/nonexistent.pem"), std::string::npos);
}

TEST(HttpTransport, ServesSeveralThreadsAtOnce) {
  HttpServer server([](const HttpRequest& request) { return http_ok(request.body); });
  Sender sender(server.url());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&sender, i] {
      for (int n = 0; n < 25; ++n) {
        const std::string body = std::to_string(i * 100 + n);
        EXPECT_EQ(sender.post(body).value(), body);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(server.connections(), 8);
}

}  // namespace
}  // namespace buri::protocol::json_rpc
