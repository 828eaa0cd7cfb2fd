#include <gtest/gtest.h>

#include <filesystem>

#include "base/json_cursor.hpp"
#include "node/consensus/modules/bor/module.hpp"
#include "node/consensus/modules/bor/query_types.hpp"
#include "node/consensus/modules/milestone/module.hpp"
#include "node/consensus/modules/milestone/query_types.hpp"
#include "node/consensus/runtime/keys.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"
#include "tests/unit/node/consensus/app/scripted_facts.hpp"

/// What the stock daemon answered when it stood at the last height of chain A, against the queries
/// of modules bor and milestone on the recorded state of that height.

namespace buri::consensus::app {
namespace {

namespace bor = modules::bor;
namespace milestone = modules::milestone;

/// One form of a document, whatever its spaces and order of members; null as empty text.
std::string canonical(const JsonValue& value) {
  using enum JsonValue::Kind;
  if (value.kind == kNull) return "\"\"";
  if (value.kind == kBoolean) return value.boolean ? "true" : "false";
  if (value.kind == kString || value.kind == kNumber) return "\"" + value.text + "\"";
  std::vector<std::string> parts;
  for (const JsonValue& child : value.children) parts.push_back(child.key + canonical(child));
  if (value.kind == kObject) std::ranges::sort(parts);
  std::string text = value.kind == kObject ? "{" : "[";
  for (const std::string& part : parts) text += part + ",";
  return text;
}

template <codec::Message Response>
std::string json_of(ByteView bytes) {
  std::string json;
  codec::append_json(json, codec::decode<Response>(bytes).value());
  return json;
}

/// A recorded path and the same question as protobuf.
struct Question {
  std::string path;
  std::string method;
  Bytes request;
  std::string (*to_json)(ByteView);
};

template <codec::Message Response, codec::Message Request>
Question ask(std::string path, std::string method, const Request& request) {
  return {std::move(path), std::move(method), codec::encode(request), &json_of<Response>};
}

class RecordedQueries : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = recorded_chains_folder();
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recorded chain at " << folder;
    const auto loaded = records::for_each_entry(
        records::existing_path(folder + "/A/kv-328.jsonl"),
        [this](const records::EntryRecord& entry) -> Status<records::RecordError> {
          const auto id = runtime::store_by_name(entry.store).value();
          CHECK(stores_[id].set(entry.key, entry.value).ok(), "memory");
          return Unit{};
        });
    ASSERT_TRUE(loaded.ok());
    const auto text = records::read_text(records::existing_path(folder + "/api/rest.json")).value();
    answers_ = parse_json(text).value().children;
    bor_.register_queries(router_);
    milestone_.register_queries(router_);
  }

  runtime::QueryResult<Bytes> answer(const Question& question) {
    return router_.answer({facts_, branch_, meter_, events_}, question.method, question.request);
  }
  /// The recorded answer to a path.
  JsonCursor recorded(const std::string& path) {
    const auto found = std::ranges::find_if(answers_, [&path](const JsonValue& one) {
      return JsonCursor(one).member("path")->string().value() == path;
    });
    CHECK(found != answers_.end(), "the path was recorded");
    return JsonCursor(*found).member("json").value();
  }
  void expect_equal(const Question& question) {
    SCOPED_TRACE(question.path);
    const auto bytes = answer(question);
    ASSERT_TRUE(bytes.ok()) << bytes.error().text;
    const auto json = parse_json(question.to_json(*bytes)).value();
    EXPECT_EQ(canonical(json), canonical(recorded(question.path).value()));
  }
  void expect_refused(const Question& question) {
    SCOPED_TRACE(question.path);
    const auto bytes = answer(question);
    ASSERT_FALSE(bytes.ok());
    const JsonCursor error = recorded(question.path);
    const auto code = error.member("code")->unsigned_number(100).value();
    EXPECT_EQ(static_cast<std::uint64_t>(bytes.error().code), code);
    EXPECT_EQ(bytes.error().text, error.member("message")->string().value());
  }

  std::vector<JsonValue> answers_;
  protocol::ScriptedBorChain chain_;
  bor::Module bor_{chain_};
  milestone::Module milestone_;
  runtime::QueryRouter router_;
  runtime::MemoryStores stores_;
  store::Branch branch_{stores_.stores()};
  runtime::BlockFacts facts_;
  runtime::GasMeter meter_ = runtime::GasMeter::infinite();
  runtime::EventLog events_;
};

const std::string kBor = "heimdallv2.bor.Query/";
const std::string kMilestone = "heimdallv2.milestone.Query/";

