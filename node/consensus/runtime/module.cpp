#include "node/consensus/runtime/module.hpp"

namespace buri::consensus::runtime {

Status<Error> GenesisValue::for_each(std::string_view array, const Visitor& visit) const {
  const auto member = codec::json_member(rest(), array);
  if (!member) return Unit{};
  const auto elements = member->elements(std::size_t{1} << 32);
  if (!elements.ok()) return Failure{genesis_error(array, elements.error())};
  for (const JsonCursor& element : *elements) RETURN_IF_ERROR(visit(element));
  return Unit{};
}

Error genesis_error(std::string_view module, const JsonError& error) {
  return plain_error("genesis of " + std::string(module) + ": " + describe(error));
}

}  // namespace buri::consensus::runtime
