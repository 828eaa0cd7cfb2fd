#include "tests/unit/node/consensus/api/rpc_transcripts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/json_text.hpp"
#include "node/consensus/records/lines.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::api {
namespace {

const JsonValue* member(const JsonValue& value, std::string_view name) {
  const auto found = std::ranges::find(value.children, name, &JsonValue::key);
  return found == value.children.end() ? nullptr : &*found;
}

std::optional<std::string> text_of(const JsonValue& value, std::string_view name) {
  const JsonValue* found = member(value, name);
  if (found == nullptr) return std::nullopt;
  return found->text;
}

Transcript transcript_of(const JsonValue& recorded) {
  Transcript made{.request = {"GET", "/", {{"Host", "127.0.0.1:31001"}}, "", "127.0.0.1:1"},
                  .status = std::stoi(member(recorded, "status")->text),
                  .content_type = text_of(recorded, "content_type"),
                  .text = text_of(recorded, "text"),
                  .json = {}};
  if (const auto path = text_of(recorded, "path")) made.request.target = *path;
  if (const auto body = text_of(recorded, "post")) {
    made.request.method = "POST";
    made.request.body = *body;
  }
  if (const JsonValue* json = member(recorded, "json")) made.json = to_json(*json);
  return made;
}

}  // namespace

bool Transcript::asks_application() const {
  return (request.target + request.body).find("abci_query") != std::string::npos;
}

void Transcript::expect(const HttpResponse& found) const {
  const std::string name = request.method + " " + request.target + " " + request.body;
  EXPECT_EQ(found.status, status) << name;
  if (content_type) EXPECT_EQ(found.content_type, *content_type) << name;
  if (text) {
    EXPECT_EQ(found.body, *text) << name;
    return;
  }
  const auto body = parse_json(found.body);
  ASSERT_TRUE(body.ok()) << name << found.body;
  EXPECT_EQ(to_json(*body), json) << name;
}

std::vector<Transcript> read_transcripts() {
  const std::string path =
      testing::fixtures_folder() + "/../golden/heimdall-devnet/api/rpc.json.xz";
  const JsonValue recorded = parse_json(records::read_text(path).value()).value();
  std::vector<Transcript> all;
  for (const std::string_view list : {"uri", "post"}) {
    for (const JsonValue& one : member(recorded, list)->children) {
      all.push_back(transcript_of(one));
    }
  }
  return all;
}

}  // namespace buri::consensus::api
