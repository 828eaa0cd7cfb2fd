#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "node/consensus/runtime/query_router.hpp"
#include "tests/support/json_comparison.hpp"
#include "tests/unit/node/consensus/app/machine.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"

/// The last state of chain A and what the stock daemon's REST gateway answered there.

namespace buri::consensus::app {
class RecordedAnswers : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    const RecordedChain* chain = recorded_chain("A", why);
    if (chain == nullptr) GTEST_SKIP() << why;
    facts_ = facts_of(*chain, chain->writes.rbegin()->first);
    for (const auto& [height, writes] : chain->writes) apply(writes, stores_);
    const auto text =
        records::read_text(records::existing_path(recorded_chains_folder() + "/api/rest.json"));
    document_ = parse_json(text.value()).value();
    register_queries();
  }

  /// Adds the modules under test to `router_`.
  virtual void register_queries() = 0;

  /// The recorded answer to a path.
  JsonCursor recorded(std::string_view path) const {
    const auto answers = JsonCursor(document_).elements(10'000);
    for (const JsonCursor& one : *answers) {
      if (one.member("path")->string().value() == path) return one;
    }
    CHECK(false, "the path was recorded");
    return JsonCursor(document_);
  }

  template <class Response, class Request>
  void expect(std::string_view path, const std::string& method, const Request& request) {
    SCOPED_TRACE(path);
    store::Branch branch(stores_.stores());
    const runtime::Context context(facts_, branch, meter_, events_);
    const auto answer = router_.answer(context, method, codec::encode(request));
    const JsonCursor expected = recorded(path);
    const JsonValue& body = expected.member("json")->value();
    if (!answer.ok()) {
      const JsonCursor failure = expected.member("json").value();
      ASSERT_TRUE(failure.has("code")) << answer.error().text;
      EXPECT_EQ(static_cast<std::uint64_t>(answer.error().code),
                failure.member("code")->unsigned_number(100).value());
      EXPECT_EQ(answer.error().text, failure.member("message")->string().value());
      return;
    }
    std::string json;
    codec::append_json(json, codec::decode<Response>(*answer).value(),
                       machine_.registry.any_json());
    EXPECT_TRUE(is_same_json_unordered(parse_json(json).value(), body)) << json;
  }

  JsonValue document_;
  runtime::BlockFacts facts_;
  runtime::MemoryStores stores_;
  runtime::GasMeter meter_ = runtime::GasMeter::infinite();
  runtime::EventLog events_;
  runtime::QueryRouter router_;
  Machine machine_;
};

}  // namespace buri::consensus::app
