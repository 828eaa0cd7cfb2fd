#include "base/host_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace buri {
namespace {

TEST(HostName, IsLettersDigitsDotsDashesAndUnderscores) {
  EXPECT_TRUE(is_host_name("seed-1.example.org"));
  EXPECT_TRUE(is_host_name("bor_0"));
  EXPECT_TRUE(is_host_name("10.1.2.3"));
  for (const char* text : {"", "a b", "::1", "a/b", "h\xc3\xb6st", "a%31"}) {
    EXPECT_FALSE(is_host_name(text)) << text;
  }
}

TEST(HostName, HasAtMost253Characters) {
  EXPECT_TRUE(is_host_name(std::string(253, 'a')));
  EXPECT_FALSE(is_host_name(std::string(254, 'a')));
}

}  // namespace
}  // namespace buri
