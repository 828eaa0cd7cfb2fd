#include "hsm/pkcs11/signature_check.hpp"

#include <gtest/gtest.h>
#include <secp256k1.h>

#include <memory>

#include "base/hex.hpp"
#include "base/random.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// A software key; libsecp256k1 makes and negates its signatures.
class SoftKey {
 public:
  explicit SoftKey(Random& random) {
    do {
      random.fill({secret_.data(), secret_.size()});
    } while (secp256k1_ec_seckey_verify(context(), secret_.data()) == 0);
    secp256k1_pubkey key;
    EXPECT_EQ(secp256k1_ec_pubkey_create(context(), &key, secret_.data()), 1);
    std::array<std::uint8_t, 65> encoded{};
    std::size_t size = encoded.size();
    secp256k1_ec_pubkey_serialize(context(), encoded.data(), &size, &key,
                                  SECP256K1_EC_UNCOMPRESSED);
    point_ = PublicPoint::from(ByteView(encoded).subspan(1));
    pinned_.emplace(point_);
  }

  /// r ‖ s with low s.
  [[nodiscard]] Bytes sign(const Hash256& digest) const {
    secp256k1_ecdsa_signature signature;
    EXPECT_EQ(secp256k1_ecdsa_sign(context(), &signature, digest.data(), secret_.data(), nullptr,
                                   nullptr),
              1);
    Bytes raw(64);
    secp256k1_ecdsa_signature_serialize_compact(context(), raw.data(), &signature);
    return raw;
  }
  [[nodiscard]] const PublicPoint& point() const { return point_; }
  [[nodiscard]] const PinnedKey& pinned() const { return *pinned_; }

  /// The same signature with n - s.
  static Bytes with_high_s(Bytes raw) {
    EXPECT_EQ(secp256k1_ec_seckey_negate(context(), raw.data() + 32), 1);
    return raw;
  }

 private:
  static secp256k1_context* context() {
    static secp256k1_context* const made = secp256k1_context_create(SECP256K1_CONTEXT_SIGN);
    return made;
  }
  Hash256 secret_;
  PublicPoint point_;
  std::optional<PinnedKey> pinned_;
};

constexpr std::uint64_t kSeed = 20261125;

TEST(T6CompleteSignature, NormalisesHighSAndFindsBothParities) {
  SeededRandom random(kSeed);
  const SoftKey key(random);
  std::array<unsigned, 2> seen{};
  unsigned leading_zeros = 0;
  for (std::uint64_t i = 0; i < 600; ++i) {
    const Hash256 digest = probe_digest(i, {});
    const Bytes low = key.sign(digest);
    leading_zeros += low[0] == 0 || low[32] == 0 ? 1 : 0;
    const auto from_low = key.pinned().complete(low, digest);
    const auto from_high = key.pinned().complete(SoftKey::with_high_s(low), digest);
    ASSERT_TRUE(from_low.ok() && from_high.ok()) << "seed " << kSeed << ", digest " << i;
    EXPECT_EQ(*from_low, *from_high);
    EXPECT_TRUE(equal(ByteView(*from_low).first(64), low));
    EXPECT_TRUE(recovers_to(*from_low, digest, key.point()));
    EXPECT_TRUE(key.pinned().made(*from_low, digest));
    ++seen.at(from_low->bytes[64]);
  }
  EXPECT_GT(seen[0], 200U);
  EXPECT_GT(seen[1], 200U);
  EXPECT_GT(leading_zeros, 0U) << "600 signatures hold some with a leading zero byte";
}

TEST(T8CompleteSignature, RefusesASignatureOfAnotherKeyOrDigest) {
  SeededRandom random(kSeed);
  const SoftKey key(random);
  const SoftKey other(random);
  const Hash256 digest = probe_digest(1, {});
  const auto wrong = [&](ByteView raw, const Hash256& what) {
    const auto result = key.pinned().complete(raw, what);
    return !result.ok() && result.error() == SignatureFault::kWrongKey;
  };
  EXPECT_TRUE(wrong(other.sign(digest), digest));
  EXPECT_TRUE(wrong(key.sign(digest), probe_digest(2, {})));
}

TEST(T8CompleteSignature, RefusesEveryFlippedBit) {
  SeededRandom random(kSeed);
  const SoftKey key(random);
  const Hash256 digest = probe_digest(3, {});
  const Bytes raw = key.sign(digest);
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Bytes flipped = raw;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1U << bit % 8);
    EXPECT_FALSE(key.pinned().complete(flipped, digest).ok()) << "bit " << bit;
  }
}

TEST(T8CompleteSignature, RefusesNumbersOutOfRangeAndOtherLengths) {
  SeededRandom random(kSeed);
  const SoftKey key(random);
  const Hash256 digest = probe_digest(4, {});
  const Bytes raw = key.sign(digest);
  const auto fault = [&](ByteView bytes) { return key.pinned().complete(bytes, digest).error(); };
  EXPECT_EQ(fault(ByteView(raw).first(63)), SignatureFault::kBadLength);
  Bytes longer = raw;
  longer.push_back(0);
  EXPECT_EQ(fault(longer), SignatureFault::kBadLength);
  EXPECT_EQ(fault({}), SignatureFault::kBadLength);
  for (const std::size_t half : {0, 32}) {
    Bytes zero = raw;
    std::fill_n(zero.begin() + static_cast<std::ptrdiff_t>(half), 32, std::uint8_t{0});
    EXPECT_EQ(fault(zero), SignatureFault::kBadRange);
    Bytes order = raw;
    const Bytes n = *from_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    std::ranges::copy(n, order.begin() + static_cast<std::ptrdiff_t>(half));
    EXPECT_EQ(fault(order), SignatureFault::kBadRange);
  }
}

TEST(RecoversTo, WantsLowSAndARecoveryIdOfZeroOrOne) {
  SeededRandom random(kSeed);
  const SoftKey key(random);
  const Hash256 digest = probe_digest(5, {});
  const auto signature = key.pinned().complete(key.sign(digest), digest);
  ASSERT_TRUE(signature.ok());
  RecoverableSignature changed = *signature;
  changed.bytes[64] ^= 1;
  EXPECT_FALSE(recovers_to(changed, digest, key.point()));
  EXPECT_FALSE(key.pinned().made(changed, digest));
  changed.bytes[64] = 27;
  EXPECT_FALSE(recovers_to(changed, digest, key.point()));
  EXPECT_FALSE(key.pinned().made(changed, digest));
  changed = *signature;
  const Bytes high = SoftKey::with_high_s({changed.bytes.begin(), changed.bytes.begin() + 64});
  std::ranges::copy(high, changed.bytes.begin());
  changed.bytes[64] ^= 1;
  EXPECT_FALSE(recovers_to(changed, digest, key.point()));
  EXPECT_FALSE(key.pinned().made(changed, digest));
}

// The examples of EIP-55.
TEST(ChecksummedAddress, IsMixedCaseAsEip55HasIt) {
  for (const char* const text :
       {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"}) {
    EXPECT_EQ(checksummed_address(*fixed_from_hex<20>(text)), text);
  }
}

}  // namespace
}  // namespace buri::hsm::pkcs11
