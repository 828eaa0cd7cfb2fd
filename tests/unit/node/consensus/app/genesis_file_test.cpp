#include "node/consensus/app/genesis_file.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>

#include "tests/unit/node/consensus/app/recorded_chain.hpp"

/// Genesis files read in pieces against the same documents held in memory.

namespace buri::consensus::app {
namespace {

using runtime::Error;

std::unique_ptr<GenesisFile> open(std::string text) {
  auto file = GenesisFile::open(in_memory(std::move(text)));
  CHECK(file.ok(), "the test's document is a genesis");
  return std::move(file).value();
}

std::vector<std::string> walk(const runtime::GenesisSection& section, std::string_view array) {
  std::vector<std::string> texts;
  const auto walked = section.for_each(array, [&](const JsonCursor& element) -> Status<Error> {
    texts.push_back(element.value().text);
    return Unit{};
  });
  CHECK(walked.ok(), "walks");
  return texts;
}

TEST(GenesisFile, GivesPartsAndTheHeadApart) {
  const auto file = open(R"( {"chain_id":"c","app_state":{"a":{"list":["x","y\"]"],"n":"1"},
      "b":null}, "initial_height" : "7"} )");
  EXPECT_EQ(JsonCursor(file->head()).member("chain_id")->string().value(), "c");
  EXPECT_EQ(JsonCursor(file->head()).member("initial_height")->string().value(), "7");
  EXPECT_FALSE(JsonCursor(file->head()).has("app_state"));
  const auto a = file->section("a").value();
  EXPECT_EQ(a->rest().member("n")->string().value(), "1");
  EXPECT_EQ(walk(*a, "list"), (std::vector<std::string>{"x", "y\"]"}));
  EXPECT_EQ(walk(*a, "absent"), std::vector<std::string>{});
  EXPECT_TRUE(a->check_all_walked().ok());
  EXPECT_FALSE(file->section("b").value()->rest().has("list"));
  EXPECT_FALSE(file->section("missing").value()->rest().has("list"));
}

TEST(GenesisFile, FindsArraysUnderEitherSpelling) {
  const auto file = open(R"({"app_state":{"a":{"twoWords":["1"],"nothing":null}}})");
  const auto section = file->section("a").value();
  EXPECT_EQ(walk(*section, "two_words"), (std::vector<std::string>{"1"}));
  EXPECT_EQ(walk(*section, "nothing"), std::vector<std::string>{});
}

TEST(GenesisFile, KeepsLongArraysOutOfMemoryAndMissesNone) {
  std::string text = R"({"app_state":{"a":{"small":"s","list":[)";
  constexpr std::size_t kElements = 50'000;
  for (std::size_t i = 0; i < kElements; ++i) {
    text += (i > 0 ? ",\"" : "\"") + std::string(100, 'x') + std::to_string(i) + '"';
  }
  text += "]}}}";
  const auto file = open(std::move(text));
  const auto section = file->section("a").value();
  EXPECT_FALSE(section->rest().has("list"));
  EXPECT_EQ(section->rest().member("small")->string().value(), "s");
  EXPECT_FALSE(section->check_all_walked().ok());
  const auto elements = walk(*section, "list");
  ASSERT_EQ(elements.size(), kElements);
  EXPECT_TRUE(elements.back().ends_with("x" + std::to_string(kElements - 1)));
  EXPECT_TRUE(section->check_all_walked().ok());
}

TEST(GenesisFile, HandsUpTheErrorOfAVisitor) {
  const auto file = open(R"({"app_state":{"a":{"list":["1","2"]}}})");
  const auto section = file->section("a").value();
  const auto walked = section->for_each(
      "list", [](const JsonCursor&) -> Status<Error> { return Failure{runtime::fatal("disk")}; });
  ASSERT_FALSE(walked.ok());
  EXPECT_EQ(walked.error(), runtime::fatal("disk"));
}

TEST(GenesisFile, RefusesWhatIsNoGenesis) {
  for (const char* text :
       {"", "[]", "{", R"({"app_state":{}} x)", R"({"a":1})", R"({"app_state":{"a":[]}})",
        R"({"app_state":{"a":{}},"app_state":{}})", R"({"app_state":{"a":{"b":1,}}})",
        R"({"app_state":{"a":{"b" 1}}})", R"({"app_state":{"a":{"b":"1}}})",
        R"({"app_state":{"\u0061":{}}})", R"({"chain_id":tru,"app_state":{}})"}) {
    EXPECT_FALSE(GenesisFile::open(in_memory(text)).ok()) << text;
  }
  const auto file = open(R"({"app_state":{"a":{"list":["1",],"bad":[1 2]}}})");
  EXPECT_FALSE(file->section("a").ok()) << "what is kept in memory is parsed strictly";
}

