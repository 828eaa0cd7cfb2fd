#include "accel/key_set.hpp"

#include <gtest/gtest.h>
#include <secp256k1.h>

#include <algorithm>
#include <random>

#include "accel/generator_table.hpp"
#include "tests/support/accel/signer.hpp"

namespace buri::accel {
namespace {

constexpr std::uint64_t kSeed = 4;

/// The row as a 65-byte key.
PublicKey as_key(const AffineRow& row) {
  PublicKey key;
  key.length = 65;
  key.bytes[0] = 4;
  for (std::size_t i = 0; i < 32; ++i) {
    key.bytes[1 + i] = static_cast<std::uint8_t>(row.x[3 - i / 8] >> (56 - 8 * (i % 8)));
    key.bytes[33 + i] = static_cast<std::uint8_t>(row.y[3 - i / 8] >> (56 - 8 * (i % 8)));
  }
  return key;
}

/// (2 i + 1) 2^position as 32 big-endian bytes. REQUIRES: i < 2^16.
Hash256 multiplier(unsigned position, unsigned i) {
  Hash256 bytes;
  std::uint64_t digit = std::uint64_t{2 * i + 1} << (position % 8);
  for (std::size_t byte = 31 - position / 8; digit != 0; --byte, digit >>= 8) {
    bytes.bytes[byte] = static_cast<std::uint8_t>(digit);
  }
  return bytes;
}

/// multiplier * key by libsecp256k1.
PublicKey multiple(const PublicKey& key, const Hash256& multiplier) {
  secp256k1_pubkey point;
  EXPECT_EQ(
      secp256k1_ec_pubkey_parse(secp256k1_context_static, &point, key.bytes.data(), key.length), 1);
  EXPECT_EQ(secp256k1_ec_pubkey_tweak_mul(secp256k1_context_static, &point, multiplier.data()), 1);
  PublicKey result;
  std::size_t length = 65;
  secp256k1_ec_pubkey_serialize(secp256k1_context_static, result.bytes.data(), &length, &point,
                                SECP256K1_EC_UNCOMPRESSED);
  result.length = static_cast<std::uint8_t>(length);
  return result;
}

template <class Shape>
void expect_comb(std::span<const AffineRow> rows, const PublicKey& key, unsigned step) {
  ASSERT_EQ(rows.size(), Shape::kRows);
  for (unsigned window = 0; window < Shape::kWindows; ++window) {
    const unsigned count = Shape::rows_of(window);
    for (unsigned i = 0; i < count;
         i += i + step < count || i + 1 == count ? step : count - 1 - i) {
      const PublicKey expected = multiple(key, multiplier(Shape::position(window), i));
      ASSERT_EQ(as_key(rows[Shape::first_row(window) + i]).bytes, expected.bytes)
          << "window " << window << " row " << i;
    }
  }
}

TEST(KeySet, RowsAreTheOddMultiplesOfTheirWindows) {
  std::mt19937_64 random(kSeed);
  const auto signers = make_signers(2, random);
  const auto set = KeySet::build(std::vector{signers[0].key(), signers[1].compressed_key()});
  expect_comb<CombShape>(set->rows(0), signers[0].key(), 1);
  expect_comb<CombShape>(set->rows(1), signers[1].key(), 17);
}

TEST(GeneratorTable, RowsAreTheOddMultiplesOfTheirWindows) {
  const AffineRow& one = generator_rows()[0];
  EXPECT_EQ(one.x[0], curve::generator_x().limb[0]);
  expect_comb<curve::GeneratorComb>(generator_rows(), as_key(one), 61);
}

TEST(KeySet, UndecodableKeysKeepTheirPlaceAndTheirStatus) {
  std::mt19937_64 random(kSeed);
  const Signer signer(random);
  PublicKey off_curve = signer.key();
  off_curve.bytes[40] ^= 4;
  const auto set = KeySet::build(std::vector{PublicKey{}, signer.key(), off_curve});
  ASSERT_EQ(set->size(), 3u);
  EXPECT_EQ(set->key_status(0), SignatureStatus::kBadLength);
  EXPECT_EQ(set->key_status(1), SignatureStatus::kOk);
  EXPECT_EQ(set->key_status(2), SignatureStatus::kNotOnCurve);
  EXPECT_EQ(as_key(set->rows(1)[0]).bytes, signer.key().bytes);
  for (const AffineRow& row : set->all_rows().first(CombShape::kRows)) {
    ASSERT_EQ(row, AffineRow{});
  }
  for (const AffineRow& row : set->all_rows().last(CombShape::kRows)) ASSERT_EQ(row, AffineRow{});
}

TEST(KeySet, EverySetHasItsOwnId) {
  const auto first = KeySet::build({});
  const auto second = KeySet::build({});
  EXPECT_EQ(first->size(), 0u);
  EXPECT_NE(first->id(), second->id());
}

TEST(KeySetDeathTest, MoreKeysThanTheBoundAbort) {
  const std::vector<PublicKey> keys(KeySet::kMaxKeys + 1);
  EXPECT_DEATH(KeySet::build(keys), "larger than KeySet::kMaxKeys");
}

}  // namespace
}  // namespace buri::accel
