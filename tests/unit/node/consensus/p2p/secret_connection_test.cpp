#include "node/consensus/p2p/secret_connection.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/codec/protobuf_writer.hpp"
#include "base/hex.hpp"
#include "node/consensus/p2p/handshake_keys.hpp"

namespace buri::consensus::p2p {
namespace {

NodeKey key_of(std::uint8_t byte) { return NodeKey(Secret<32>::from(Bytes(32, byte))); }

/// Two nodes and the wire between them.
class SecretConnectionTest : public ::testing::Test {
 protected:
  NodeKey alices_ = key_of(0xa1);
  NodeKey bobs_ = key_of(0xb0);
  SeededRandom random_{7};
  SecretConnection alice_{alices_, random_, bobs_.id()};
  SecretConnection bob_{bobs_, random_};

  void shake_hands() {
    for (int flight = 0; flight < 2; ++flight) {
      const Bytes from_alice = alice_.take_output();
      const Bytes from_bob = bob_.take_output();
      ASSERT_TRUE(alice_.receive(from_bob).ok());
      ASSERT_TRUE(bob_.receive(from_alice).ok());
    }
    ASSERT_TRUE(alice_.established());
    ASSERT_TRUE(bob_.established());
  }
};

TEST_F(SecretConnectionTest, BothEndsLearnWhoTheOtherIs) {
  shake_hands();
  EXPECT_EQ(alice_.peer(), PeerKey(bobs_.public_key()));
  EXPECT_EQ(bob_.peer(), PeerKey(alices_.public_key()));
}

TEST_F(SecretConnectionTest, BeginsWithTheKeyInItsEnvelope) {
  const Bytes output = alice_.take_output();
  ASSERT_EQ(output.size(), 35u);
  EXPECT_EQ(to_hex(ByteView(output).first(3)), "220a20");
}

TEST_F(SecretConnectionTest, CarriesDataOfEveryLengthInFramesOf1024) {
  shake_hands();
  for (const std::size_t size : {1u, 1023u, 1024u, 1025u, 5000u}) {
    const Bytes data(size, static_cast<std::uint8_t>(size));
    ASSERT_TRUE(alice_.write(data).ok());
    const Bytes wire = alice_.take_output();
    EXPECT_EQ(wire.size(), (size + 1023) / 1024 * kSealedFrameBytes);
    ASSERT_TRUE(bob_.receive(wire).ok());
    EXPECT_EQ(bob_.take_data(), data);
  }
  ASSERT_TRUE(alice_.write({}).ok());
  EXPECT_TRUE(alice_.take_output().empty());
}

TEST_F(SecretConnectionTest, DoesNotMindWhereTheWireIsCut) {
  const auto trickle = [](SecretConnection& to, const Bytes& wire) {
    for (const std::uint8_t byte : wire) ASSERT_TRUE(to.receive({&byte, 1}).ok());
  };
  for (int flight = 0; flight < 2; ++flight) {
    const Bytes from_alice = alice_.take_output();
    trickle(alice_, bob_.take_output());
    trickle(bob_, from_alice);
  }
  ASSERT_TRUE(bob_.established());
  ASSERT_TRUE(alice_.write(Bytes(3000, 0x33)).ok());
  trickle(bob_, alice_.take_output());
  EXPECT_EQ(bob_.take_data(), Bytes(3000, 0x33));
}

// Data may follow the authentication at once, before the peer has answered it.
TEST_F(SecretConnectionTest, KeepsWhatFollowsTheHandshakeInTheSameRead) {
  const Bytes alices_key = alice_.take_output();
  ASSERT_TRUE(alice_.receive(bob_.take_output()).ok());
  ASSERT_TRUE(bob_.receive(alices_key).ok());
  ASSERT_TRUE(alice_.receive(bob_.take_output()).ok());
  ASSERT_TRUE(alice_.write(Bytes{1, 2, 3}).ok());
  ASSERT_TRUE(bob_.receive(alice_.take_output()).ok());
  EXPECT_TRUE(bob_.established());
  EXPECT_EQ(bob_.take_data(), (Bytes{1, 2, 3}));
}

TEST_F(SecretConnectionTest, RefusesEveryFlippedByteOfAFrame) {
  const auto secret = Secret<32>::from(Bytes(32, 9));
  Bytes sealed;
  ASSERT_TRUE(FrameSealer(secret).seal(Bytes(100, 0x61), sealed).ok());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes altered = sealed;
    altered[i] ^= 0x01;
    Bytes data;
    const auto status = FrameOpener(secret).open(altered, data);
    ASSERT_FALSE(status.ok()) << "byte " << i;
    EXPECT_EQ(status.error(), ConnectionError::kFrame);
    EXPECT_TRUE(data.empty());
  }
}

TEST_F(SecretConnectionTest, RefusesRepeatedSwappedAndMissingFrames) {
  shake_hands();
  ASSERT_TRUE(alice_.write(Bytes(2048, 1)).ok());
  const Bytes wire = alice_.take_output();
  EXPECT_EQ(bob_.receive(ByteView(wire).subspan(kSealedFrameBytes)).error(),
            ConnectionError::kFrame);
  // Once broken it stays so, even for the right frames.
  EXPECT_EQ(bob_.receive(wire).error(), ConnectionError::kFrame);
  EXPECT_EQ(bob_.write(Bytes{1}).error(), ConnectionError::kFrame);
  EXPECT_FALSE(bob_.established());
}

TEST_F(SecretConnectionTest, GivesWhatCameBeforeABadFrame) {
  shake_hands();
  ASSERT_TRUE(alice_.write(Bytes{5, 6}).ok());
  Bytes wire = alice_.take_output();
  append(wire, Bytes(wire));
  EXPECT_EQ(bob_.receive(wire).error(), ConnectionError::kFrame);
  EXPECT_EQ(bob_.take_data(), (Bytes{5, 6}));
}

TEST_F(SecretConnectionTest, RefusesEveryFlippedByteOfAHandshake) {
  const Bytes key = bob_.take_output();
  for (std::size_t i = 0; i < 3; ++i) {
    SecretConnection fresh(alices_, random_);
    Bytes altered = key;
    altered[i] ^= 0x01;
    EXPECT_EQ(fresh.receive(altered).error(), ConnectionError::kEphemeralKey);
  }
  // A changed key is found out when the authentication is opened. The top bit of an X25519 key is
  // masked by RFC 7748, but the challenge covers it.
  ASSERT_TRUE(bob_.receive(alice_.take_output()).ok());
  const Bytes authentication = bob_.take_output();
  Bytes altered = key;
  altered[34] ^= 0x80;
  ASSERT_TRUE(alice_.receive(altered).ok());
  EXPECT_FALSE(alice_.receive(authentication).ok());
}

TEST_F(SecretConnectionTest, RefusesAnotherProtocolAtItsFirstByte) {
  EXPECT_EQ(alice_.receive(as_bytes("G")).error(), ConnectionError::kEphemeralKey);
}

TEST_F(SecretConnectionTest, RefusesItsOwnKeySentBack) {
  EXPECT_EQ(alice_.receive(alice_.take_output()).error(), ConnectionError::kReflectedKey);
}

TEST_F(SecretConnectionTest, RefusesAKeyOfLowOrder) {
  Bytes message{0x22, 0x0a, 0x20};
  message.resize(35);
  EXPECT_EQ(alice_.receive(message).error(), ConnectionError::kWeakKey);
}

TEST_F(SecretConnectionTest, RefusesAnotherNodeThanTheOneCalled) {
  SecretConnection caller(alices_, random_, alices_.id());
  ASSERT_TRUE(caller.receive(bob_.take_output()).ok());
  ASSERT_TRUE(bob_.receive(caller.take_output()).ok());
  EXPECT_EQ(caller.receive(bob_.take_output()).error(), ConnectionError::kUnexpectedPeer);
  EXPECT_EQ(caller.peer(), PeerKey(bobs_.public_key()));
  EXPECT_TRUE(caller.take_data().empty());
}

TEST(Frames, EndBeforeTheNonceOverflows) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  const auto secret = Secret<32>::from(Bytes(32, 9));
  FrameSealer sealer(secret, kMax - 1);
  FrameOpener opener(secret, kMax - 1);
  Bytes sealed;
  ASSERT_TRUE(sealer.seal(Bytes{1}, sealed).ok());
  EXPECT_EQ(sealer.seal(Bytes{1}, sealed).error(), ConnectionError::kNonceExhausted);
  EXPECT_EQ(sealed.size(), kSealedFrameBytes);
  Bytes data;
  ASSERT_TRUE(opener.open(sealed, data).ok());
  EXPECT_EQ(opener.open(sealed, data).error(), ConnectionError::kNonceExhausted);
}

