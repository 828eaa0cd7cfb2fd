#include "base/check.hpp"
#include "node/consensus/api/event_query.hpp"

/// A query as subscribers write it: refused with a sentence, or a set of conditions whose canonical
/// form is the same query.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto query = api::EventQuery::parse(text);
  if (!query.ok()) {
    CHECK(!query.error().empty(), "a refusal says why");
    return 0;
  }
  const auto again = api::EventQuery::parse(query->canonical());
  CHECK(again.ok() && again->canonical() == query->canonical(), "the canonical form is the query");
  api::EventAttributes attributes;
  for (const api::QueryCondition& condition : query->conditions()) {
    attributes[condition.tag] = {
        "", "7", "-6.50pol", "2026-11-25", "2026-11-25T17:13:31.5+01:00", std::string(text)};
  }
  CHECK(query->matches(attributes) == again->matches(attributes), "both find the same events");
  return 0;
}
