#include "node/consensus/codec/message.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/codec/json.hpp"
#include "node/consensus/codec/unknown_fields.hpp"

namespace buri::consensus::codec {
namespace {

struct Inner {
  std::uint64_t number = 0;
  static constexpr std::string_view kName = "test.Inner";
  static constexpr auto fields() { return std::tuple{Field{1, "number", &Inner::number}}; }
  friend bool operator==(const Inner&, const Inner&) = default;
};

struct Outer {
  std::string text;
  Inner always;
  std::optional<Inner> maybe;
  std::vector<std::uint64_t> packed;
  std::int64_t signed_number = 0;
  std::vector<Inner> many;
  Bytes data;
  Any any;

  static constexpr std::string_view kName = "test.Outer";
  static constexpr auto fields() {
    return std::tuple{Field{1, "text", &Outer::text},
                      Field{2, "always", &Outer::always},
                      Field{3, "maybe", &Outer::maybe},
                      Field{4, "packed", &Outer::packed},
                      Field{5, "signed_number", &Outer::signed_number},
                      Field{6, "many", &Outer::many},
                      Field{7, "data", &Outer::data},
                      Field{8, "any", &Outer::any}};
  }
  friend bool operator==(const Outer&, const Outer&) = default;
};

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Result<bool, DecodeError> walk(std::string_view bytes, UnknownFieldRules rules = {}) {
  const AnyResolver resolve = [](std::string_view url) {
    return url == "/test.Inner" ? &descriptor<Inner>() : nullptr;
  };
  return find_unknown_fields(hex(bytes), descriptor<Outer>(), resolve, rules);
}

TEST(Message, WritesNonNullableSubMessagesEvenWhenEmpty) {
  EXPECT_EQ(to_hex(encode(Outer{})), "12004200");
}

TEST(Message, RoundTripsEveryKindOfField) {
  const Outer outer{.text = "ab",
                    .always = {7},
                    .maybe = Inner{},
                    .packed = {1, 300},
                    .signed_number = -1,
                    .many = {{1}, {0}},
                    .data = {0},
                    .any = {"/x", {1}}};
  const Bytes bytes = encode(outer);
  EXPECT_EQ(to_hex(bytes),
            "0a026162120208071a00220301ac0228ffffffffffffffffff01320208013200"
            "3a010042070a022f78120101");
  EXPECT_EQ(decode<Outer>(bytes).value(), outer);
}

TEST(Message, TakesFieldsInAnyOrderAndTheLastOfASingleOne) {
  EXPECT_EQ(decode<Outer>(hex("2805"
                              "0a0161"
                              "0a0162"))
                .value()
                .text,
            "b");
}

TEST(Message, MergesARepeatedSubMessage) {
  EXPECT_EQ(decode<Outer>(hex("12020807"
                              "1200"))
                .value()
                .always.number,
            7U);
}

TEST(Message, TakesIntegersPackedAndNot) {
  EXPECT_EQ(decode<Outer>(hex("2001"
                              "22020203"))
                .value()
                .packed,
            (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(Message, SkipsUnknownFieldsAndGroups) {
  EXPECT_EQ(decode<Outer>(hex("f801"
                              "01"
                              "fb01"
                              "0801"
                              "fc01"
                              "0a0161"))
                .value()
                .text,
            "a");
}

TEST(Message, RefusesWhatTheGeneratedDecoderRefuses) {
  const auto error = [](std::string_view bytes) { return decode<Outer>(hex(bytes)).error(); };
  EXPECT_EQ(error("0a05"), DecodeError::kTruncated);
  EXPECT_EQ(error("0801"), DecodeError::kWireType);
  EXPECT_EQ(error("00"), DecodeError::kBadTag);
  EXPECT_EQ(error("28ffffffffffffffffff02"), DecodeError::kVarintTooLong);
  EXPECT_EQ(error("fc01"), DecodeError::kWireType);
}

TEST(UnknownFields, DescendIntoMessagesAndAnys) {
  EXPECT_FALSE(walk("0a0161").value());
  EXPECT_EQ(walk("4801").error(), DecodeError::kUnknownField);
  EXPECT_EQ(walk("12021001").error(), DecodeError::kUnknownField);
  EXPECT_TRUE(walk("42110a0b2f746573742e496e6e657212020801").value() == false);
  EXPECT_EQ(walk("42110a0b2f746573742e496e6e657212021001").error(), DecodeError::kUnknownField);
  EXPECT_EQ(walk("42040a022f78").error(), DecodeError::kUnresolvableType);
}

TEST(UnknownFields, PassOverNonCriticalOnesOnlyWhereAllowed) {
  EXPECT_EQ(walk("804001").error(), DecodeError::kUnknownField);
  EXPECT_TRUE(walk("804001", {.allow_non_critical = true}).value());
  EXPECT_EQ(walk("4801", {.allow_non_critical = true}).error(), DecodeError::kUnknownField);
}

TEST(UnknownFields, CountMessageDescents) {
  EXPECT_TRUE(walk("12020801", {.depth_limit = 2}).ok());
  EXPECT_EQ(walk("12020801", {.depth_limit = 1}).error(), DecodeError::kNesting);
  EXPECT_TRUE(walk("1200", {.depth_limit = 1}).ok());
}

TEST(MessageJson, ReadsBothSpellingsAndIgnoresStrangers) {
  const auto json = parse_json(R"({"signedNumber": "-5", "packed": ["1", 2], "always":
      {"number": "9"}, "maybe": null, "data": "AQI=", "stranger": {}})")
                        .value();
  const auto outer = from_json<Outer>(JsonCursor(json)).value();
  EXPECT_EQ(outer.signed_number, -5);
  EXPECT_EQ(outer.packed, (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(outer.always.number, 9U);
  EXPECT_EQ(outer.data, (Bytes{1, 2}));
}

TEST(MessageJson, WritesDefaultsAndQuotesLongIntegers) {
  std::string json;
  Outer outer;
  outer.text = "a\"b";
  append_json(json, outer);
  EXPECT_EQ(json, R"({"text":"a\"b","always":{"number":"0"},"maybe":null,"packed":[],)"
                  R"("signed_number":"0","many":[],"data":null,"any":null})");
}

TEST(MessageJson, NamesTheFieldThatDoesNotFit) {
  const auto json = parse_json(R"({"always": {"number": "x"}})").value();
  EXPECT_EQ(from_json<Outer>(JsonCursor(json)).error().path, "always.number");
}

TEST(MessageJson, TimesRoundTrip) {
  for (const char* text :
       {"2026-11-25T17:13:30.380541069Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59.500Z",
        "2020-06-08T10:50:51.933039200Z", "0001-01-01T00:00:00Z"}) {
    EXPECT_EQ(to_rfc3339(timestamp_from_rfc3339(text).value()), text);
  }
  EXPECT_EQ(timestamp_from_rfc3339("1970-01-01T01:30:00+01:30"), Timestamp{});
  for (const char* text : {"", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z",
                           "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z"}) {
    EXPECT_EQ(timestamp_from_rfc3339(text), std::nullopt) << text;
  }
}

TEST(MessageJson, DurationsRoundTrip) {
  for (const char* text : {"1000s", "0s", "1.500s", "-1.000000001s"}) {
    EXPECT_EQ(to_seconds_text(duration_from_seconds_text(text).value()), text);
  }
  EXPECT_EQ(duration_from_seconds_text("5"), std::nullopt);
  EXPECT_EQ(duration_from_seconds_text("--5s"), std::nullopt);
}

}  // namespace
}  // namespace buri::consensus::codec
