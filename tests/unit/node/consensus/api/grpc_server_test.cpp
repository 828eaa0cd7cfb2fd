#include "node/consensus/api/grpc_server.hpp"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "base/json_cursor.hpp"
#include "node/consensus/modules/milestone/query_types.hpp"
#include "node/consensus/records/lines.hpp"
#include "tests/unit/node/consensus/api/recorded_node.hpp"

/// Calls of a real gRPC client over a socket, with bytes that no generated code made.

namespace buri::consensus::api {
namespace {

struct Reply {
  grpc::Status status;
  Bytes bytes;
  std::string height;
};

Bytes bytes_of(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return {};
  return {slice.begin(), slice.end()};
}

class Grpc : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    node_ = RecordedNode::get(why);
    if (node_ == nullptr) GTEST_SKIP() << why;
    connect({.address = "127.0.0.1:0"});
  }
  void connect(const GrpcServerOptions& options) {
    auto started = GrpcServer::start(options, node_->api().queries());
    ASSERT_TRUE(started.ok()) << started.error();
    server_ = std::move(started).value();
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetMaxSendMessageSize(-1);
    stub_ = std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                  grpc::InsecureChannelCredentials(), arguments));
  }
  Reply call(const std::string& method, const Bytes& request = {},
             const std::vector<std::string>& heights = {}) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    for (const std::string& height : heights) {
      context.AddMetadata("x-cosmos-block-height", height);
    }
    const grpc::Slice slice(request.data(), request.size());
    const grpc::ByteBuffer sent(&slice, 1);
    grpc::ByteBuffer received;
    std::promise<grpc::Status> done;
    stub_->UnaryCall(&context, method, grpc::StubOptions(), &sent, &received,
                     [&done](const grpc::Status& status) { done.set_value(status); });
    Reply reply;
    reply.status = done.get_future().get();
    if (reply.status.ok()) reply.bytes = bytes_of(received);
    const auto& metadata = context.GetServerInitialMetadata();
    const auto height = metadata.find("x-cosmos-block-height");
    if (height != metadata.end()) {
      reply.height.assign(height->second.data(), height->second.size());
    }
    return reply;
  }

  RecordedNode* node_ = nullptr;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<grpc::GenericStub> stub_;
};

TEST_F(Grpc, AnswersWithTheBytesOfTheQueryAndItsHeight) {
  const Reply newest = call("/heimdallv2.milestone.Query/GetMilestoneCount");
  ASSERT_TRUE(newest.status.ok()) << newest.status.error_message();
  EXPECT_EQ(codec::decode<modules::milestone::QueryCountResponse>(newest.bytes)->count, 148U);
  EXPECT_EQ(newest.height, "328");
  const Reply old = call("/heimdallv2.milestone.Query/GetMilestoneCount", {}, {"100"});
  EXPECT_EQ(old.height, "100");
  EXPECT_NE(old.bytes, newest.bytes);
  EXPECT_EQ(call("/heimdallv2.milestone.Query/GetMilestoneCount", {}, {"100", "100"}).height,
            "328");
}

TEST_F(Grpc, HasEveryRecordedMethodButDescriptorsAndAmino) {
  const auto text =
      records::read_text(app::recorded_chains_folder() + "/api/grpc-services.json").value();
  const auto document = parse_json(text).value();
  std::vector<std::string> missing;
  for (const JsonValue& service : document.children) {
    for (const JsonValue& method : service.children) {
      const std::string name = service.key + "/" + method.text.substr(0, method.text.find('('));
      if (!node_->api().queries().knows(name)) missing.push_back(name);
    }
  }
  for (const std::string& name : missing) {
    const bool is_known_gap = name.find("eflection") != std::string::npos ||
                              name.find("Amino") != std::string::npos ||
                              name.find("autocli") != std::string::npos;
    EXPECT_TRUE(is_known_gap) << name;
  }
}

TEST_F(Grpc, RefusesAsStockDoes) {
  const Reply missing = call("/heimdallv2.milestone.Query/GetMilestoneByNumber");
  EXPECT_EQ(missing.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(missing.status.error_message(), "milestone number out of range");
  EXPECT_EQ(missing.height, "328");
  const Reply method = call("/heimdallv2.milestone.Query/GetNothing");
  EXPECT_EQ(method.status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(method.status.error_message(),
            "unknown method GetNothing for service heimdallv2.milestone.Query");
  const Reply service = call("/nobody.Query/Get");
  EXPECT_EQ(service.status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(service.status.error_message(), "unknown service nobody.Query");
  EXPECT_EQ(call("/x").status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  const Reply height = call("/heimdallv2.milestone.Query/GetMilestoneCount", {}, {"ten"});
  EXPECT_EQ(height.status.error_code(), grpc::StatusCode::UNKNOWN);
  const Reply future = call("/heimdallv2.milestone.Query/GetMilestoneCount", {}, {"329"});
  EXPECT_EQ(future.status.error_message(),
            "codespace sdk code 26: invalid height: cannot query with height in the future; please "
            "provide a valid height");
  const Reply garbage = call("/heimdallv2.milestone.Query/GetMilestoneByNumber", {0xFF, 0xFF});
  EXPECT_EQ(garbage.status.error_code(), grpc::StatusCode::INTERNAL);
}

TEST_F(Grpc, BoundsMessagesAndCalls) {
  const Reply large = call("/heimdallv2.milestone.Query/GetMilestoneCount", Bytes(11 << 20, 0));
  EXPECT_EQ(large.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  connect({.address = "127.0.0.1:0", .max_calls = 0});
  EXPECT_EQ(call("/heimdallv2.milestone.Query/GetMilestoneCount").status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(Grpc, ManyClientsAtOnceGetTheSameAnswer) {
  const Bytes expected = call("/cosmos.auth.v1beta1.Query/Accounts").bytes;
  ASSERT_FALSE(expected.empty());
  std::vector<std::thread> clients;
  std::atomic<int> equal = 0;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int j = 0; j < 20; ++j) {
        if (call("/cosmos.auth.v1beta1.Query/Accounts").bytes == expected) ++equal;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(equal, 160);
}

TEST_F(Grpc, ReflectionListsTheServices) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  grpc::CompletionQueue queue;
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  auto stream = stub_->PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  stream->StartCall(nullptr);
  ASSERT_TRUE(wait());
  const Bytes question{0x3A, 0x01, '*'};  // list_services
  const grpc::Slice slice(question.data(), question.size());
  stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  ASSERT_TRUE(wait());
  grpc::ByteBuffer received;
  stream->Read(&received, nullptr);
  ASSERT_TRUE(wait());
  const Bytes answer = bytes_of(received);
  const std::string_view text = as_text(answer);
  for (const std::string name :
       {"heimdallv2.bor.Query", "cosmos.tx.v1beta1.Service", "cosmos.gov.v1beta1.Query",
        "grpc.reflection.v1alpha.ServerReflection"}) {
    EXPECT_NE(text.find(name), std::string_view::npos) << name;
  }
  stream->WritesDone(nullptr);
  ASSERT_TRUE(wait());
  grpc::Status status;
  stream->Finish(&status, nullptr);
  ASSERT_TRUE(wait());
  EXPECT_TRUE(status.ok());
  queue.Shutdown();
}

}  // namespace
}  // namespace buri::consensus::api
