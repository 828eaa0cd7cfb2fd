#include "node/protocol/bor/grpc_chain.hpp"

#include <grpcpp/grpcpp.h>

#include <charconv>
#include <fstream>
#include <mutex>
#include <sstream>

#include "node/protocol/bor/grpc_answers.hpp"

#include <node/protocol/bor/bor_api.grpc.pb.h>

namespace buri::protocol::bor {
namespace {

using ::bor::BorApi;

constexpr int kReconnectMs = 100;
constexpr int kMaxReconnectMs = 1000;
constexpr std::uint64_t kMaxMessageBytes = std::uint64_t{1} << 30;

std::string number_text(std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number, 16).ptr;
  return "0x" + std::string(digits.begin(), end);
}

/// What became of one question to one endpoint.
enum class Reply : std::uint8_t { kAnswer, kMissing, kFailure };

/// Statuses that answer the question; all others are about the endpoint.
bool is_answer(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::UNKNOWN:  // an error of Bor's that has no status of its own
      return true;
    default:
      return false;
  }
}

/// One question and its answer: a method of the service, and what reads the response.
template <class Request, class Response, class Value>
struct Question {
  grpc::Status (BorApi::StubInterface::*method)(grpc::ClientContext*, const Request&, Response*);
  Request request;
  std::function<std::optional<Value>(const Response&)> read;
};

auto header_question(std::string number) {
  Question<::bor::GetHeaderByNumberRequest, ::bor::GetHeaderByNumberResponse, BorBlock> question;
  question.method = &BorApi::StubInterface::HeaderByNumber;
  question.request.set_number(std::move(number));
  question.read = [](const auto& message) { return read_header(message); };
  return question;
}

auto blocks_question(std::uint64_t first, std::uint64_t last) {
  Question<::bor::GetBlockInfoInBatchRequest, ::bor::GetBlockInfoInBatchResponse,
           std::vector<BorBlockInfo>>
      question;
  question.method = &BorApi::StubInterface::GetBlockInfoInBatch;
  question.request.set_start_block_number(first);
  question.request.set_end_block_number(last);
  const auto count = static_cast<std::size_t>(last - first + 1);
  question.read = [first, count](const auto& message) {
    return read_blocks(message, first, count);
  };
  return question;
}

Result<std::string, std::string> file_text(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Failure{"no certificates of authorities in " + path};
  }
  return text.str();
}

}  // namespace

struct GrpcChain::State {
  struct Endpoint {
    std::string label;
    std::unique_ptr<BorApi::StubInterface> stub;
    bool is_identified = false;
  };

  State(std::size_t count, const GrpcOptions& grpc_options, endpoints::World world,
        Logger injected_logger)
      : options(grpc_options),
        caller(count, grpc_options.times, std::move(world)),
        logger(std::move(injected_logger)) {}

  void complain(std::size_t endpoint, std::string_view what) const {
    logger.warning("an endpoint did not serve",
                   {{"endpoint", list[endpoint].label}, {"reason", what}});
  }

  /// Asks one endpoint.
  template <class Request, class Response, class Value>
  Reply ask_one(std::size_t endpoint, MonotonicTime deadline,
                const Question<Request, Response, Value>& question, Value& value) {
    grpc::ClientContext context;
    if (!options.token.empty()) context.AddMetadata("authorization", "Bearer " + options.token);
    const std::chrono::nanoseconds left = deadline - caller.clock().monotonic();
    context.set_deadline(std::chrono::system_clock::now() + left);
    Response response;
    const grpc::Status status =
        (list[endpoint].stub.get()->*question.method)(&context, question.request, &response);
    if (is_answer(status.error_code())) return Reply::kMissing;
    if (!status.ok()) {
      // The message may quote what the operator would not like to read in a log.
      complain(endpoint, "gRPC status " + std::to_string(status.error_code()));
      return Reply::kFailure;
    }
    auto read = question.read(response);
    if (!read) {
      complain(endpoint, "the answer does not fit the question");
      return Reply::kFailure;
    }
    value = *std::move(read);
    return Reply::kAnswer;
  }

  /// Asks one endpoint after the other.
  template <class Request, class Response, class Value>
  Result<Value, FactError> ask(const Question<Request, Response, Value>& question) {
    Value value{};
    Reply reply = Reply::kFailure;
    const bool is_answered = caller.call([&](std::size_t endpoint, MonotonicTime deadline) {
      reply = identify(endpoint, deadline) ? ask_one(endpoint, deadline, question, value)
                                           : Reply::kFailure;
      if (reply == Reply::kFailure) set_identified(endpoint, false);
      return reply != Reply::kFailure;
    });
    if (!is_answered) return Failure{FactError::kUnavailable};
    if (reply == Reply::kMissing) return Failure{FactError::kMissing};
    return value;
  }