/// A peer that knows the keys of the connection and can say what it likes inside.
class HostilePeer {
 public:
  explicit HostilePeer(SecretConnection& victim) {
    const Bytes key = victim.take_output();
    const auto theirs = X25519Public::from(ByteView(key).subspan(3));
    const auto own_public = x25519_public(own_);
    Secret<32> shared;
    EXPECT_TRUE(x25519_shared(own_, theirs, shared));
    challenge_ =
        handshake_challenge(std::min(own_public, theirs), std::max(own_public, theirs), shared);
    sealer_.emplace(derive_keys(shared, own_public < theirs).send);
    Bytes message{0x22, 0x0a, 0x20};
    append(message, own_public);
    EXPECT_TRUE(victim.receive(message).ok());
  }

  Bytes sealed(ByteView data) {
    Bytes frame;
    EXPECT_TRUE(sealer_->seal(data, frame).ok());
    return frame;
  }
  Bytes authentication(const NodeKey& key, ByteView challenge) {
    const auto signature = key.sign(challenge);
    const Bytes message = encode(AuthMessage{
        .key = key.public_key(), .signature = {signature.bytes.begin(), signature.bytes.end()}});
    Bytes delimited;
    append_varint(delimited, message.size());
    append(delimited, message);
    return delimited;
  }
  [[nodiscard]] const Hash256& challenge() const { return challenge_; }

