#include "hsm/pkcs11/key_check.hpp"

#include <gtest/gtest.h>

namespace buri::hsm::pkcs11 {
namespace {

PublicPoint some_point() {
  PublicPoint point;
  for (std::size_t i = 0; i < 64; ++i) point.bytes[i] = static_cast<std::uint8_t>(i + 1);
  return point;
}

Bytes encoded(std::initializer_list<std::uint8_t> prefix) {
  Bytes bytes(prefix);
  append(bytes, some_point());
  return bytes;
}

TEST(T5EcPoint, IsReadRawAndAsDerOctetString) {
  EXPECT_EQ(decode_ec_point(encoded({0x04})), some_point());
  EXPECT_EQ(decode_ec_point(encoded({0x04, 0x41, 0x04})), some_point());
}

TEST(T5EcPoint, IsRefusedInEveryOtherForm) {
  EXPECT_FALSE(decode_ec_point({}));
  EXPECT_FALSE(decode_ec_point(encoded({})));
  EXPECT_FALSE(decode_ec_point(encoded({0x06}))) << "hybrid";
  EXPECT_FALSE(decode_ec_point(encoded({0x04, 0x41, 0x06})));
  EXPECT_FALSE(decode_ec_point(encoded({0x04, 0x40, 0x04}))) << "wrong length";
  EXPECT_FALSE(decode_ec_point(encoded({0x03, 0x41, 0x04}))) << "bit string";
  Bytes longer = encoded({0x04});
  longer.push_back(0);
  EXPECT_FALSE(decode_ec_point(longer));
}

TEST(AttributeGate, NamesEveryRefusedAttribute) {
  const std::vector<AttributeReading> readings{
      {"CKA_SENSITIVE", "true", AttributeVerdict::kGood},
      {"CKA_EXTRACTABLE", "true", AttributeVerdict::kRefused},
      {"CKA_LOCAL", "false", AttributeVerdict::kRefused},
      {"CKA_COPYABLE", "true", AttributeVerdict::kWeak}};
  const auto verdict = check_attributes(readings);
  ASSERT_FALSE(verdict.ok());
  EXPECT_EQ(verdict.error().reason,
            "The key may not sign: CKA_EXTRACTABLE is true, CKA_LOCAL is false.");
}

}  // namespace
}  // namespace buri::hsm::pkcs11