bool is_same(const JsonValue& a, const JsonValue& b) {
  return a.kind == b.kind && a.text == b.text && a.boolean == b.boolean && a.key == b.key &&
         std::ranges::equal(a.children, b.children, is_same);
}

TEST(GenesisFile, ReadsARecordedGenesisFromDiskAsFromMemory) {
  std::string why;
  if (recorded_chain("A", why) == nullptr) GTEST_SKIP() << why;
  const auto text =
      records::read_text(records::existing_path(recorded_chains_folder() + "/A/genesis.json"));
  const JsonValue document = parse_json(text.value()).value();
  const std::string path = ::testing::TempDir() + "/genesis_" + std::to_string(::getpid());
  std::ofstream(path) << text.value();
  auto source = open_file(path);
  ASSERT_TRUE(source.ok()) << source.error();
  const auto file = GenesisFile::open(std::move(source).value()).value();
  const JsonCursor state = JsonCursor(document).member("app_state").value();
  std::size_t arrays = 0;
  for (const JsonValue& module : state.value().children) {
    SCOPED_TRACE(module.key);
    const auto section = file->section(module.key).value();
    ASSERT_EQ(section->rest().value().children.size(), module.children.size());
    for (std::size_t i = 0; i < module.children.size(); ++i) {
      const JsonValue& member = module.children[i];
      EXPECT_TRUE(is_same(section->rest().value().children[i], member)) << member.key;
      if (member.kind != JsonValue::Kind::kArray) continue;
      std::size_t at = 0;
      ASSERT_TRUE(section
                      ->for_each(member.key,
                                 [&](const JsonCursor& element) -> Status<Error> {
                                   EXPECT_TRUE(is_same(element.value(), member.children[at++]));
                                   return Unit{};
                                 })
                      .ok());
      EXPECT_EQ(at, member.children.size());
      ++arrays;
    }
  }
  EXPECT_GT(arrays, 5U);
  ::unlink(path.c_str());
}

TEST(GenesisFile, KnowsWhichModulesHaveAPart) {
  const auto file = open(R"({"app_state":{"b":{},"a":{"n":1},"gone":null}})");
  EXPECT_EQ(file->modules(), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(file->has("b"));
  EXPECT_FALSE(file->has("gone"));
}

std::string genesis_with(std::string_view head) {
  return R"({"chain_id":"c","genesis_time":"2026-11-25T17:14:57Z","app_state":{},)" +
         std::string(head) + "}";
}

TEST(GenesisHead, IsReadInBothForms) {
  for (const char* head :
       {R"("initial_height":"7","consensus_params":{"block":{"max_gas":"5"}})",
        R"("initial_height":7,"consensus":{"validators":[],"params":{"block":{"max_gas":5}}})"}) {
    const auto genesis = open_genesis(in_memory(genesis_with(head)));
    ASSERT_TRUE(genesis.ok()) << describe(genesis.error());
    EXPECT_EQ(genesis->head.chain_id, "c");
    EXPECT_EQ(genesis->head.initial_height, 7);
    EXPECT_EQ(genesis->head.params.block->max_gas, 5);
    EXPECT_TRUE(genesis->head.params.blob.has_value()) << "every section is there";
  }
}

TEST(GenesisHead, CountsHeightZeroAsOne) {
  const auto genesis =
      open_genesis(in_memory(genesis_with(R"("initial_height":"0","consensus_params":{})")));
  EXPECT_EQ(genesis->head.initial_height, 1);
}

TEST(GenesisHead, NamesWhatDoesNotFit) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("initial_height":-1,"consensus_params":{})", "height above 0"},
      {R"("initial_height":1)", "consensus"},
      {R"("consensus_params":{"block":{"max_gas":"x"}})", "max_gas"}};
  for (const auto& [head, part] : cases) {
    const auto genesis = open_genesis(in_memory(genesis_with(head)));
    ASSERT_FALSE(genesis.ok()) << head;
    EXPECT_NE(describe(genesis.error()).find(part), std::string::npos) << describe(genesis.error());
  }
}

TEST(GenesisFile, NamesAFileThatIsNotThere) {
  EXPECT_FALSE(open_file("/nonexistent/genesis.json").ok());
  EXPECT_FALSE(open_file("/").ok());
}

}  // namespace
}  // namespace buri::consensus::app
