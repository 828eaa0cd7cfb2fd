#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "node/consensus/codec/message.hpp"
#include "node/consensus/codec/parameters.hpp"
#include "node/consensus/runtime/context.hpp"

/// Typed queries by gRPC method name. REST and gRPC translate into these; nothing here knows
/// either, but each method says how its messages are made from parameters and JSON and become JSON.

namespace buri::consensus::runtime {

/// Why a query has no answer, as a gRPC status.
struct QueryError {
  enum class Code : std::uint8_t {
    kUnknown = 2,
    kInvalidArgument = 3,
    kNotFound = 5,
    kUnimplemented = 12,
    kInternal = 13,
    kUnavailable = 14,
  };
  Code code = Code::kUnknown;
  std::string text;

  friend bool operator==(const QueryError&, const QueryError&) = default;
};

template <class T>
using QueryResult = Result<T, QueryError>;

inline Failure<QueryError> refuse(QueryError::Code code, std::string text) {
  return Failure{QueryError{code, std::move(text)}};
}

/// What a keeper says as the answer to a query: its errors are kInternal.
template <class T>
QueryResult<T> answer_of(Outcome<T> outcome) {
  if (outcome.ok()) return std::move(outcome).value();
  return refuse(QueryError::Code::kInternal, std::move(outcome).error().log);
}

/// How a method's messages are made from, and become, what a REST request carries.
struct QueryForms {
  std::string_view request;   ///< the message's full name
  std::string_view response;  ///< likewise
  /// The request with these fields set, encoded. The error is the REST gateway's text.
  Result<Bytes, std::string> (*from_parameters)(std::span<const codec::Parameter>) = nullptr;
  /// The request of a body. Null for methods that no REST route posts to.
  Result<Bytes, JsonError> (*from_json)(const JsonCursor&, const codec::AnyJson&) = nullptr;
  /// Appends the response as JSON; false if the bytes are none.
  bool (*write_json)(std::string&, ByteView, const codec::AnyJson&) = nullptr;
};

template <codec::Message Request, codec::Message Response>
QueryForms query_forms() {
  QueryForms made;
  made.request = Request::kName;
  made.response = Response::kName;
  made.from_parameters =
      [](std::span<const codec::Parameter> parameters) -> Result<Bytes, std::string> {
    Request request{};
    for (const codec::Parameter& one : parameters) {
      RETURN_IF_ERROR(codec::set_parameter(request, one.name, one.values));
    }
    return codec::encode(request);
  };
  made.write_json = [](std::string& target, ByteView bytes, const codec::AnyJson& anys) {
    const auto response = codec::decode<Response>(bytes);
    if (!response.ok()) return false;
    codec::append_json(target, *response, anys);
    return true;
  };
  return made;
}

/// The methods of all modules. Filled once, then read-only and thread-safe.
class QueryRouter {
 public:
  /// Adds "package.Query/Method". REQUIRES: it is new.
  template <codec::Message Request, codec::Message Response>
  void add(std::string method,
           std::function<QueryResult<Response>(const Context&, const Request&)> answer) {
    insert(
        std::move(method), query_forms<Request, Response>(),
        [answer = std::move(answer)](const Context& context, ByteView bytes) -> QueryResult<Bytes> {
          const auto request = codec::decode<Request>(bytes);
          if (!request.ok()) {
            return Failure{QueryError{QueryError::Code::kInternal,
                                      std::string(codec::describe(request.error()))}};
          }
          ASSIGN_OR_RETURN(const Response response, answer(context, *request));
          return codec::encode(response);
        });
  }

  /// Adds a method that a REST route posts to: its request is read from JSON too.
  template <codec::Message Request, codec::Message Response>
  void add_posted(const std::string& method,
                  std::function<QueryResult<Response>(const Context&, const Request&)> answer) {
    add<Request, Response>(method, std::move(answer));
    set_json_reader(
        method, [](const JsonCursor& body, const codec::AnyJson& anys) -> Result<Bytes, JsonError> {
          ASSIGN_OR_RETURN(const Request request, codec::from_json<Request>(body, anys));
          return codec::encode(request);
        });
  }

  /// Answers a request given as protobuf. Errors: kUnimplemented for an unknown method, kInternal
  /// for a request that does not decode, and what the method says.
  [[nodiscard]] QueryResult<Bytes> answer(const Context& context, std::string_view method,
                                          ByteView request) const;
  /// The forms of a method's messages; null if there is none of that name. Borrows this.
  [[nodiscard]] const QueryForms* forms_of(std::string_view method) const;
  /// Every method, ascending.
  [[nodiscard]] std::vector<std::string_view> methods() const;

 private:
  using Answer = std::function<QueryResult<Bytes>(const Context&, ByteView)>;
  struct Method {
    QueryForms forms;
    Answer answer;
  };
  void insert(std::string method, QueryForms forms, Answer answer);
  void set_json_reader(std::string_view method,
                       Result<Bytes, JsonError> (*reader)(const JsonCursor&,
                                                          const codec::AnyJson&));

  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace buri::consensus::runtime
