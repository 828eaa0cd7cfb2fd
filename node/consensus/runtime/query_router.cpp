#include "node/consensus/runtime/query_router.hpp"

namespace buri::consensus::runtime {

QueryResult<Bytes> QueryRouter::answer(const Context& context, std::string_view method,
                                       ByteView request) const {
  const auto found = methods_.find(method);
  if (found == methods_.end()) {
    return Failure{
        QueryError{QueryError::Code::kUnimplemented, "unknown method " + std::string(method)}};
  }
  return found->second.answer(context, request);
}

const QueryForms* QueryRouter::forms_of(std::string_view method) const {
  const auto found = methods_.find(method);
  return found == methods_.end() ? nullptr : &found->second.forms;
}

std::vector<std::string_view> QueryRouter::methods() const {
  std::vector<std::string_view> names;
  for (const auto& [name, method] : methods_) names.push_back(name);
  return names;
}

void QueryRouter::insert(std::string method, QueryForms forms, Answer answer) {
  const bool is_new = methods_.emplace(std::move(method), Method{forms, std::move(answer)}).second;
  CHECK(is_new, "a query method is registered once");
}

void QueryRouter::set_json_reader(std::string_view method,
                                  Result<Bytes, JsonError> (*reader)(const JsonCursor&,
                                                                     const codec::AnyJson&)) {
  methods_.find(method)->second.forms.from_json = reader;
}

}  // namespace buri::consensus::runtime
