#include "base/json.hpp"

#include <gtest/gtest.h>

#include "base/json_cursor.hpp"

namespace buri {
namespace {

JsonValue parsed(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value.ok()) << text;
  return value.ok() ? *std::move(value) : JsonValue{};
}

JsonError error_of(std::string_view text, const JsonLimits& limits = {}) {
  const auto value = parse_json(text, limits);
  EXPECT_FALSE(value.ok()) << text;
  return value.ok() ? JsonError{} : value.error();
}

TEST(Json, KeepsNumbersAsWritten) {
  const JsonValue root = parsed(R"({"a": 123456789012345678901234567890, "b": 1.50, "c": -0})");
  EXPECT_EQ(root.children[0].text, "123456789012345678901234567890");
  EXPECT_EQ(root.children[1].text, "1.50");
  EXPECT_EQ(root.children[2].text, "-0");
}

TEST(Json, RefusesAKeyTwiceInOneObjectOnly) {
  EXPECT_EQ(error_of("{\"a\": 1,\n \"a\": 2}").found, "\"a\" a second time");
  EXPECT_EQ(error_of("{\"a\": 1,\n \"a\": 2}").path, "line 2, column 4");
  parsed(R"({"a": {"a": 1}, "b": {"a": 1}})");
}

TEST(Json, RefusesAKeyTwiceAmongMany) {
  for (const int repeated : {0, 31, 32, 33, 99}) {
    std::string text = "{";
    for (int i = 0; i < 100; ++i) {
      // Every value is an object with as many keys, some of them those of the object around it.
      text += "\"" + std::to_string(i) + "\": {";
      for (int j = 0; j < 40; ++j) text += "\"" + std::to_string(j) + "\": 0, ";
      text += "\"last\": 0}, ";
    }
    parsed(text + "\"last\": 0}");
    const std::string key = "\"" + std::to_string(repeated) + "\"";
    EXPECT_EQ(error_of(text + key + ": 0}").found, key + " a second time");
  }
}

TEST(Json, RefusesASpellingOfAKeyTwice) {
  EXPECT_EQ(error_of(R"({"a": 1, "\u0061": 2})").found, "\"a\" a second time");
}

TEST(Json, RefusesTextAfterTheDocument) {
  EXPECT_EQ(error_of("{} x").expected, "the end of the document");
  parsed("{} \n");
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const char* text : {"", " ", "{", "[1,]", "{'a':1}", "01", "1.", "nul", "\"\x01\"",
                           "\"\xff\"", "// c\n1", "[1 2]"}) {
    EXPECT_FALSE(parse_json(text).ok()) << text;
  }
}

TEST(Json, BoundsSizeDepthAndCount) {
  EXPECT_EQ(error_of("[1,2,3]", {.max_bytes = 6}).found, "7 bytes");
  EXPECT_FALSE(parse_json("[[[1]]]", {.max_depth = 2}).ok());
  EXPECT_EQ(error_of("[1,2,3]", {.max_values = 3}).found, "too many values");
  EXPECT_TRUE(parse_json("[1,2]", {.max_values = 3}).ok());
  EXPECT_EQ(error_of(R"({"a":1,"b":2})", {.max_members = 1}).found, "too many keys");
}

TEST(JsonCursor, NamesThePathOfAWrongValue) {
  const JsonValue root = parsed(R"({"a": [{"b": "x"}, {"b": 12}]})");
  const auto elements = JsonCursor(root).member("a")->elements(2);
  ASSERT_TRUE(elements.ok());
  const auto text = elements.value()[1].member("b")->string();
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(describe(text.error()), "a[1].b: expected a string, found 12");
  EXPECT_EQ(describe(elements.value()[0].member("c").error()),
            "a[0].c: expected a value, found no such field");
  EXPECT_EQ(describe(JsonCursor(root).string().error()),
            "document: expected a string, found an object");
  EXPECT_FALSE(JsonCursor(root).member("a")->elements(1).ok());
}

TEST(JsonCursor, RefusesUnknownFields) {
  const JsonValue root = parsed(R"({"a": 1, "canonicel": true})");
  const auto status = JsonCursor(root).allow_only({"a", "canonical"});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(describe(status.error()),
            "document: expected only the fields a, canonical, found \"canonicel\"");
}

TEST(JsonCursor, IntegersHaveOneSpelling) {
  for (const char* text : {"\"01\"", "\"+1\"", "\"-0\"", "\" 1\"", "\"1 \"", "\"\"", "\"1.0\"",
                           "\"9223372036854775808\"", "1", "null"}) {
    const JsonValue root = parsed(text);
    EXPECT_FALSE(JsonCursor(root).int64_string(INT64_MIN, INT64_MAX).ok()) << text;
  }
  const JsonValue lowest = parsed("\"-9223372036854775808\"");
  EXPECT_EQ(JsonCursor(lowest).int64_string(INT64_MIN, INT64_MAX).value(), INT64_MIN);
  EXPECT_FALSE(JsonCursor(lowest).int64_string(0, INT64_MAX).ok());
  for (const char* text : {"-1", "1.0", "1e2", "\"1\"", "256"}) {
    const JsonValue root = parsed(text);
    EXPECT_FALSE(JsonCursor(root).unsigned_number(255).ok()) << text;
  }
}

TEST(JsonCursor, HexHasOneSpelling) {
  const JsonValue upper = parsed("\"AB01\"");
  EXPECT_EQ(JsonCursor(upper).hex(HexStyle::kUpper).value(), (Bytes{0xab, 0x01}));
  EXPECT_FALSE(JsonCursor(upper).hex(HexStyle::kPrefixedLower).ok());
  EXPECT_FALSE(JsonCursor(upper).fixed_hex<3>(HexStyle::kUpper).ok());
  for (const char* text : {"\"Ab01\"", "\"0xAB01\"", "\"0XAB01\"", "\"AB0\"", "\"AB0G\"", "12"}) {
    const JsonValue root = parsed(text);
    EXPECT_FALSE(JsonCursor(root).hex(HexStyle::kUpper).ok()) << text;
    EXPECT_FALSE(JsonCursor(root).hex(HexStyle::kPrefixedLower).ok()) << text;
  }
}

TEST(JsonCursor, QuantitiesHaveOneSpelling) {
  const JsonValue good = parsed("\"0x1b4\"");
  EXPECT_EQ(JsonCursor(good).quantity().value(), 436u);
  for (const char* text :
       {"\"0x\"", "\"0x01\"", "\"0x1B\"", "\"1b\"", "\"0x10000000000000000\"", "1"}) {
    const JsonValue root = parsed(text);
    EXPECT_FALSE(JsonCursor(root).quantity().ok()) << text;
  }
}

}  // namespace
}  // namespace buri
