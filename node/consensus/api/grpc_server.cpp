#include "node/consensus/api/grpc_server.hpp"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <charconv>

#include "node/consensus/api/grpc_reflection.hpp"
#include "node/consensus/runtime/error.hpp"

namespace buri::consensus::api {
namespace {

constexpr const char* kHeightKey = "x-cosmos-block-height";
constexpr std::chrono::seconds kStopGrace{3};

Bytes bytes_of(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  Bytes bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) bytes.insert(bytes.end(), slice.begin(), slice.end());
  return bytes;
}

grpc::ByteBuffer buffer_of(ByteView bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return {&slice, 1};
}

grpc::Status grpc_status(const runtime::QueryError& error) {
  return {static_cast<grpc::StatusCode>(error.code), error.text};
}

/// The height that the call's metadata ask for, 0 for the newest; two of them are none.
Result<std::int64_t, runtime::QueryError> asked_height(const grpc::CallbackServerContext& context) {
  const auto [first, last] = context.client_metadata().equal_range(kHeightKey);
  if (first == last || std::next(first) != last) return std::int64_t{0};
  const std::string_view text(first->second.data(), first->second.size());
  std::int64_t height = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), height);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return height;
  return Failure{status_of(runtime::sdk_error(
      runtime::SdkCode::kInvalidRequest,
      "Baseapp.RegisterGRPCServer: invalid height header \"x-cosmos-block-height\": "
      "strconv.ParseInt: parsing \"" +
          std::string(text) + "\": invalid syntax"))};
}

/// Whether the service exists though the method does not.
bool has_service(const StateQueries& queries, std::string_view service) {
  for (const std::string_view method : queries.methods()) {
    if (method.substr(0, method.find('/')) == service) return true;
  }
  return false;
}

}  // namespace

/// Answers every call by its name.
class GrpcServer::Core final : public grpc::CallbackGenericService {
 public:
  Core(const GrpcServerOptions& options, const StateQueries& queries)
      : queries_(queries), max_calls_(options.max_calls), workers_(options.threads) {}

  Status<std::string> start(const GrpcServerOptions& options) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(), &port);
    builder.SetMaxReceiveMessageSize(options.max_received_bytes);
    builder.SetMaxSendMessageSize(options.max_sent_bytes);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) {
      return Failure{"cannot listen on " + options.address +
                     " for gRPC; name a free port of this machine"};
    }
    port_ = static_cast<std::uint16_t>(port);
    return Unit{};
  }
  void stop() {
    if (server_ != nullptr) {
      server_->Shutdown(std::chrono::system_clock::now() + kStopGrace);
      workers_.join();
      server_->Wait();
    }
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  class Call;
  class Reflection;
  class Refused;
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

  const StateQueries& queries_;
  const std::size_t max_calls_;
  std::atomic<std::size_t> calls_{0};
  boost::asio::thread_pool workers_;
  std::unique_ptr<grpc::Server> server_;
  std::uint16_t port_ = 0;
};

/// A call over the limit.
class GrpcServer::Core::Refused final : public grpc::ServerGenericBidiReactor {
 public:
  Refused() { Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls are under way"}); }
  void OnDone() override { delete this; }
};

/// One question, one answer. Deletes itself.
class GrpcServer::Core::Call final : public grpc::ServerGenericBidiReactor {
 public:
  Call(Core& core, grpc::GenericCallbackServerContext& context) : core_(core), context_(context) {
    StartRead(&request_);
  }
  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish({grpc::StatusCode::INTERNAL, "a call carries one message"});
      return;
    }
    boost::asio::post(core_.workers_, [this] { answer(); });
  }
  void OnDone() override {
    --core_.calls_;
    delete this;
  }

 private:
  void answer() {
    std::string_view method = context_.method();
    if (method.starts_with('/')) method.remove_prefix(1);
    if (!core_.queries_.knows(method)) return refuse_unknown(method);
    const auto height = asked_height(context_);
    if (!height.ok()) return Finish(grpc_status(height.error()));
    auto result = core_.queries_.answer(method, bytes_of(request_), *height);
    if (!result.ok()) {
      add_height(result.error().height);
      return Finish(grpc_status(result.error().status));
    }
    add_height(result->height);
    response_ = buffer_of(result->value);
    StartWriteAndFinish(&response_, {}, grpc::Status::OK);
  }
  void add_height(std::int64_t height) {
    if (height > 0) context_.AddInitialMetadata(kHeightKey, std::to_string(height));
  }
  void refuse_unknown(std::string_view method) {
    const std::size_t slash = method.rfind('/');
    const std::string service(method.substr(0, slash));
    const std::string name(slash == std::string_view::npos ? "" : method.substr(slash + 1));
    const std::string text = has_service(core_.queries_, service)
                                 ? "unknown method " + name + " for service " + service
                                 : "unknown service " + service;
    Finish({grpc::StatusCode::UNIMPLEMENTED, text});
  }

  Core& core_;
  grpc::GenericCallbackServerContext& context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

/// A stream of questions about the services. Deletes itself.
class GrpcServer::Core::Reflection final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Reflection(Core& core) : core_(core) { StartRead(&request_); }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    const auto answer = reflection_answer(core_.queries_, bytes_of(request_));
    if (!answer) {
      return Finish({grpc::StatusCode::INVALID_ARGUMENT, "the request does not decode"});
    }
    response_ = buffer_of(*answer);
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&request_);
  }
  void OnDone() override {
    --core_.calls_;
    delete this;
  }

 private:
  Core& core_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

grpc::ServerGenericBidiReactor* GrpcServer::Core::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  if (++calls_ > max_calls_) {
    --calls_;
    return new Refused();
  }
  if (context->method() == kReflectionMethod) return new Reflection(*this);
  return new Call(*this, *context);
}

Result<std::unique_ptr<GrpcServer>, std::string> GrpcServer::start(const GrpcServerOptions& options,
                                                                   const StateQueries& queries) {
  auto core = std::make_unique<Core>(options, queries);
  RETURN_IF_ERROR(core->start(options));
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(core)));
}

GrpcServer::GrpcServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}
GrpcServer::~GrpcServer() { core_->stop(); }
std::uint16_t GrpcServer::port() const { return core_->port(); }

}  // namespace buri::consensus::api
