#include "tests/unit/node/protocol/bor/grpc_server.hpp"

#include <thread>

#include "base/hex.hpp"
#include "tests/unit/node/protocol/bor/golden_bor.hpp"

namespace buri::testing {
namespace {

template <class Message>
Message message_of(const JsonValue& call) {
  Message message;
  const auto bytes = from_hex(golden_member(call, "response").text).value();
  CHECK(message.ParseFromString(std::string(as_text(bytes))), "a recorded message is broken");
  return message;
}

void load(GrpcBor& bor) {
  for (const JsonValue& call : golden_bor_calls("grpc.jsonl")) {
    if (!has_golden_member(call, "response")) continue;
    const std::string& method = golden_member(call, "method").text;
    if (method == "HeaderByNumber") {
      const auto header = message_of<::bor::GetHeaderByNumberResponse>(call).header();
      bor.headers[header.number()] = header;
    } else if (method == "GetBlockInfoInBatch") {
      const auto batch = message_of<::bor::GetBlockInfoInBatchResponse>(call);
      for (const auto& block : batch.blocks()) {
        bor.blocks[block.header().number()] = block;
        bor.headers[block.header().number()] = block.header();
      }
    } else if (method == "GetRootHash") {
      const JsonValue& request = golden_member(call, "request");
      if (has_golden_member(request, "startBlockNumber")) continue;
      const auto end = std::stoull(golden_member(request, "endBlockNumber").text);
      bor.roots[end] = message_of<::bor::GetRootHashResponse>(call).root_hash();
    }
  }
}

std::shared_ptr<grpc::ServerCredentials> credentials_of(const TestCertificate* certificate) {
  if (certificate == nullptr) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({certificate->key_pem, certificate->certificate_pem});
  return grpc::SslServerCredentials(tls);
}

}  // namespace

GrpcBor::GrpcBor(const TestCertificate* certificate) : is_tls_(certificate != nullptr) {
  load(*this);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials_of(certificate), &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  CHECK(server_ != nullptr && port_ != 0, "no port on the loopback interface");
}

GrpcBor::~GrpcBor() { server_->Shutdown(std::chrono::system_clock::now()); }

protocol::endpoints::GrpcAddress GrpcBor::address() const {
  return {"127.0.0.1:" + std::to_string(port_), is_tls_};
}

grpc::Status GrpcBor::begin(const grpc::ServerContext& context) {
  ++calls;
  const auto found = context.client_metadata().find("authorization");
  last_authorization = found == context.client_metadata().end()
                           ? ""
                           : std::string(found->second.data(), found->second.size());
  std::this_thread::sleep_for(delay);
  return failure.value_or(grpc::Status::OK);
}

std::uint64_t GrpcBor::number_of(const std::string& text) const {
  return text == "latest" ? headers.rbegin()->first : std::stoull(text, nullptr, 16);
}

grpc::Status GrpcBor::GetRootHash(grpc::ServerContext* context,
                                  const ::bor::GetRootHashRequest* request,
                                  ::bor::GetRootHashResponse* response) {
  if (const auto status = begin(*context); !status.ok()) return status;
  const auto found = roots.find(request->end_block_number());
  if (request->start_block_number() != 0 || found == roots.end()) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "Invalid parameters"};
  }
  response->set_root_hash(found->second);
  return grpc::Status::OK;
}

grpc::Status GrpcBor::HeaderByNumber(grpc::ServerContext* context,
                                     const ::bor::GetHeaderByNumberRequest* request,
                                     ::bor::GetHeaderByNumberResponse* response) {
  if (const auto status = begin(*context); !status.ok()) return status;
  const auto found = headers.find(number_of(request->number()));
  if (found == headers.end()) return {grpc::StatusCode::NOT_FOUND, "header not found"};
  *response->mutable_header() = found->second;
  if (tamper) tamper(*response->mutable_header());
  return grpc::Status::OK;
}

grpc::Status GrpcBor::GetAuthor(grpc::ServerContext* context,
                                const ::bor::GetAuthorRequest* request,
                                ::bor::GetAuthorResponse* response) {
  if (const auto status = begin(*context); !status.ok()) return status;
  const auto number = number_of(request->number());
  if (number == 0) return {grpc::StatusCode::UNKNOWN, "extra-data 65 byte signature missing"};
  const auto found = blocks.find(number);
  if (found == blocks.end()) return {grpc::StatusCode::NOT_FOUND, "header not found"};
  *response->mutable_author() = found->second.author();
  return grpc::Status::OK;
}

grpc::Status GrpcBor::GetBlockInfoInBatch(grpc::ServerContext* context,
                                          const ::bor::GetBlockInfoInBatchRequest* request,
                                          ::bor::GetBlockInfoInBatchResponse* response) {
  if (const auto status = begin(*context); !status.ok()) return status;
  for (auto n = request->start_block_number(); n <= request->end_block_number(); ++n) {
    const auto found = blocks.find(n);
    if (found == blocks.end()) break;
    auto& block = *response->add_blocks();
    block = found->second;
    if (tamper) tamper(*block.mutable_header());
  }
  return grpc::Status::OK;
}

}  // namespace buri::testing
