#include "hsm/pkcs11/anchor_object.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/hsm/fixture/softhsm_token.hpp"

namespace buri::hsm::pkcs11 {
namespace {

using test::SoftHsmToken;

Hash256 name_of(std::uint8_t number) {
  Hash256 name;
  name.bytes[0] = number;
  return name;
}

std::size_t objects(Session& session) {
  AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_DATA);
  return session.find(wanted, 10)->size();
}

TEST(AnchorObject, ReplacesTheOldValueAndLeavesOneObject) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  EXPECT_EQ(read_anchor_object(session, name_of(1)).value(), std::nullopt);
  for (std::uint8_t value = 1; value < 5; ++value) {
    EXPECT_EQ(write_anchor_object(session, name_of(1), Bytes{0, value}).value(),
              AnchorStored::kStored);
    EXPECT_EQ(read_anchor_object(session, name_of(1)).value(), (Bytes{0, value}));
    EXPECT_EQ(objects(session), 1U);
  }
}

TEST(AnchorObject, NeverGoesBack) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  ASSERT_TRUE(write_anchor_object(session, name_of(1), Bytes{5, 0}).ok());
  EXPECT_EQ(write_anchor_object(session, name_of(1), Bytes{4, 255}).value(),
            AnchorStored::kWouldGoBack);
  EXPECT_EQ(read_anchor_object(session, name_of(1)).value(), (Bytes{5, 0}));
}

TEST(AnchorObject, IsKeptPerName) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  ASSERT_TRUE(write_anchor_object(session, name_of(1), Bytes{9}).ok());
  ASSERT_TRUE(write_anchor_object(session, name_of(2), Bytes{3}).ok());
  EXPECT_EQ(read_anchor_object(session, name_of(1)).value(), Bytes{9});
  EXPECT_EQ(read_anchor_object(session, name_of(2)).value(), Bytes{3});
}

// What a crash between creating and destroying leaves: two objects.
TEST(AnchorObject, GreaterOfTwoCountsAndTheNextWriteTidies) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  ASSERT_TRUE(write_anchor_object(session, name_of(1), Bytes{7}).ok());
  for (const std::uint8_t value : Bytes{8, 6}) {
    AttributeList twin;
    twin.number(CKA_CLASS, CKO_DATA)
        .text(CKA_APPLICATION, "buri")
        .text(CKA_LABEL, "buri anchor " + to_hex(name_of(1)))
        .flag(CKA_TOKEN, true)
        .flag(CKA_PRIVATE, true)
        .bytes(CKA_VALUE, Bytes{value});
    ASSERT_TRUE(session.create(twin).ok());
  }
  EXPECT_EQ(read_anchor_object(session, name_of(1)).value(), Bytes{8});
  ASSERT_TRUE(write_anchor_object(session, name_of(1), Bytes{9}).ok());
  EXPECT_EQ(objects(session), 1U);
}

}  // namespace
}  // namespace buri::hsm::pkcs11
