#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "node/protocol/endpoints/grpc_address.hpp"
#include "tests/support/protocol/http_server.hpp"

#include <node/protocol/bor/bor_api.grpc.pb.h>

/// Bor's gRPC service on the loopback interface, with the recorded blocks.

namespace buri::testing {

/// Every public member may be changed while no call runs.
class GrpcBor final : public ::bor::BorApi::Service {
 public:
  /// With TLS if a certificate is given.
  explicit GrpcBor(const TestCertificate* certificate = nullptr);
  ~GrpcBor() override;

  [[nodiscard]] protocol::endpoints::GrpcAddress address() const;

  std::map<std::uint64_t, ::bor::BlockInfo> blocks;  ///< whole, with author and difficulty
  std::map<std::uint64_t, ::bor::Header> headers;    ///< of more blocks
  std::map<std::uint64_t, std::string> roots;        ///< by end block, start block 0
  std::function<void(::bor::Header&)> tamper;        ///< of every header that is sent
  std::optional<grpc::Status> failure;
  std::chrono::milliseconds delay{0};
  std::atomic<int> calls{0};
  std::string last_authorization;

  grpc::Status GetRootHash(grpc::ServerContext* context, const ::bor::GetRootHashRequest* request,
                           ::bor::GetRootHashResponse* response) override;
  grpc::Status HeaderByNumber(grpc::ServerContext* context,
                              const ::bor::GetHeaderByNumberRequest* request,
                              ::bor::GetHeaderByNumberResponse* response) override;
  grpc::Status GetAuthor(grpc::ServerContext* context, const ::bor::GetAuthorRequest* request,
                         ::bor::GetAuthorResponse* response) override;
  grpc::Status GetBlockInfoInBatch(grpc::ServerContext* context,
                                   const ::bor::GetBlockInfoInBatchRequest* request,
                                   ::bor::GetBlockInfoInBatchResponse* response) override;

 private:
  grpc::Status begin(const grpc::ServerContext& context);
  [[nodiscard]] std::uint64_t number_of(const std::string& text) const;

  bool is_tls_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace buri::testing
