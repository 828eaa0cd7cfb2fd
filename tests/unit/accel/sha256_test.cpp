#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/accel/hash_implementations.hpp"

/// Published digests of SHA-256; the sweeps are in hash_sweep_test.cpp.

namespace buri::accel {
namespace {

class Sha256 : public HashSuite {};

// NIST's examples for FIPS 180-4 and the empty message.
TEST_P(Sha256, MatchesPublishedDigests) {
  EXPECT_EQ(to_hex(digest({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(digest(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(digest(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(
      to_hex(digest(as_bytes("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                             "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"))),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(to_hex(digest(Bytes(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

INSTANTIATE_TEST_SUITE_P(Backends, Sha256, testing::ValuesIn(sha256_implementations()),
                         HashSuite::name);

}  // namespace
}  // namespace buri::accel
