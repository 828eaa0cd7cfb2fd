#include "base/codec/base64.hpp"

#include <gtest/gtest.h>

namespace buri {
namespace {

Bytes text(std::string_view characters) {
  const ByteView view = as_bytes(characters);
  return {view.begin(), view.end()};
}

// RFC 4648, section 10.
TEST(Base64, MatchesThePublishedVectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(text(plain)), encoded);
    EXPECT_EQ(from_base64(encoded), text(plain)) << encoded;
  }
}

TEST(Base64, UsesTheStandardAlphabet) {
  EXPECT_EQ(to_base64(Bytes{0xfb, 0xff}), "+/8=");
  EXPECT_EQ(from_base64("-_8="), std::nullopt);
}

TEST(Base64, RefusesEveryOtherSpellingOfTheSameBytes) {
  // "Zg==" with unused bits set, without padding, with spaces or a line break.
  for (const char* spelling : {"Zh==", "Zg", "Zg=", "Zg== ", "Z g==", "Zg=\n", "Zm9=", "=Zg="}) {
    EXPECT_EQ(from_base64(spelling), std::nullopt) << spelling;
  }
}

TEST(Base64, RefusesTooMuchPadding) {
  for (const char* spelling : {"====", "A===", "AAAA====", "AA==AA=="}) {
    EXPECT_EQ(from_base64(spelling), std::nullopt) << spelling;
  }
}

}  // namespace
}  // namespace buri