Question ask_spans(const std::string& arguments, const runtime::PageRequest& page) {
  return ask<bor::QuerySpanListResponse>("/bor/spans/list" + arguments, kBor + "GetSpanList",
                                         bor::QuerySpanListRequest{page});
}
Question ask_span(const std::string& id) {
  return ask<bor::QuerySpanByIdResponse>("/bor/spans/" + id, kBor + "GetSpanById",
                                         bor::QuerySpanByIdRequest{id});
}
Question ask_downtime(std::uint64_t id) {
  return ask<bor::QueryProducerPlannedDowntimeResponse>(
      "/bor/producers/planned-downtime/" + std::to_string(id), kBor + "GetProducerPlannedDowntime",
      bor::QueryProducerPlannedDowntimeRequest{id});
}
Question ask_milestone(std::uint64_t number) {
  return ask<milestone::QueryMilestoneResponse>("/milestones/" + std::to_string(number),
                                                kMilestone + "GetMilestoneByNumber",
                                                milestone::QueryMilestoneRequest{number});
}

TEST_F(RecordedQueries, OfBorAreAnsweredAlike) {
  expect_equal(ask_spans("?pagination.limit=2", {.limit = 2}));
  expect_equal(
      ask_spans("?pagination.limit=2&pagination.reverse=true", {.limit = 2, .reverse = true}));
  expect_equal(ask_spans("?pagination.limit=2&pagination.offset=1&pagination.count_total=true",
                         {.offset = 1, .limit = 2, .count_total = true}));
  expect_equal(ask<bor::QueryLatestSpanResponse>("/bor/spans/latest", kBor + "GetLatestSpan",
                                                 bor::QueryLatestSpanRequest{}));
  expect_equal(ask_span("0"));
  expect_equal(ask_span("1"));
  expect_equal(ask<bor::QueryParamsResponse>("/bor/params", kBor + "GetBorParams",
                                             bor::QueryParamsRequest{}));
  for (const std::uint64_t id : {1U, 2U, 77U}) {
    expect_equal(ask<bor::QueryProducerVotesByValidatorIdResponse>(
        "/bor/producer-votes/" + std::to_string(id), kBor + "GetProducerVotesByValidatorId",
        bor::QueryProducerVotesByValidatorIdRequest{id}));
  }
  expect_equal(ask_downtime(1));
}

TEST_F(RecordedQueries, OfBorGiveTheSameMaps) {
  expect_equal(ask<bor::QueryProducerVotesResponse>(
      "/bor/producer-votes", kBor + "GetProducerVotes", bor::QueryProducerVotesRequest{}));
  expect_equal(ask<bor::QueryValidatorPerformanceScoreResponse>(
      "/bor/validator-performance-score", kBor + "GetValidatorPerformanceScore",
      bor::QueryValidatorPerformanceScoreRequest{}));
}

TEST_F(RecordedQueries, OfMilestoneAreAnsweredAlike) {
  expect_equal(ask<milestone::QueryParamsResponse>(
      "/milestones/params", kMilestone + "GetMilestoneParams", milestone::QueryParamsRequest{}));
  expect_equal(ask<milestone::QueryCountResponse>(
      "/milestones/count", kMilestone + "GetMilestoneCount", milestone::QueryCountRequest{}));
  expect_equal(ask<milestone::QueryLatestMilestoneResponse>(
      "/milestones/latest", kMilestone + "GetLatestMilestone",
      milestone::QueryLatestMilestoneRequest{}));
  expect_equal(ask_milestone(1));
  expect_equal(ask_milestone(100));
}

TEST_F(RecordedQueries, AreRefusedAlike) {
  expect_refused(ask_spans("", {}));
  expect_refused(ask_spans("?pagination.limit=1001", {.limit = 1001}));
  expect_refused(ask_span("999"));
  expect_refused(ask_span("abc"));
  expect_refused(ask_span("-1"));
  expect_refused(ask_downtime(2));
  expect_refused(ask_downtime(77));
  expect_refused(ask_milestone(0));
  expect_refused(ask_milestone(9999));
}

TEST_F(RecordedQueries, FollowPagesByTheirKeys) {
  std::vector<std::uint64_t> ids;
  runtime::PageRequest page{.limit = 4};
  do {
    const auto bytes = answer(ask_spans("", page));
    const auto response = codec::decode<bor::QuerySpanListResponse>(bytes.value()).value();
    for (const bor::Span& span : response.span_list) ids.push_back(span.id);
    page.key = response.pagination.next_key;
  } while (!page.key.empty());
  EXPECT_EQ(ids, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  page = {.key = runtime::number_value(3), .limit = 2, .reverse = true};
  const auto bytes = answer(ask_spans("", page)).value();
  const auto response = codec::decode<bor::QuerySpanListResponse>(bytes).value();
  ASSERT_EQ(response.span_list.size(), 2U);
  EXPECT_EQ(response.span_list[0].id, 3U);
  EXPECT_EQ(response.pagination.next_key, runtime::number_value(1));
  page.offset = 1;
  EXPECT_FALSE(answer(ask_spans("", page)).ok());
  const auto beyond = answer(ask_spans("", {.offset = 12, .limit = 1})).value();
  EXPECT_TRUE(codec::decode<bor::QuerySpanListResponse>(beyond)->span_list.empty());
}

}  // namespace
}  // namespace buri::consensus::app
