#include "node/devnet/control.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

namespace buri::devnet {
namespace {

namespace json = boost::json;

std::string some_path() {
  return std::filesystem::temp_directory_path() /
         ("buri_control_" + std::to_string(::getpid()) + ".sock");
}

TEST(DevnetControl, AnswersOneQuestionAConnection) {
  auto server = ControlServer::listen(some_path());
  ASSERT_TRUE(server.ok()) << server.error();
  std::thread thread([&] {
    for (int i = 0; i < 2; ++i) {
      pollfd ready{server->descriptor(), POLLIN, 0};
      ::poll(&ready, 1, 10'000);
      server->serve_one([](const json::object& question) -> Result<json::object, std::string> {
        if (question.contains("bad")) return Failure{std::string("no such word")};
        return json::object{{"heard", question}};
      });
    }
  });
  const auto good = ask_devnet(some_path(), {{"do", "status"}}, std::chrono::seconds(10));
  const auto bad = ask_devnet(some_path(), {{"bad", 1}}, std::chrono::seconds(10));
  thread.join();
  ASSERT_TRUE(good.ok()) << good.error();
  EXPECT_EQ(good->at("heard").at("do").as_string(), "status");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error(), "no such word");
}

TEST(DevnetControl, SaysThatNothingRuns) {
  const auto asked = ask_devnet("/tmp/buri-no-such.sock", {}, std::chrono::seconds(1));
  ASSERT_FALSE(asked.ok());
  EXPECT_NE(asked.error().find("buri devnet up"), std::string::npos);
}

}  // namespace
}  // namespace buri::devnet
