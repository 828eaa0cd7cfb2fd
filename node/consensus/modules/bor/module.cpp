#include "node/consensus/modules/bor/module.hpp"

#include <algorithm>

namespace buri::consensus::modules::bor {

using runtime::Context;
using runtime::Error;

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  const auto state = codec::from_json<GenesisState>(section.rest());
  if (!state.ok()) return Failure{runtime::genesis_error("bor", state.error())};
  RETURN_IF_ERROR(validate(state->params));
  RETURN_IF_ERROR(keeper_.set_params(context, state->params));
  std::uint64_t last_id = 0;
  bool has_span = false;
  RETURN_IF_ERROR(section.for_each("spans", [&](const JsonCursor& element) -> Status<Error> {
    const auto span = codec::from_json<Span>(element);
    if (!span.ok()) return Failure{runtime::genesis_error("bor", span.error())};
    last_id = std::max(last_id, span->id);
    has_span = true;
    return keeper_.put_span(context, *span);
  }));
  return has_span ? keeper_.set_last_span_id(context, last_id) : Status<Error>(Unit{});
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  ASSIGN_OR_RETURN(const Params params, keeper_.params(context));
  sink.text() += "{\"params\":";
  codec::append_json(sink.text(), params);
  sink.text() += ',';
  sink.begin_array("spans");
  RETURN_IF_ERROR(keeper_.for_each_span(context, runtime::message_elements(sink)));
  sink.end_array();
  sink.text() += '}';
  return Unit{};
}

}  // namespace buri::consensus::modules::bor
