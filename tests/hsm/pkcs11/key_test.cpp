#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "base/hex.hpp"
#include "hsm/pkcs11/key_check.hpp"
#include "hsm/pkcs11/key_generation.hpp"
#include "hsm/pkcs11/signature_check.hpp"
#include "tests/hsm/fixture/softhsm_token.hpp"

namespace buri::hsm::pkcs11 {
namespace {

using test::SoftHsm;
using test::SoftHsmToken;

KeyUri uri_of(const SoftHsmToken& token) { return parse_key_uri(token.key_uri()).value(); }

/// A pair on the token whose private half has these attributes after the production ones.
KeyPairHandles weak_key(Session& session, const std::string& label, ByteView curve,
                        const std::function<void(AttributeList&)>& change) {
  AttributeList public_half;
  public_half.flag(CKA_TOKEN, true).bytes(CKA_EC_PARAMS, curve).text(CKA_LABEL, label);
  AttributeList private_half;
  private_half.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true).flag(CKA_SIGN, true);
  private_half.text(CKA_LABEL, label);
  change(private_half);
  const auto pair = session.generate_key_pair(CKM_EC_KEY_PAIR_GEN, public_half, private_half);
  EXPECT_TRUE(pair.ok());
  return *pair;
}

TEST(T2Tokens, AreFoundByLabelAndSerialWhateverTheirSlot) {
  const SoftHsmToken first;
  const SoftHsmToken second;
  const auto& module = SoftHsm::instance().module();
  for (const SoftHsmToken* token : {&first, &second}) {
    const auto found = module->find_token(uri_of(*token));
    ASSERT_TRUE(found.ok()) << found.error().reason;
    EXPECT_EQ(found->serial, token->token().serial);
    EXPECT_EQ(found->slot, token->token().slot);
    KeyUri by_serial;
    by_serial.serial = token->token().serial;
    EXPECT_EQ(module->find_token(by_serial)->label, token->token().label);
  }
  KeyUri mixed = uri_of(first);
  mixed.serial = second.token().serial;
  EXPECT_FALSE(module->find_token(mixed).ok());
  KeyUri anything;
  EXPECT_FALSE(module->find_token(anything).ok()) << "two tokens match";
}

TEST(T3FindPrivateKey, WantsExactlyOneMatch) {
  const SoftHsmToken token;
  Session session = token.user_session();
  EXPECT_TRUE(find_private_key(session, uri_of(token)).ok());
  KeyUri other = uri_of(token);
  other.object = "another";
  EXPECT_EQ(find_private_key(session, other).error().reason,
            "No private EC key on the token matches the URI.");
  (void)weak_key(session, "validator", kSecp256k1Params, [](AttributeList&) {});
  const auto two = find_private_key(session, uri_of(token));
  ASSERT_FALSE(two.ok());
  EXPECT_EQ(two.error().call.code, CKR_OK);
  EXPECT_NE(two.error().reason.find("2 private keys match"), std::string::npos);
  KeyUri nameless = uri_of(token);
  nameless.object.reset();
  EXPECT_FALSE(find_private_key(session, nameless).ok());
}

TEST(T4AttributeGate, RefusesAnExtractableKeyAnotherCurveAndAnImportedOne) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  const auto refused = [&](CK_OBJECT_HANDLE key, bool require_hsm_born) {
    const auto verdict = check_attributes(read_attributes(session, key, require_hsm_born));
    return verdict.ok() ? std::string() : verdict.error().reason;
  };
  const auto extractable = weak_key(session, "a", kSecp256k1Params, [](AttributeList& list) {
    list.flag(CKA_EXTRACTABLE, true).flag(CKA_SENSITIVE, true);
  });
  EXPECT_NE(refused(extractable.private_key, true).find("CKA_EXTRACTABLE"), std::string::npos);
  EXPECT_NE(refused(extractable.private_key, false).find("CKA_EXTRACTABLE"), std::string::npos);
  const Bytes p256 = *from_hex("06082a8648ce3d030107");
  const auto foreign = weak_key(session, "b", p256, [](AttributeList& list) {
    list.flag(CKA_EXTRACTABLE, false).flag(CKA_SENSITIVE, true);
  });
  EXPECT_NE(refused(foreign.private_key, false).find("CKA_EC_PARAMS"), std::string::npos);
  AttributeList imported;
  imported.number(CKA_CLASS, CKO_PRIVATE_KEY)
      .number(CKA_KEY_TYPE, CKK_EC)
      .flag(CKA_TOKEN, true)
      .flag(CKA_PRIVATE, true)
      .flag(CKA_SENSITIVE, true)
      .flag(CKA_EXTRACTABLE, false)
      .flag(CKA_SIGN, true)
      .text(CKA_LABEL, "c")
      .bytes(CKA_EC_PARAMS, kSecp256k1Params)
      .bytes(CKA_VALUE, Bytes(32, 0x11));
  const auto made = session.create(imported);
  ASSERT_TRUE(made.ok());
  EXPECT_NE(refused(*made, true).find("CKA_LOCAL"), std::string::npos);
  EXPECT_EQ(refused(*made, false), "") << "an operator may accept a restored key";
}

