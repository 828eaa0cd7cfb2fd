#include "hsm/pkcs11/key_wrap.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "hsm/pkcs11/signature_check.hpp"
#include "tests/hsm/fixture/softhsm_token.hpp"

namespace buri::hsm::pkcs11 {
namespace {

using test::SoftHsmToken;

Bytes random_kek() {
  Bytes key(kKekBytes);
  system_random().fill(key);
  return key;
}

/// A token with a trusted KEK made by the security officer, and a session key wrapped under it.
struct Backup {
  SoftHsmToken token{SoftHsmToken::Key::kNone};
  Bytes kek = random_kek();
  PublicPoint point;
  Bytes blob;

  Backup() {
    make_officer_kek(token, kek);
    Session session = token.user_session();
    const auto key = generate_signing_key(session, plan(), KeyKind::kSessionForWrap);
    EXPECT_TRUE(key.ok()) << key.error().reason;
    point = key->point;
    const auto wrapped =
        wrap_signing_key(session, find_kek(session, "kek").value(), key->handles.private_key);
    EXPECT_TRUE(wrapped.ok()) << wrapped.error().reason;
    blob = *wrapped;
  }
  static void make_officer_kek(const SoftHsmToken& token, ByteView kek) {
    Session officer = token.officer_session();
    const auto made = create_trusted_kek(officer, "kek", kek);
    EXPECT_TRUE(made.ok()) << made.error().reason;
  }
  [[nodiscard]] KeyPlan plan() const { return token.plan(); }
};

// The window in which a key may leave closes with the session object.
TEST(T20KeyWrap, ExportWindowIsASessionObjectThatLeavesNoExtractableKey) {
  const Backup backup;
  Session session = backup.token.user_session();
  EXPECT_EQ(backup.blob.size() % 8, 0U);
  AttributeList any;
  any.number(CKA_CLASS, CKO_PRIVATE_KEY);
  EXPECT_TRUE(session.find(any, 4)->empty()) << "the session key went with its session";
  const auto restored = unwrap_signing_key(session, find_kek(session, "kek").value(), backup.blob,
                                           backup.plan(), backup.point);
  ASSERT_TRUE(restored.ok()) << restored.error().reason << describe(restored.error().call);
  const auto again =
      wrap_signing_key(session, find_kek(session, "kek").value(), restored->handles.private_key);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().call.code, CKR_KEY_UNEXTRACTABLE);
  AttributeList open;
  open.flag(CKA_EXTRACTABLE, true);
  EXPECT_FALSE(session.set_attributes(restored->handles.private_key, open).ok());
}

TEST(T21KeyWrap, OnlyTheSecurityOfficersTrustedKeyWraps) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  AttributeList own;
  own.number(CKA_CLASS, CKO_SECRET_KEY)
      .number(CKA_KEY_TYPE, CKK_AES)
      .flag(CKA_WRAP, true)
      .flag(CKA_TRUSTED, true)
      .bytes(CKA_VALUE, random_kek());
  EXPECT_FALSE(session.create(own).ok()) << "a user may not call a key trusted";
  EXPECT_FALSE(create_trusted_kek(session, "kek", random_kek()).ok());
  EXPECT_FALSE(generate_trusted_kek(session, "kek").ok());
}

TEST(T21KeyWrap, TrustedKeyCanBeDrawnByTheDevice) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  {
    Session officer = token.officer_session();
    const auto made = generate_trusted_kek(officer, "kek");
    ASSERT_TRUE(made.ok()) << made.error().reason;
  }
  Session session = token.user_session();
  EXPECT_TRUE(check_kek(session, find_kek(session, "kek").value()).ok());
}

// With the user PIN alone, a wrapping key of known bytes would reveal the validator key.
TEST(T22KeyWrap, KnownKeyOfTheUserWrapsNothing) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  const auto key = generate_signing_key(session, token.plan(), KeyKind::kSessionForWrap);
  ASSERT_TRUE(key.ok());
  AttributeList known;
  known.number(CKA_CLASS, CKO_SECRET_KEY)
      .number(CKA_KEY_TYPE, CKK_AES)
      .flag(CKA_WRAP, true)
      .text(CKA_LABEL, "known")
      .bytes(CKA_VALUE, Bytes(32, 0x42));
  const CK_OBJECT_HANDLE kek = session.create(known).value();
  const auto raw = session.wrap(CKM_AES_KEY_WRAP_PAD, kek, key->handles.private_key);
  ASSERT_FALSE(raw.ok());
  EXPECT_EQ(raw.error().code, CKR_KEY_NOT_WRAPPABLE) << "the device itself refuses";
  EXPECT_FALSE(wrap_signing_key(session, kek, key->handles.private_key).ok());
}

