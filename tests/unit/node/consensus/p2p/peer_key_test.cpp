#include "node/consensus/p2p/peer_key.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/p2p/auth_message.hpp"
#include "tests/unit/node/consensus/p2p/wire_messages.hpp"

namespace buri::consensus::p2p {
namespace {

/// The signatures of the recorded messages are over these bytes.
const Bytes kSigned(32, 0x5a);

AuthMessage recorded(std::string_view hex) {
  const Bytes bytes = from_hex(hex).value();
  return std::move(decode_auth_message(bytes).value());
}

// The id stands in the recorded NodeInfo of the same node.
TEST(PeerKey, NamesAnEd25519NodeAsStockDoes) {
  EXPECT_EQ(to_hex(node_id(recorded(testing::kAuthEd25519).key)),
            "380ad95a06e21f8c170f35ce029accdd8712d81d");
}

TEST(PeerKey, NamesASecp256k1NodeByItsEthereumAddress) {
  EXPECT_EQ(to_hex(node_id(recorded(testing::kAuthSecp256k1).key)),
            "7592756e766e346fa7b77c11edd8aec2f38f56f5");
}

TEST(PeerKey, HoldsForSignaturesOfStockNodes) {
  for (const std::string_view hex : {testing::kAuthEd25519, testing::kAuthSecp256k1}) {
    const AuthMessage message = recorded(hex);
    EXPECT_TRUE(verify(message.key, kSigned, message.signature));
    EXPECT_FALSE(verify(message.key, Bytes(32, 0x5b), message.signature));
    EXPECT_FALSE(verify(message.key, kSigned, Bytes()));
  }
}

TEST(PeerKey, RefusesEveryFlippedByteOfASignatureButTheRecoveryId) {
  for (const std::string_view hex : {testing::kAuthEd25519, testing::kAuthSecp256k1}) {
    const AuthMessage message = recorded(hex);
    for (std::size_t i = 0; i < 64; ++i) {
      Bytes signature = message.signature;
      signature[i] ^= 0x40;
      EXPECT_FALSE(verify(message.key, kSigned, signature)) << "byte " << i;
    }
  }
  AuthMessage message = recorded(testing::kAuthSecp256k1);
  message.signature[64] ^= 1;
  EXPECT_TRUE(verify(message.key, kSigned, message.signature));
}

TEST(PeerKey, ReadsIdsInLowerCaseOnly) {
  EXPECT_TRUE(parse_node_id("380ad95a06e21f8c170f35ce029accdd8712d81d"));
  EXPECT_FALSE(parse_node_id("380AD95a06e21f8c170f35ce029accdd8712d81d"));
  EXPECT_FALSE(parse_node_id("0x380ad95a06e21f8c170f35ce029accdd8712d81d"));
  EXPECT_FALSE(parse_node_id("380ad95a06e21f8c170f35ce029aacdd8712d8"));
}

}  // namespace
}  // namespace buri::consensus::p2p
