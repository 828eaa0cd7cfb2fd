#pragma once

#include "node/consensus/runtime/module.hpp"

namespace buri::consensus::runtime {

/// A module's part of a genesis held in memory: `rest` still contains the arrays.
class GenesisValue final : public GenesisSection {
 public:
  /// Borrows `value`.
  explicit GenesisValue(const JsonValue& value) : value_(&value) {}
  [[nodiscard]] JsonCursor rest() const override { return JsonCursor(*value_); }
  Status<Error> for_each(std::string_view array, const Visitor& visit) const override {
    const auto member = codec::json_member(rest(), array);
    if (!member) return Unit{};
    const auto elements = member->elements(std::size_t{1} << 32);
    if (!elements.ok()) return Failure{genesis_error(array, elements.error())};
    for (const JsonCursor& element : *elements) RETURN_IF_ERROR(visit(element));
    return Unit{};
  }

 private:
  const JsonValue* value_;
};

/// What a module exports.
inline std::string exported(const Module& module, const Context& context) {
  std::string json;
  GenesisSink sink(append_to(json));
  CHECK(module.export_genesis(context, sink).ok() && sink.finish().ok(), "the state exports");
  return json;
}

}  // namespace buri::consensus::runtime
