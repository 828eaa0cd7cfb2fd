#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "node/consensus/codec/message.hpp"
#include "node/consensus/runtime/context.hpp"

/// Typed queries by gRPC method name. REST and gRPC translate into these; nothing here knows
/// either.

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

/// The methods of all modules. Filled once, then read-only and thread-safe.
class QueryRouter {
 public:
  /// Adds "package.Query/Method". REQUIRES: it is new.
  template <codec::Message Request, codec::Message Response>
  void add(std::string method,
           std::function<QueryResult<Response>(const Context&, const Request&)> answer) {
    insert(
        std::move(method),
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

  /// Answers a request given as protobuf. Errors: kUnimplemented for an unknown method, kInternal
  /// for a request that does not decode, and what the method says.
  [[nodiscard]] QueryResult<Bytes> answer(const Context& context, std::string_view method,
                                          ByteView request) const;

 private:
  using Method = std::function<QueryResult<Bytes>(const Context&, ByteView)>;
  void insert(std::string method, Method answer);

  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace buri::consensus::runtime
