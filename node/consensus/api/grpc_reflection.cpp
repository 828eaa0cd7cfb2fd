#include "node/consensus/api/grpc_reflection.hpp"

#include <set>

#include "node/consensus/codec/message.hpp"

namespace buri::consensus::api {
namespace {

using codec::Field;

constexpr std::int32_t kNotFound = 5;

struct ExtensionRequest {
  std::string containing_type{};
  std::int32_t extension_number = 0;
  static constexpr std::string_view kName = "grpc.reflection.v1alpha.ExtensionRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "containing_type", &ExtensionRequest::containing_type},
                     Field{2, "extension_number", &ExtensionRequest::extension_number});
  }
};

/// The texts stand in the message even if they are empty, because they say which question it is.
struct Question {
  std::string host{};
  std::vector<std::string> file_by_filename{};
  std::vector<std::string> file_containing_symbol{};
  std::optional<ExtensionRequest> file_containing_extension{};
  std::vector<std::string> all_extension_numbers_of_type{};
  std::vector<std::string> list_services{};
  static constexpr std::string_view kName = "grpc.reflection.v1alpha.ServerReflectionRequest";
  static constexpr auto fields() {
    using Q = Question;
    return fields_of(Field{1, "host", &Q::host}, Field{3, "file_by_filename", &Q::file_by_filename},
                     Field{4, "file_containing_symbol", &Q::file_containing_symbol},
                     Field{5, "file_containing_extension", &Q::file_containing_extension},
                     Field{6, "all_extension_numbers_of_type", &Q::all_extension_numbers_of_type},
                     Field{7, "list_services", &Q::list_services});
  }
};

struct Service {
  std::string name{};
  static constexpr std::string_view kName = "grpc.reflection.v1alpha.ServiceResponse";
  static constexpr auto fields() { return fields_of(Field{1, "name", &Service::name}); }
};
struct Services {
  std::vector<Service> service{};
  static constexpr std::string_view kName = "grpc.reflection.v1alpha.ListServiceResponse";
  static constexpr auto fields() { return fields_of(Field{1, "service", &Services::service}); }
};
struct Refusal {
  std::int32_t error_code = 0;
  std::string error_message{};
  static constexpr std::string_view kName = "grpc.reflection.v1alpha.ErrorResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "error_code", &Refusal::error_code},
                     Field{2, "error_message", &Refusal::error_message});
  }
};
struct Answer {
  std::string valid_host{};
  std::optional<Question> original_request{};
  std::optional<Services> list_services_response{};
  std::optional<Refusal> error_response{};
  static constexpr std::string_view kName = "grpc.reflection.v1alpha.ServerReflectionResponse";
  static constexpr auto fields() {
    using A = Answer;
    return fields_of(Field{1, "valid_host", &A::valid_host},
                     Field{2, "original_request", &A::original_request},
                     Field{6, "list_services_response", &A::list_services_response},
                     Field{7, "error_response", &A::error_response});
  }
};

}  // namespace

std::optional<Bytes> reflection_answer(const StateQueries& queries, ByteView request) {
  auto question = codec::decode<Question>(request);
  if (!question.ok()) return std::nullopt;
  Answer answer;
  answer.valid_host = question->host;
  if (!question->list_services.empty()) {
    std::set<std::string> names{std::string(kReflectionService)};
    for (const std::string_view method : queries.methods()) {
      names.emplace(method.substr(0, method.find('/')));
    }
    Services& services = answer.list_services_response.emplace();
    for (const std::string& name : names) services.service.push_back({name});
  } else {
    answer.error_response = Refusal{kNotFound, "this server keeps no descriptors"};
  }
  answer.original_request = std::move(question).value();
  return codec::encode(answer);
}

}  // namespace buri::consensus::api