  void set_identified(std::size_t endpoint, bool is_identified) {
    const std::lock_guard lock(mutex);
    list[endpoint].is_identified = is_identified;
  }

  bool identify(std::size_t endpoint, MonotonicTime deadline) {
    {
      const std::lock_guard lock(mutex);
      if (list[endpoint].is_identified) return true;
    }
    BorBlock genesis_block;
    if (ask_one(endpoint, deadline, header_question("0x0"), genesis_block) != Reply::kAnswer ||
        !tells_whole_headers(endpoint, deadline)) {
      return false;
    }
    const std::lock_guard lock(mutex);
    // The first endpoint of the list is the authority, also over what others said before.
    if (endpoint == 0 && genesis != genesis_block.hash) {
      genesis = genesis_block.hash;
      for (Endpoint& one : list) one.is_identified = false;
    }
    if (!genesis) genesis = genesis_block.hash;
    list[endpoint].is_identified = genesis == genesis_block.hash;
    if (!list[endpoint].is_identified) complain(endpoint, "the endpoint serves another chain");
    return list[endpoint].is_identified;
  }

  bool tells_whole_headers(std::size_t endpoint, MonotonicTime deadline) {
    BorBlock head;
    if (ask_one(endpoint, deadline, header_question("latest"), head) != Reply::kAnswer) {
      return false;
    }
    if (head.number == 0) return true;
    std::vector<BorBlockInfo> pair;
    const auto question = blocks_question(head.number - 1, head.number);
    if (ask_one(endpoint, deadline, question, pair) != Reply::kAnswer) return false;
    if (pair.size() == 2) return true;
    complain(endpoint, "its headers do not have the hashes that their children name");
    return false;
  }

  const GrpcOptions options;
  endpoints::Caller caller;
  const Logger logger;
  std::mutex mutex;  // of what is known about endpoints
  std::vector<Endpoint> list;
  std::optional<Hash256> genesis;
};

GrpcChain::GrpcChain(std::unique_ptr<State> state) : state_(std::move(state)) {}
GrpcChain::~GrpcChain() = default;

Result<std::unique_ptr<GrpcChain>, std::string> GrpcChain::create(
    const std::vector<endpoints::GrpcAddress>& addresses, const GrpcOptions& options,
    endpoints::World world, Logger logger) {
  CHECK(!addresses.empty(), "a chain without endpoints");
  grpc::SslCredentialsOptions tls;
  if (!options.transport.tls_authority_file.empty()) {
    ASSIGN_OR_RETURN(tls.pem_root_certs, file_text(options.transport.tls_authority_file));
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(
      static_cast<int>(std::min(options.transport.max_response_bytes, kMaxMessageBytes)));
  auto state =
      std::make_unique<State>(addresses.size(), options, std::move(world), std::move(logger));
  for (const auto& address : addresses) {
    if (address.is_tls && !options.transport.tls_verify) {
      return Failure{std::string("gRPC with TLS verifies its servers; tls_verify must be true")};
    }
    const auto credentials =
        address.is_tls ? grpc::SslCredentials(tls) : grpc::InsecureChannelCredentials();
    const auto channel = grpc::CreateCustomChannel(address.target, credentials, arguments);
    state->list.push_back({address.target, BorApi::NewStub(channel)});
  }
  return std::unique_ptr<GrpcChain>(new GrpcChain(std::move(state)));
}

Result<BorBlock, FactError> GrpcChain::head() { return state_->ask(header_question("latest")); }

Result<BorBlock, FactError> GrpcChain::block(std::uint64_t number) {
  auto question = header_question(number_text(number));
  question.read = [number](const auto& message) {
    const auto block = read_header(message);
    return block && block->number == number ? block : std::nullopt;
  };
  return state_->ask(question);
}

Result<Address, FactError> GrpcChain::author(std::uint64_t number) {
  Question<::bor::GetAuthorRequest, ::bor::GetAuthorResponse, Address> question;
  question.method = &BorApi::StubInterface::GetAuthor;
  question.request.set_number(number_text(number));
  question.read = [](const auto& message) { return read_author(message); };
  return state_->ask(question);
}

Result<std::vector<BorBlockInfo>, FactError> GrpcChain::blocks(std::uint64_t first,
                                                               std::uint64_t last) {
  CHECK(first <= last && last - first < kMaxBorBatchBlocks, "no range of blocks for one batch");
  return state_->ask(blocks_question(first, last));
}

Result<Hash256, FactError> GrpcChain::root_hash(std::uint64_t first, std::uint64_t last) {
  Question<::bor::GetRootHashRequest, ::bor::GetRootHashResponse, Hash256> question;
  question.method = &BorApi::StubInterface::GetRootHash;
  question.request.set_start_block_number(first);
  question.request.set_end_block_number(last);
  question.read = [](const auto& message) { return read_root_hash(message); };
  return state_->ask(question);
}

}  // namespace buri::protocol::bor
