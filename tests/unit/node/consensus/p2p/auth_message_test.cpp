#include "node/consensus/p2p/auth_message.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/p2p/wire_messages.hpp"

namespace buri::consensus::p2p {
namespace {

TEST(AuthMessage, OfStockNodesIsReadAndWrittenByteForByte) {
  for (const std::string_view hex : {testing::kAuthEd25519, testing::kAuthSecp256k1}) {
    const auto message = decode_auth_message(from_hex(hex).value());
    ASSERT_TRUE(message.ok()) << describe(message.error());
    EXPECT_EQ(to_hex(encode(*message)), hex);
  }
}

TEST(AuthMessage, RefusesEveryShorterAndLongerForm) {
  const Bytes whole = from_hex(testing::kAuthSecp256k1).value();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto message = decode_auth_message(ByteView(whole).first(size));
    // Cut anywhere the length of the signature no longer fits.
    EXPECT_FALSE(message.ok()) << size;
  }
  Bytes longer = whole;
  longer.insert(longer.end(), {0x18, 0x01});
  EXPECT_EQ(decode_auth_message(longer).error(), ConnectionError::kAuthEncoding);
  EXPECT_EQ(decode_auth_message(Bytes(kMaxAuthMessageBytes + 1)).error(),
            ConnectionError::kAuthTooLong);
}

// spec/cometbft.md 1.1: field 2, upstream's compressed key, is refused.
TEST(AuthMessage, RefusesCompressedAndMisshapenKeys) {
  const std::string signature = "1202aabb";
  const std::string compressed = "0a231221" + std::string(66, '2') + signature;
  EXPECT_EQ(decode_auth_message(from_hex(compressed).value()).error(), ConnectionError::kKeyType);
  const std::string short_key = "0a030a0111" + signature;
  EXPECT_EQ(decode_auth_message(from_hex(short_key).value()).error(), ConnectionError::kKeyType);
  const std::string no_key = "0a00" + signature;
  EXPECT_EQ(decode_auth_message(from_hex(no_key).value()).error(), ConnectionError::kKeyType);
  const std::string number = "0a020801" + signature;
  EXPECT_EQ(decode_auth_message(from_hex(number).value()).error(), ConnectionError::kAuthEncoding);
}

}  // namespace
}  // namespace buri::consensus::p2p
