#include "node/consensus/api/http_server.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <thread>

#include "tests/unit/node/consensus/api/http_client.hpp"

namespace buri::consensus::api {
namespace {

using testing::HttpClient;
using testing::WebSocketClient;
using namespace std::chrono_literals;

/// Says what it was asked; "/later" is answered by another thread, "/big" is 20 MiB.
class Echo final : public HttpHandler {
 public:
  ~Echo() override {
    for (std::thread& thread : threads_) thread.join();
  }
  void handle(HttpRequest request, HttpResponder respond) override {
    HttpResponse answer{
        200, "text/plain", request.method + " " + request.target + " " + request.body, {}};
    if (request.target == "/big") answer.body.assign(std::size_t{20} << 20, 'x');
    if (request.target != "/later") return respond(std::move(answer));
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([respond = std::move(respond), answer = std::move(answer)]() mutable {
      std::this_thread::sleep_for(100ms);
      respond(answer);
      respond(HttpResponse{500, "", "twice", {}});
    });
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

/// Answers with what it hears; "flood" sends until it is told to stop, "bye" hangs up.
class EchoSession final : public WebSocketSession {
 public:
  EchoSession(std::shared_ptr<WebSocketChannel> channel, std::atomic<int>& sessions)
      : channel_(std::move(channel)), sessions_(sessions) {
    ++sessions_;
  }
  ~EchoSession() override { --sessions_; }
  void received(std::string text) override {
    if (text == "bye") return channel_->close("bye");
    if (text == "flood") {
      const auto block = std::make_shared<const std::string>(std::size_t{1} << 20, 'x');
      while (channel_->send(block)) {
      }
      return channel_->close("too slow");
    }
    channel_->send(std::make_shared<const std::string>(std::move(text)));
  }

 private:
  std::shared_ptr<WebSocketChannel> channel_;
  std::atomic<int>& sessions_;
};

class HttpServerTest : public ::testing::Test {
 protected:
  void start() {
    options_.port = 0;
    options_.web_socket_path = "/websocket";
    auto server = HttpServer::start(
        options_, echo_,
        [this](const HttpRequest&,
               std::shared_ptr<WebSocketChannel> channel) -> std::unique_ptr<WebSocketSession> {
          if (sessions_ >= max_sessions_) return nullptr;
          return std::make_unique<EchoSession>(std::move(channel), sessions_);
        },
        Logger("test", LogLevel::kOff));
    ASSERT_TRUE(server.ok()) << server.error();
    server_ = std::move(server).value();
    port_ = server_->port();
  }
  bool wait_for(const std::function<bool()>& condition) {
    for (int turn = 0; turn < 1000; ++turn) {
      if (condition()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  HttpServerOptions options_;
  Echo echo_;
  std::atomic<int> sessions_ = 0;
  int max_sessions_ = 100;
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

TEST_F(HttpServerTest, AnswersOneRequestAfterTheOther) {
  start();
  HttpClient client(port_);
  EXPECT_EQ(client.get("/a?b=c")->body, "GET /a?b=c ");
  EXPECT_EQ(client.post("/p", "body")->body, "POST /p body");
  EXPECT_EQ(client.get("/later")->body, "GET /later ");
  EXPECT_EQ(client.get("/big")->body.size(), std::size_t{20} << 20);
  // Two at once are answered in order.
  client.write("GET /later HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read()->body, "GET /later ");
  EXPECT_EQ(client.read()->body, "GET /2 ");
  EXPECT_EQ(server_->counts().connections, 1u);
}

TEST_F(HttpServerTest, HeadHasALengthAndNoBody) {
  start();
  HttpClient client(port_);
  client.write("HEAD /x HTTP/1.1\r\n\r\n");
  const auto answer = client.read(true);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(client.get("/y")->body, "GET /y ");
}

TEST_F(HttpServerTest, ClosesWhenTheClientWantsIt) {
  start();
  HttpClient client(port_);
  client.write("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read());
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpServerTest, RefusesWhatIsNoRequest) {
  options_.max_body_bytes = 100;
  options_.max_header_bytes = 1000;
  start();
  HttpClient garbage(port_);
  garbage.write("\x16\x03\x01 no http\r\n\r\n");
  EXPECT_EQ(garbage.read()->status, 400u);
  HttpClient body(port_);
  EXPECT_EQ(body.post("/", std::string(101, 'x'))->status, 413u);
  EXPECT_TRUE(body.is_closed());
  HttpClient header(port_);
  header.write("GET / HTTP/1.1\r\nX: " + std::string(2000, 'y') + "\r\n\r\n");
  EXPECT_EQ(header.read()->status, 431u);
  HttpClient chunks(port_);
  chunks.write(
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "50\r\n" +
      std::string(80, 'a') + "\r\n50\r\n" + std::string(80, 'b') + "\r\n0\r\n\r\n");
  EXPECT_EQ(chunks.read()->status, 413u);
}

TEST_F(HttpServerTest, SlowClientsAreDropped) {
  options_.idle_timeout = 200ms;
  options_.read_timeout = 200ms;
  options_.write_timeout = 300ms;
  start();
  HttpClient silent(port_);
  HttpClient half_header(port_);
  half_header.write("GET / HT");
  HttpClient half_body(port_);
  half_body.write("POST / HTTP/1.1\r\nContent-Length: 50\r\n\r\nabc");
  HttpClient no_reader(port_);
  no_reader.write("GET /big HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(half_header.is_closed());
  EXPECT_TRUE(half_body.is_closed());
  EXPECT_TRUE(wait_for([&] { return server_->counts().connections == 0; }));
  EXPECT_EQ(server_->counts().held_bytes, 0u);
}

TEST_F(HttpServerTest, ManyIdleClientsMakeRoomForOneThatAsks) {
  options_.max_connections = 20;
  options_.idle_timeout = 10s;
  start();
  std::deque<HttpClient> idle;
  for (int count = 0; count < 100; ++count) idle.emplace_back(port_);
  HttpClient honest(port_);
  EXPECT_EQ(honest.get("/x")->body, "GET /x ");
  EXPECT_LE(server_->counts().connections, 20u);
  EXPECT_TRUE(wait_for([&] { return server_->counts().refused >= 81; }));
}

TEST_F(HttpServerTest, OneAddressHasOnlySoManyConnections) {
  options_.max_connections_per_ip = 2;
  start();
  HttpClient first(port_);
  HttpClient second(port_);
  EXPECT_TRUE(first.get("/"));
  EXPECT_TRUE(second.get("/"));
  EXPECT_TRUE(HttpClient(port_).is_closed());
  EXPECT_TRUE(first.get("/"));
}

TEST_F(HttpServerTest, WhatAllHoldIsBounded) {
  options_.max_held_bytes = std::size_t{30} << 20;
  start();
  HttpClient first(port_);
  first.write("GET /big HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(wait_for([&] { return server_->counts().held_bytes > (std::size_t{20} << 20); }));
  HttpClient second(port_);
  EXPECT_FALSE(second.get("/big"));
  EXPECT_TRUE(first.read());
  EXPECT_TRUE(HttpClient(port_).get("/big"));
}

TEST_F(HttpServerTest, WebSocketsCarryMessagesBothWays) {
  start();
  WebSocketClient client(port_, "/websocket");
  ASSERT_TRUE(client.is_open());
  client.write("one");
  client.write("two");
  EXPECT_EQ(client.read(), "one");
  EXPECT_EQ(client.read(), "two");
  EXPECT_EQ(server_->counts().web_sockets, 1u);
  client.write("bye");
  EXPECT_FALSE(client.read());
  EXPECT_TRUE(wait_for([&] { return sessions_ == 0 && server_->counts().connections == 0; }));
  EXPECT_EQ(HttpClient(port_).get("/websocket")->body, "GET /websocket ");
  EXPECT_FALSE(WebSocketClient(port_, "/elsewhere").is_open());
}

TEST_F(HttpServerTest, WebSocketsAreLimited) {
  max_sessions_ = 1;
  options_.max_web_socket_message_bytes = 1000;
  start();
  WebSocketClient client(port_, "/websocket");
  ASSERT_TRUE(client.is_open());
  EXPECT_FALSE(WebSocketClient(port_, "/websocket").is_open());
  client.write(std::string(1001, 'x'));
  EXPECT_FALSE(client.read());
  EXPECT_TRUE(wait_for([&] { return sessions_ == 0; }));
}

TEST_F(HttpServerTest, AWebSocketThatDoesNotReadIsDropped) {
  options_.write_timeout = 300ms;
  start();
  WebSocketClient client(port_, "/websocket");
  client.write("flood");
  EXPECT_TRUE(wait_for([&] { return sessions_ == 0 && server_->counts().connections == 0; }));
  EXPECT_EQ(server_->counts().held_bytes, 0u);
}

TEST_F(HttpServerTest, ASilentWebSocketIsDropped) {
  options_.web_socket_idle_timeout = 300ms;
  start();
  // The client answers pings only while it reads.
  WebSocketClient client(port_, "/websocket");
  ASSERT_TRUE(client.is_open());
  EXPECT_TRUE(wait_for([&] { return sessions_ == 0; }));
}

TEST_F(HttpServerTest, StopLetsAnswersFinish) {
  options_.stop_grace = 500ms;
  start();
  HttpClient client(port_);
  HttpClient idle(port_);
  EXPECT_TRUE(idle.get("/"));
  WebSocketClient web_socket(port_, "/websocket");
  client.write("GET /later HTTP/1.1\r\n\r\n");
  std::this_thread::sleep_for(50ms);
  server_->stop();
  EXPECT_EQ(client.read()->body, "GET /later ");
  EXPECT_TRUE(idle.is_closed());
  EXPECT_EQ(sessions_, 0);
  EXPECT_EQ(server_->counts().connections, 0u);
}

TEST_F(HttpServerTest, SaysWhyAPortCannotBeHad) {
  start();
  HttpServerOptions options;
  options.port = port_;
  const auto second = HttpServer::start(options, echo_, {}, Logger("test", LogLevel::kOff));
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().find("cannot listen on 127.0.0.1:"), std::string::npos);
  options.host = "nowhere";
  EXPECT_FALSE(HttpServer::start(options, echo_, {}, Logger("test", LogLevel::kOff)).ok());
}

}  // namespace
}  // namespace buri::consensus::api
