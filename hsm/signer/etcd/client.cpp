#include "hsm/signer/etcd/client.hpp"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <mutex>

#include <hsm/signer/etcd/rpc.grpc.pb.h>

namespace buri::hsm::signer::etcd {
namespace {

constexpr int kBackoffMs = 100;  // so that a member that came back is noticed within one request
constexpr int kConnectMs = 2000;
constexpr std::chrono::milliseconds kShortestTry{20};

std::shared_ptr<grpc::ChannelCredentials> credentials_of(const EtcdOptions& options) {
  if (options.authority_pem.empty()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = options.authority_pem;
  tls.pem_cert_chain = options.certificate_pem;
  tls.pem_private_key = options.key_pem;
  return grpc::SslCredentials(tls);
}

void set_condition(etcdserverpb::Compare& compare, const Condition& condition) {
  compare.set_key(condition.key);
  compare.set_result(etcdserverpb::Compare::EQUAL);
  if (condition.value) {
    compare.set_target(etcdserverpb::Compare::VALUE);
    compare.set_value(std::string(as_text(*condition.value)));
  } else {
    compare.set_target(etcdserverpb::Compare::MOD);
    compare.set_mod_revision(static_cast<std::int64_t>(condition.mod_revision));
  }
}

void set_write(etcdserverpb::RequestOp& operation, const Write& write) {
  if (!write.value) {
    operation.mutable_request_delete_range()->set_key(write.key);
    return;
  }
  auto& put = *operation.mutable_request_put();
  put.set_key(write.key);
  put.set_value(std::string(as_text(*write.value)));
  put.set_lease(write.lease);
}

KeyValue value_of(const etcdserverpb::RangeResponse& range) {
  if (range.kvs().empty()) return {};
  const auto& found = range.kvs(0);
  const ByteView bytes = as_bytes(found.value());
  return {{bytes.begin(), bytes.end()}, static_cast<std::uint64_t>(found.mod_revision())};
}

}  // namespace

struct Client::Member {
  std::unique_ptr<etcdserverpb::KV::Stub> values;
  std::unique_ptr<etcdserverpb::Lease::Stub> leases;
};

/// What all answers so far have told about the store.
struct Client::Progress {
  std::mutex mutex;
  std::uint64_t cluster = 0;
  std::uint64_t revision = 0;
  std::size_t preferred = 0;  // the member that answered last
};

Client::Client(const EtcdOptions& options, const Clock& clock)
    : clock_(clock), progress_(std::make_unique<Progress>()) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kBackoffMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs);  // time for one connection
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kBackoffMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  for (const std::string& endpoint : options.endpoints) {
    const auto channel = grpc::CreateCustomChannel(endpoint, credentials_of(options), arguments);
    auto member = std::make_unique<Member>();
    member->values = etcdserverpb::KV::NewStub(channel);
    member->leases = etcdserverpb::Lease::NewStub(channel);
    members_.push_back(std::move(member));
  }
}

Client::~Client() = default;

// Each member gets an equal share of the time that is left. The first round passes over members
// that are down; later ones wait for their connections, which gRPC builds only while a call waits.
// A request that got no answer may have been carried out; asking another member is still right,
// because every write is conditional.
template <class Call>
Status<FenceError> Client::ask(MonotonicTime deadline, Call call) {
  std::size_t first = 0;
  std::uint64_t seen_before = 0;
  {
    const std::lock_guard lock(progress_->mutex);
    first = progress_->preferred;
    seen_before = progress_->revision;
  }
  const std::size_t count = members_.size();
  for (std::size_t i = 0; clock_.monotonic() < deadline; ++i) {
    const auto left = deadline - clock_.monotonic();
    const auto share = std::max<MonotonicTime::duration>(left / (count - i % count), kShortestTry);
    grpc::ClientContext context;
    context.AddMetadata("hasleader", "true");
    context.set_wait_for_ready(i >= count);
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::duration_cast<std::chrono::nanoseconds>(share));
    const std::size_t index = (first + i) % count;
    etcdserverpb::ResponseHeader header;
    if (!call(*members_[index], context, header).ok()) continue;
    RETURN_IF_ERROR(check_store(header.cluster_id(), static_cast<std::uint64_t>(header.revision()),
                                seen_before));
    const std::lock_guard lock(progress_->mutex);
    progress_->preferred = index;
    return Unit{};
  }
  return Failure{FenceError::kUnreachable};
}