 private:
  Secret<32> own_ = Secret<32>::from(Bytes(32, 0x77));
  Hash256 challenge_;
  std::optional<FrameSealer> sealer_;
};

class HostilePeerTest : public SecretConnectionTest {
 protected:
  HostilePeer mallory_{bob_};
  NodeKey mallorys_ = key_of(0xee);
};

TEST_F(HostilePeerTest, MayCutItsAuthenticationOverFrames) {
  const Bytes message = mallory_.authentication(mallorys_, mallory_.challenge());
  EXPECT_TRUE(bob_.receive(mallory_.sealed({})).ok());
  EXPECT_TRUE(bob_.receive(mallory_.sealed(ByteView(message).first(50))).ok());
  EXPECT_FALSE(bob_.established());
  Bytes rest(message.begin() + 50, message.end());
  append(rest, as_bytes("hello"));
  EXPECT_TRUE(bob_.receive(mallory_.sealed(rest)).ok());
  EXPECT_TRUE(bob_.established());
  EXPECT_EQ(as_text(bob_.take_data()), "hello");
}

TEST_F(HostilePeerTest, CannotUseASignatureOfAnotherHandshake) {
  const Bytes message = mallory_.authentication(mallorys_, Bytes(32, 1));
  EXPECT_EQ(bob_.receive(mallory_.sealed(message)).error(), ConnectionError::kSignature);
  EXPECT_FALSE(bob_.peer());
}

TEST_F(HostilePeerTest, CannotSendALongAuthentication) {
  EXPECT_EQ(bob_.receive(mallory_.sealed(Bytes{0x81, 0x02})).error(),
            ConnectionError::kAuthTooLong);
}

TEST_F(HostilePeerTest, CannotSendALengthWithoutEnd) {
  EXPECT_EQ(bob_.receive(mallory_.sealed(Bytes(11, 0xff))).error(), ConnectionError::kAuthEncoding);
}

TEST_F(HostilePeerTest, CannotSendGarbageAsAuthentication) {
  EXPECT_EQ(bob_.receive(mallory_.sealed(Bytes{0x02, 0x08, 0x01})).error(),
            ConnectionError::kAuthEncoding);
}

}  // namespace
}  // namespace buri::consensus::p2p
