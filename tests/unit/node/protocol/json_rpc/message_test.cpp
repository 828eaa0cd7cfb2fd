#include "node/protocol/json_rpc/message.hpp"

#include <gtest/gtest.h>

namespace buri::protocol::json_rpc {
namespace {

Result<std::vector<Answer>, JsonError> decoded(std::string_view body, std::size_t count = 1) {
  return decode(body, 7, count, {});
}

TEST(JsonRpcRequest, IsAnObjectForOneCallAndAnArrayForSeveral) {
  const std::vector<Request> requests{{"eth_chainId", "[]"}, {"eth_call", R"(["0x1"])"}};
  EXPECT_EQ(encode(std::span(requests).first(1), 7),
            R"({"jsonrpc":"2.0","id":7,"method":"eth_chainId","params":[]})");
  EXPECT_EQ(encode(requests, 7),
            R"([{"jsonrpc":"2.0","id":7,"method":"eth_chainId","params":[]},)"
            R"({"jsonrpc":"2.0","id":8,"method":"eth_call","params":["0x1"]}])");
}

TEST(JsonRpcAnswer, GivesTheResultAlsoANullOne) {
  const auto answers = decoded(R"({"jsonrpc":"2.0","id":7,"result":"0x89"})");
  ASSERT_TRUE(answers.ok());
  EXPECT_EQ(answers->front().value().text, "0x89");
  const auto null = decoded(R"({"jsonrpc":"2.0","id":7,"result":null})");
  ASSERT_TRUE(null.ok());
  EXPECT_EQ(null->front().value().kind, JsonValue::Kind::kNull);
  EXPECT_TRUE(decoded(R"({"jsonrpc":"2.0","id":7,"result":1,"error":null})").ok());
}

TEST(JsonRpcAnswer, GivesTheServersError) {
  const auto answers =
      decoded(R"({"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"unknown block"}})");
  ASSERT_TRUE(answers.ok());
  EXPECT_EQ(answers->front().error(), (RpcError{-32000, "unknown block"}));
  EXPECT_FALSE(answers->front().error().is_servers_fault());
}

TEST(JsonRpcAnswer, CutsALongMessageBetweenCharacters) {
  const std::string text = "x" + [] {
    std::string umlauts;
    for (int i = 0; i < 200; ++i) umlauts += "\xc3\xbc";
    return umlauts;
  }();
  const auto answers =
      decoded(R"({"jsonrpc":"2.0","id":7,"error":{"code":1,"message":")" + text + "\"}}");
  ASSERT_TRUE(answers.ok());
  EXPECT_EQ(answers->front().error().message, text.substr(0, 199));
}

TEST(JsonRpcAnswer, TellsTheServersFaultsFromAnswers) {
  for (const std::int64_t code :
       {-32700, -32603, -32600, -32601, -32602, -32002, -32003, -32005, 429}) {
    EXPECT_TRUE((RpcError{code, ""}).is_servers_fault()) << code;
  }
  for (const std::int64_t code : {-32000, 3, 0}) {
    EXPECT_FALSE((RpcError{code, ""}).is_servers_fault()) << code;
  }
}

TEST(JsonRpcAnswer, RefusesWhatIsNoAnswerToTheRequest) {
  for (const auto* body : {
           "",
           "x",
           "[]",
           "null",
           "7",
           R"("0x1")",
           "{}",
           R"({"jsonrpc":"2.0","id":8,"result":1})",
           R"({"jsonrpc":"2.0","id":"7","result":1})",
           R"({"jsonrpc":"2.0","id":7.0,"result":1})",
           R"({"jsonrpc":"2.0","id":-7,"result":1})",
           R"({"jsonrpc":"2.0","id":null,"result":1})",
           R"({"jsonrpc":"2.0","result":1})",
           R"({"jsonrpc":"1.0","id":7,"result":1})",
           R"({"id":7,"result":1})",
           R"({"jsonrpc":"2.0","id":7})",
           R"({"jsonrpc":"2.0","id":7,"error":null})",
           R"({"jsonrpc":"2.0","id":7,"result":1,"error":{"code":1,"message":"x"}})",
           R"({"jsonrpc":"2.0","id":7,"error":"x"})",
           R"({"jsonrpc":"2.0","id":7,"error":{"code":"1","message":"x"}})",
           R"({"jsonrpc":"2.0","id":7,"error":{"code":1.5,"message":"x"}})",
           R"({"jsonrpc":"2.0","id":7,"error":{"code":1}})",
           R"({"jsonrpc":"2.0","id":7,"result":1} x)",
           R"({"jsonrpc":"2.0","id":7,"id":7,"result":1})",
           R"([{"jsonrpc":"2.0","id":7,"result":1}])",
       }) {
    EXPECT_FALSE(decoded(body).ok()) << body;
  }
}

TEST(JsonRpcBatch, ComesInAnyOrder) {
  const auto answers = decoded(
      R"([{"jsonrpc":"2.0","id":8,"result":"b"},{"jsonrpc":"2.0","id":7,"result":"a"}])", 2);
  ASSERT_TRUE(answers.ok());
  EXPECT_EQ((*answers)[0]->text, "a");
  EXPECT_EQ((*answers)[1]->text, "b");
}

TEST(JsonRpcBatch, RefusesAnswersThatAreMissingDoubledOrForeign) {
  for (const auto* body : {
           R"([{"jsonrpc":"2.0","id":7,"result":"a"}])",
           R"([{"jsonrpc":"2.0","id":7,"result":"a"},{"jsonrpc":"2.0","id":7,"result":"b"}])",
           R"([{"jsonrpc":"2.0","id":7,"result":"a"},{"jsonrpc":"2.0","id":9,"result":"b"}])",
           R"([{"jsonrpc":"2.0","id":7,"result":1},{"jsonrpc":"2.0","id":8,"result":1},)"
           R"({"jsonrpc":"2.0","id":9,"result":1}])",
           R"({"jsonrpc":"2.0","id":7,"result":"a"})",
           R"({"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}})",
       }) {
    EXPECT_FALSE(decoded(body, 2).ok()) << body;
  }
}

TEST(JsonRpcBatch, TakesOneErrorWithoutANumberForAll) {
  const auto answers =
      decoded(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"too many"}})", 2);
  ASSERT_TRUE(answers.ok());
  ASSERT_EQ(answers->size(), 2u);
  EXPECT_EQ((*answers)[1].error().code, -32600);
}

}  // namespace
}  // namespace buri::protocol::json_rpc