TEST(T23KeyWrap, KekThatAlsoDecryptsIsRefused) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  {
    Session officer = token.officer_session();
    AttributeList leaky;
    leaky.number(CKA_CLASS, CKO_SECRET_KEY)
        .number(CKA_KEY_TYPE, CKK_AES)
        .flag(CKA_TOKEN, true)
        .flag(CKA_PRIVATE, false)
        .flag(CKA_SENSITIVE, true)
        .flag(CKA_EXTRACTABLE, false)
        .flag(CKA_MODIFIABLE, false)
        .flag(CKA_TRUSTED, true)
        .flag(CKA_WRAP, true)
        .flag(CKA_ENCRYPT, false)
        .flag(CKA_DECRYPT, true)
        .text(CKA_LABEL, "leaky")
        .bytes(CKA_VALUE, random_kek());
    ASSERT_TRUE(officer.create(leaky).ok());
  }
  Session session = token.user_session();
  const CK_OBJECT_HANDLE kek = find_kek(session, "leaky").value();
  const auto verdict = check_kek(session, kek);
  ASSERT_FALSE(verdict.ok());
  EXPECT_EQ(verdict.error().reason, "The key-encryption key may not wrap: CKA_DECRYPT is true.");
  const auto key = generate_signing_key(session, token.plan(), KeyKind::kSessionForWrap);
  ASSERT_TRUE(key.ok());
  EXPECT_FALSE(wrap_signing_key(session, kek, key->handles.private_key).ok());
}

TEST(T24KeyWrap, DamagedBlobOrOtherKekRestoresNothing) {
  const Backup backup;
  const SoftHsmToken other(SoftHsmToken::Key::kNone);
  Backup::make_officer_kek(other, random_kek());
  const auto restores = [&](const SoftHsmToken& token, ByteView blob) {
    Session session = token.user_session();
    return unwrap_signing_key(session, find_kek(session, "kek").value(), blob, backup.plan(),
                              backup.point)
        .ok();
  };
  for (const std::size_t at : {std::size_t{0}, backup.blob.size() / 2, backup.blob.size() - 1}) {
    Bytes tampered = backup.blob;
    tampered[at] ^= 0x01;
    EXPECT_FALSE(restores(backup.token, tampered)) << "byte " << at;
  }
  EXPECT_FALSE(restores(backup.token, ByteView(backup.blob).first(backup.blob.size() - 8)));
  EXPECT_FALSE(restores(backup.token, {}));
  EXPECT_FALSE(restores(other, backup.blob));
  Session session = backup.token.user_session();
  AttributeList any;
  any.number(CKA_CLASS, CKO_PRIVATE_KEY);
  EXPECT_TRUE(session.find(any, 4)->empty()) << "no failed restore leaves a key behind";
}

TEST(T25KeyWrap, RestoreIntoAnotherTokenSignsAsTheSamePublicKey) {
  const Backup backup;
  const SoftHsmToken second(SoftHsmToken::Key::kNone);
  Backup::make_officer_kek(second, backup.kek);
  Session session = second.user_session();
  const auto restored = unwrap_signing_key(session, find_kek(session, "kek").value(), backup.blob,
                                           backup.plan(), backup.point);
  ASSERT_TRUE(restored.ok()) << restored.error().reason << describe(restored.error().call);
  EXPECT_TRUE(prove_key(session, restored->handles.private_key, backup.point).ok());
  EXPECT_EQ(read_public_point(session, restored->handles.private_key, PointSource::kPublicObject),
            backup.point);
  const auto readings = read_attributes(session, restored->handles.private_key, true);
  EXPECT_FALSE(check_attributes(readings).ok()) << "a restored key was not born in this device";
}

TEST(T25KeyWrap, RestoreUnderAnotherPinnedPointLeavesNoKey) {
  const Backup backup;
  PublicPoint wrong = backup.point;
  wrong.bytes[5] ^= 1;
  Session session = backup.token.user_session();
  EXPECT_FALSE(unwrap_signing_key(session, find_kek(session, "kek").value(), backup.blob,
                                  backup.plan(), wrong)
                   .ok());
  AttributeList any;
  any.number(CKA_CLASS, CKO_PRIVATE_KEY);
  EXPECT_TRUE(session.find(any, 4)->empty());
}

}  // namespace
}  // namespace buri::hsm::pkcs11