// Answers may overtake one another; what must not happen is an answer to a later request from an
// earlier time.
Status<FenceError> Client::check_store(std::uint64_t cluster, std::uint64_t revision,
                                       std::uint64_t seen_before) {
  const std::lock_guard lock(progress_->mutex);
  if (progress_->cluster == 0) progress_->cluster = cluster;
  if (cluster != progress_->cluster || revision < seen_before)
    return Failure{FenceError::kWentBack};
  progress_->revision = std::max(progress_->revision, revision);
  return Unit{};
}

Result<TransactionAnswer, FenceError> Client::run(const Transaction& transaction,
                                                  MonotonicTime deadline) {
  etcdserverpb::TxnRequest request;
  for (const Condition& condition : transaction.conditions) {
    set_condition(*request.add_compare(), condition);
  }
  for (const Write& write : transaction.writes) set_write(*request.add_success(), write);
  for (const std::string& key : transaction.otherwise) {
    request.add_failure()->mutable_request_range()->set_key(key);
  }
  etcdserverpb::TxnResponse response;
  RETURN_IF_ERROR(ask(deadline, [&](Member& member, grpc::ClientContext& context, auto& header) {
    response.Clear();
    grpc::Status status = member.values->Txn(&context, request, &response);
    header = response.header();
    return status;
  }));
  TransactionAnswer answer;
  answer.succeeded = response.succeeded();
  answer.revision = static_cast<std::uint64_t>(response.header().revision());
  if (!answer.succeeded) {
    for (const auto& one : response.responses())
      answer.values.push_back(value_of(one.response_range()));
    if (answer.values.size() != transaction.otherwise.size()) return Failure{FenceError::kWentBack};
  }
  return answer;
}

// A transaction whose condition cannot hold (a revision no store reaches) reads all keys at once.
Result<std::vector<KeyValue>, FenceError> Client::read(const std::vector<std::string>& keys,
                                                       MonotonicTime deadline) {
  Transaction transaction;
  transaction.conditions.push_back({keys.front(), std::nullopt, INT64_MAX});
  transaction.otherwise = keys;
  ASSIGN_OR_RETURN(auto answer, run(transaction, deadline));
  if (answer.succeeded) return Failure{FenceError::kWentBack};
  return std::move(answer.values);
}

Result<std::int64_t, FenceError> Client::grant(std::int64_t seconds, MonotonicTime deadline) {
  etcdserverpb::LeaseGrantRequest request;
  request.set_ttl(seconds);
  etcdserverpb::LeaseGrantResponse response;
  RETURN_IF_ERROR(ask(deadline, [&](Member& member, grpc::ClientContext& context, auto& header) {
    grpc::Status status = member.leases->LeaseGrant(&context, request, &response);
    header = response.header();
    return status;
  }));
  return response.id();
}

Result<bool, FenceError> Client::keep_alive(std::int64_t lease, MonotonicTime deadline) {
  etcdserverpb::LeaseKeepAliveRequest request;
  request.set_id(lease);
  etcdserverpb::LeaseKeepAliveResponse response;
  RETURN_IF_ERROR(ask(deadline, [&](Member& member, grpc::ClientContext& context, auto& header) {
    const auto stream = member.leases->LeaseKeepAlive(&context);
    const bool answered = stream->Write(request) && stream->Read(&response);
    stream->WritesDone();
    if (answered) context.TryCancel();
    const grpc::Status status = stream->Finish();
    header = response.header();
    return answered ? grpc::Status::OK : status;
  }));
  return response.ttl() > 0;
}

}  // namespace buri::hsm::signer::etcd
