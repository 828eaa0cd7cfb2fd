#include "node/consensus/tx/signature_memory.hpp"

#include <gtest/gtest.h>

#include "tests/support/accel/signer.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::tx {
namespace {

SignatureClaim claim_by(const accel::Signer& signer, const Hash256& digest) {
  const accel::RecoverRequest made = signer.sign(digest);
  Bytes signature;
  append(signature, made.signature.r);
  append(signature, made.signature.s);
  signature.push_back(made.recovery_id);
  return {signer.key().view(), digest, signature};
}

struct Claims {
  std::mt19937_64 random{7};
  std::vector<accel::Signer> signers = accel::make_signers(9, random);
  std::vector<SignatureClaim> all;

  /// `count` of each signer; every fifth is spoilt.
  explicit Claims(std::size_t count) {
    for (std::size_t i = 0; i < count * signers.size(); ++i) {
      all.push_back(claim_by(signers[i % signers.size()], accel::random_hash(random)));
      if (i % 5 == 4) all.back().digest.bytes[i % 32] ^= 1;
    }
  }
};

TEST(SignatureMemory, ChecksEachClaimOnce) {
  const Claims claims(4);
  SignatureMemory memory(testing::engine());
  memory.check_all(claims.all);
  memory.check_all(claims.all);
  for (std::size_t i = 0; i < claims.all.size(); ++i) {
    EXPECT_EQ(memory.is_valid(claims.all[i]), i % 5 != 4) << i;
  }
  EXPECT_EQ(memory.checked(), claims.all.size());
}

TEST(SignatureMemory, VerdictsAreTheSameWithTables) {
  const Claims claims(2 * FrequentKeys::kWorthTables);
  SignatureMemory memory(testing::engine());
  for (std::size_t at = 0; at < claims.all.size(); at += 50) {
    const auto some =
        std::span(claims.all).subspan(at).first(std::min<std::size_t>(50, claims.all.size() - at));
    const auto verdicts = memory.check_apart(some);
    for (std::size_t i = 0; i < some.size(); ++i) {
      EXPECT_EQ(verdicts[i] != 0, (at + i) % 5 != 4) << at + i;
    }
  }
}

TEST(SignatureMemory, LearnsWhatOthersHaveChecked) {
  const Claims claims(1);
  SignatureMemory memory(testing::engine());
  for (std::size_t i = 0; i < claims.all.size(); ++i) memory.learn(claims.all[i], i % 5 != 4);
  for (std::size_t i = 0; i < claims.all.size(); ++i) {
    EXPECT_EQ(memory.is_valid(claims.all[i]), i % 5 != 4) << i;
  }
  EXPECT_EQ(memory.checked(), 0U);
}

TEST(SignatureMemory, RefusesOtherLengths) {
  Claims claims(1);
  SignatureMemory memory(testing::engine());
  const SignatureClaim& good = claims.all[0];
  Bytes signature(64);
  EXPECT_FALSE(memory.is_valid({good.key, good.digest, signature}));
  EXPECT_FALSE(memory.is_valid({ByteView(good.key).first(33), good.digest, Bytes(65)}));
  EXPECT_EQ(memory.check_apart(std::vector<SignatureClaim>(2)), std::vector<std::uint8_t>(2));
  EXPECT_EQ(memory.checked(), 0U);
}

TEST(SignatureMemory, ForgetsWhenItIsFull) {
  const Claims claims(2);
  SignatureMemory memory(testing::engine(), 10);
  memory.check_all(std::span(claims.all).first(9));
  memory.check_all(std::span(claims.all).subspan(9, 9));
  EXPECT_TRUE(memory.is_valid(claims.all[0]));
  EXPECT_EQ(memory.checked(), 19U);
}

TEST(FrequentKeys, HasTablesForThoseWhoSignOften) {
  std::mt19937_64 random{3};
  std::vector<KeyBytes> keys;
  for (const accel::Signer& signer : accel::make_signers(12, random)) {
    keys.push_back(KeyBytes::from(signer.key().view()));
  }
  FrequentKeys frequent;
  for (std::uint32_t i = 1; i <= FrequentKeys::kWorthTables; ++i) {
    EXPECT_FALSE(frequent.find(keys[0]).has_value());
    const KeyBytes* const signer = &keys[0];
    frequent.count(std::span(&signer, 1));
  }
  ASSERT_TRUE(frequent.find(keys[0]).has_value());
  // One after the other: their sets are merged.
  for (const KeyBytes& key : keys) {
    const std::vector<const KeyBytes*> many(FrequentKeys::kWorthTables, &key);
    frequent.count(many);
  }
  EXPECT_LE(frequent.set_count(), 4U);
  for (const KeyBytes& key : keys) {
    const auto place = frequent.find(key);
    ASSERT_TRUE(place.has_value());
    EXPECT_EQ(frequent.set(place->set)->key_status(place->key_index), accel::SignatureStatus::kOk);
  }
}

}  // namespace
}  // namespace buri::consensus::tx
