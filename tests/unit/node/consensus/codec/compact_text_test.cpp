#include "node/consensus/codec/compact_text.hpp"

#include <gtest/gtest.h>

#include "node/consensus/runtime/go_time.hpp"

/// Texts that the libraries of the stock daemon (its SDK fork v0.2.12) print for the same values.

namespace buri::consensus::codec {
namespace {

struct Inner {
  std::int64_t height = 0;
  Duration age{};
  std::vector<std::string> names{};

  static constexpr std::string_view kName = "test.Inner";
  static constexpr auto fields() {
    return fields_of(Field{1, "height", &Inner::height}, Field{2, "age", &Inner::age},
                     Field{3, "names", &Inner::names});
  }
};

struct Outer {
  std::string authority{};
  std::optional<Inner> inner{};
  std::optional<Inner> other{};

  static constexpr std::string_view kName = "test.Outer";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &Outer::authority}, Field{2, "inner", &Outer::inner},
                     Field{3, "other", &Outer::other});
  }
};

std::string text_of(const Outer& message) {
  std::string text;
  append_compact_text(text, message);
  return text;
}

TEST(CompactText, LeavesOutWhatIsNotSet) {
  EXPECT_EQ(text_of({}), "");
  EXPECT_EQ(text_of({.inner = Inner{}}), "inner:<> ");
  EXPECT_EQ(text_of({.authority = "0x7", .inner = Inner{.height = -1}}),
            "authority:\"0x7\" inner:<height:-1 > ");
}

TEST(CompactText, PrintsSpansAsMessages) {
  EXPECT_EQ(text_of({.inner = Inner{.age = {90, 5}}}), "inner:<age:<seconds:90 nanos:5 > > ");
  EXPECT_EQ(text_of({.inner = Inner{.age = {-1, -500'000'000}}}),
            "inner:<age:<seconds:-1 nanos:-500000000 > > ");
}

TEST(CompactText, EscapesWhatIsNotPrintable) {
  EXPECT_EQ(text_of({.inner = Inner{.names = {"secp256k1", "a\"\n\001\303\251\377"}}}),
            R"(inner:<names:"secp256k1" names:"a\"\n\001\303\251\377" > )");
}

TEST(GoDuration, PrintsAsGoDoes) {
  const std::vector<std::pair<std::int64_t, std::string>> cases{
      {0, "0s"},
      {1, "1ns"},
      {999, "999ns"},
      {1'000, "1µs"},
      {1'500, "1.5µs"},
      {1'000'000, "1ms"},
      {1'500'000, "1.5ms"},
      {999'999'999, "999.999999ms"},
      {1'000'000'000, "1s"},
      {61'000'000'000, "1m1s"},
      {3'600'000'000'000, "1h0m0s"},
      {90'061'000'000'001, "25h1m1.000000001s"},
      {-1'500'000'000, "-1.5s"},
      {172'800'000'000'000, "48h0m0s"},
      {INT64_MIN, "-2562047h47m16.854775808s"},
      {INT64_MAX, "2562047h47m16.854775807s"}};
  for (const auto& [nanoseconds, text] : cases) {
    EXPECT_EQ(runtime::go_duration_text(nanoseconds), text);
  }
}

TEST(GoDuration, StopsAtTheEndsOfItsRange) {
  EXPECT_EQ(runtime::go_nanoseconds({INT64_MAX, 0}), INT64_MAX);
  EXPECT_EQ(runtime::go_nanoseconds_between({INT64_MAX, 0}, {}), INT64_MIN);
  EXPECT_EQ(runtime::go_nanoseconds_between({1, 999'999'999}, {2, 0}), 1);
}

}  // namespace
}  // namespace buri::consensus::codec
