#include "node/consensus/runtime/query_router.hpp"

namespace buri::consensus::runtime {

QueryResult<Bytes> QueryRouter::answer(const Context& context, std::string_view method,
                                       ByteView request) const {
  const auto found = methods_.find(method);
  if (found == methods_.end()) {
    return Failure{
        QueryError{QueryError::Code::kUnimplemented, "unknown method " + std::string(method)}};
  }
  return found->second(context, request);
}

void QueryRouter::insert(std::string method, Method answer) {
  const bool is_new = methods_.emplace(std::move(method), std::move(answer)).second;
  CHECK(is_new, "a query method is registered once");
}

}  // namespace buri::consensus::runtime
