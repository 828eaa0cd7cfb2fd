#include <gtest/gtest.h>

#include "accel/scalar/keccak256.hpp"
#include "base/hex.hpp"

namespace buri::accel {
namespace {

Hash256 keccak256(std::string_view text) {
  Hash256 digest;
  scalar::keccak256(as_bytes(text), digest);
  return digest;
}

// Values every Ethereum client knows: the code hash of an account without code, the empty trie.
TEST(Keccak256, MatchesPublishedDigests) {
  EXPECT_EQ(to_hex(keccak256("")),
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(to_hex(keccak256("\x80")),
            "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
  EXPECT_EQ(to_hex(keccak256("abc")),
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

}  // namespace
}  // namespace buri::accel