TEST(T4AttributeGate, RefusesAKeyThatWantsThePinForEachSignature) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  const auto key = weak_key(session, "a", kSecp256k1Params, [](AttributeList& list) {
    list.flag(CKA_EXTRACTABLE, false).flag(CKA_SENSITIVE, true).flag(CKA_ALWAYS_AUTHENTICATE, true);
  });
  const auto verdict = check_attributes(read_attributes(session, key.private_key, true));
  ASSERT_FALSE(verdict.ok());
  EXPECT_EQ(verdict.error().reason, "The key may not sign: CKA_ALWAYS_AUTHENTICATE is true.");
}

TEST(KeyGeneration, MakesAKeyWithoutAnyWeakAttribute) {
  const SoftHsmToken token;
  Session session = token.user_session();
  const auto key = find_private_key(session, uri_of(token));
  ASSERT_TRUE(key.ok());
  for (const AttributeReading& reading : read_attributes(session, *key, true)) {
    EXPECT_EQ(reading.verdict, AttributeVerdict::kGood) << reading.name << " " << reading.value;
  }
  EXPECT_EQ(read_public_point(session, *key, PointSource::kPublicObject), token.public_key());
  EXPECT_EQ(read_public_point(session, *key, PointSource::kPrivateObject), token.public_key());
}

TEST(KeyGeneration, RefusesALabelOrIdThatIsTaken) {
  const SoftHsmToken token;
  Session session = token.user_session();
  EXPECT_FALSE(generate_signing_key(session, token.plan(), KeyKind::kFinal).ok());
  KeyPlan plan = token.plan();
  plan.label = "other";
  EXPECT_FALSE(generate_signing_key(session, plan, KeyKind::kFinal).ok()) << "same id";
  plan.id = Bytes(20, 7);
  EXPECT_TRUE(generate_signing_key(session, plan, KeyKind::kFinal).ok());
}

TEST(KeyGeneration, LeavesNothingToTamperWith) {
  const SoftHsmToken token;
  Session session = token.user_session();
  const CK_OBJECT_HANDLE key = find_private_key(session, uri_of(token)).value();
  EXPECT_EQ(session.attribute(key, CKA_VALUE).error().code, CKR_ATTRIBUTE_SENSITIVE);
  AttributeList open;
  open.flag(CKA_EXTRACTABLE, true);
  EXPECT_FALSE(session.set_attributes(key, open).ok());
  AttributeList rename;
  rename.text(CKA_LABEL, "x");
  EXPECT_FALSE(session.set_attributes(key, rename).ok());
  AttributeList same;
  EXPECT_FALSE(session.copy(key, same).ok());
  EXPECT_FALSE(session.destroy(key).ok());
}

TEST(SignEcdsa, GivesRawSignaturesThatCompleteToThePinnedKey) {
  const SoftHsmToken token;
  Session session = token.user_session();
  const CK_OBJECT_HANDLE key = find_private_key(session, uri_of(token)).value();
  const PinnedKey pinned(token.public_key());
  std::array<unsigned, 2> parity{};
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Hash256 digest = probe_digest(i, {});
    const auto raw = session.sign_ecdsa(key, digest);
    ASSERT_TRUE(raw.ok());
    const auto signature = pinned.complete(*raw, digest);
    ASSERT_TRUE(signature.ok());
    ++parity.at(signature->bytes[64]);
  }
  EXPECT_GT(parity[0], 0U);
  EXPECT_GT(parity[1], 0U);
}

TEST(ModuleLoad, IsRefusedWhileThePinPrintingTracerIsConfigured) {
  ASSERT_EQ(setenv("PKCS11SPY", "/usr/lib/softhsm/libsofthsm2.so", 1), 0);
  const auto module = Module::load(SoftHsm::instance().module_path());
  ASSERT_EQ(unsetenv("PKCS11SPY"), 0);
  ASSERT_FALSE(module.ok());
  EXPECT_NE(module.error().reason.find("PKCS11SPY"), std::string::npos);
}

TEST(ModuleLoad, SaysWhatIsNoModule) {
  EXPECT_FALSE(Module::load("/nonexistent.so").ok());
  const auto module = Module::load("libm.so.6");
  ASSERT_FALSE(module.ok());
  EXPECT_NE(module.error().reason.find("no PKCS#11 module"), std::string::npos);
}

TEST(T15ModuleDeathTest, ForkAfterInitialiseAborts) {
  (void)SoftHsm::instance();
  EXPECT_DEATH(
      {
        Module::forbid_fork();
        (void)fork();
      },
      "no process forks once it has initialised");
}

TEST(SessionDeathTest, AbortsWhenAnotherThreadUsesIt) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  EXPECT_DEATH(std::thread([&] { (void)session.token_flags(); }).join(),
               "used by the thread that opened it");
}

}  // namespace
}  // namespace buri::hsm::pkcs11
