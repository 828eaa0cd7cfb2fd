#include "base/toml.hpp"

#include <gtest/gtest.h>

namespace buri {
namespace {

TEST(Toml, ReadsATable) {
  const auto table = parse_toml("[a]\nb = 7\n");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table.value()["a"]["b"].value<int>(), 7);
}

TEST(Toml, TellsWhereATextIsNotAscii) {
  const auto fault = parse_toml("a = 1\nb = \"\xc9\xb9\"\n");
  ASSERT_FALSE(fault.ok());
  EXPECT_EQ(fault.error().line, 2u);
  EXPECT_EQ(fault.error().column, 6u);
  EXPECT_FALSE(fault.error().is_ascii);
}

/// Each breaks what toml++ asserts of itself, or nearly does.
TEST(Toml, RefusesWhatIsNoTable) {
  for (const char* text :
       {"[[[", "[[ [", "[=]", "[", "[[", "[a.", "[a.=", "a.=1", "a..b = 1", "= 1", "a = [[[",
        "a = {b", "a = {,}", "a = {b.= 1}", "a =", "\"\"\"a\"\"\" = 1"}) {
    const auto fault = parse_toml(text);
    ASSERT_FALSE(fault.ok()) << text;
    EXPECT_TRUE(fault.error().is_ascii) << text;
    EXPECT_EQ(fault.error().line, 1u) << text;
    EXPECT_FALSE(fault.error().found.empty()) << text;
  }
}

}  // namespace
}  // namespace buri
