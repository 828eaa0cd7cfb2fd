#include "hsm/pkcs11/key_wrap.hpp"

#include <array>

namespace buri::hsm::pkcs11 {
namespace {

KeyError refusal(std::string reason) { return {{}, std::move(reason)}; }

/// The security officer sees public objects only, hence CKA_PRIVATE is false; the value is
/// sensitive all the same. CKA_TRUSTED can be given at creation alone.
AttributeList kek_template(const std::string& label) {
  AttributeList list;
  list.number(CKA_CLASS, CKO_SECRET_KEY)
      .number(CKA_KEY_TYPE, CKK_AES)
      .flag(CKA_TOKEN, true)
      .flag(CKA_PRIVATE, false)
      .flag(CKA_SENSITIVE, true)
      .flag(CKA_EXTRACTABLE, false)
      .flag(CKA_WRAP, true)
      .flag(CKA_UNWRAP, true)
      .flag(CKA_ENCRYPT, false)
      .flag(CKA_DECRYPT, false)
      .flag(CKA_SIGN, false)
      .flag(CKA_VERIFY, false)
      .flag(CKA_DERIVE, false)
      .flag(CKA_MODIFIABLE, false)
      .flag(CKA_TRUSTED, true)
      .text(CKA_LABEL, label);
  return list;
}

struct KekRule {
  CK_ATTRIBUTE_TYPE type;
  std::string_view name;
  bool wanted;
};

constexpr auto kKekRules = std::to_array<KekRule>({
    {CKA_TRUSTED, "CKA_TRUSTED", true},
    {CKA_SENSITIVE, "CKA_SENSITIVE", true},
    {CKA_EXTRACTABLE, "CKA_EXTRACTABLE", false},
    {CKA_MODIFIABLE, "CKA_MODIFIABLE", false},
    {CKA_WRAP, "CKA_WRAP", true},
    {CKA_ENCRYPT, "CKA_ENCRYPT", false},
    {CKA_DECRYPT, "CKA_DECRYPT", false},
});

Result<CK_OBJECT_HANDLE, KeyError> checked_kek(Session& session,
                                               Result<CK_OBJECT_HANDLE, CryptokiError> made) {
  if (!made.ok()) {
    return Failure{KeyError{made.error(), "The device made no trusted key-encryption key."}};
  }
  RETURN_IF_ERROR(check_kek(session, *made));
  return *made;
}

Result<CK_OBJECT_HANDLE, KeyError> unwrap_and_prove(Session& session, CK_OBJECT_HANDLE kek,
                                                    ByteView blob, const KeyPlan& plan,
                                                    KeyKind kind, const PublicPoint& point) {
  AttributeList values = private_key_template(plan, kind);
  const auto key = session.unwrap(CKM_AES_KEY_WRAP_PAD, kek, blob, values);
  if (!key.ok()) {
    return Failure{KeyError{key.error(),
                            "The device does not unwrap the backup: it is damaged, or made under "
                            "another key-encryption key."}};
  }
  const auto proved = prove_key(session, *key, point);
  if (!proved.ok()) {
    (void)session.destroy(*key);
    return Failure{proved.error()};
  }
  return *key;
}

}  // namespace

Result<CK_OBJECT_HANDLE, KeyError> create_trusted_kek(Session& officer_session,
                                                      const std::string& label, ByteView key) {
  if (key.size() != kKekBytes) {
    return Failure{refusal("A key-encryption key has 32 bytes.")};
  }
  AttributeList values = kek_template(label);
  values.bytes(CKA_VALUE, key);
  return checked_kek(officer_session, officer_session.create(values));
}

Result<CK_OBJECT_HANDLE, KeyError> generate_trusted_kek(Session& officer_session,
                                                        const std::string& label) {
  AttributeList values = kek_template(label);
  values.number(CKA_VALUE_LEN, kKekBytes);
  return checked_kek(officer_session, officer_session.generate_key(CKM_AES_KEY_GEN, values));
}

Result<CK_OBJECT_HANDLE, KeyError> find_kek(Session& session, const std::string& label) {
  AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_SECRET_KEY).number(CKA_KEY_TYPE, CKK_AES).text(CKA_LABEL, label);
  const auto found = session.find(wanted, 2);
  if (!found.ok()) {
    return Failure{KeyError{found.error(), "The token does not search its keys."}};
  }
  if (found->size() != 1) {
    return Failure{refusal(found->empty() ? "There is no AES key of this label."
                                          : "Several AES keys have this label.")};
  }
  return found->front();
}

Status<KeyError> check_kek(Session& session, CK_OBJECT_HANDLE kek) {
  std::string refused;
  for (const KekRule& rule : kKekRules) {
    const auto value = session.attribute(kek, rule.type);
    const bool told = value.ok() && value->size() == 1;
    const bool set = told && value->front() != CK_FALSE;
    if (told && set == rule.wanted) continue;
    refused += (refused.empty() ? "" : ", ") + std::string(rule.name) +
               (!told ? " is not told" : (set ? " is true" : " is false"));
  }
  if (refused.empty()) return Unit{};
  return Failure{refusal("The key-encryption key may not wrap: " + refused + ".")};
}

Result<Bytes, KeyError> wrap_signing_key(Session& session, CK_OBJECT_HANDLE kek,
                                         CK_OBJECT_HANDLE key) {
  RETURN_IF_ERROR(check_kek(session, kek));
  auto blob = session.wrap(CKM_AES_KEY_WRAP_PAD, kek, key);
  if (!blob.ok()) return Failure{KeyError{blob.error(), "The device does not wrap the key."}};
  return std::move(blob).value();
}

Result<GeneratedKey, KeyError> unwrap_signing_key(Session& session, CK_OBJECT_HANDLE kek,
                                                  ByteView blob, const KeyPlan& plan,
                                                  const PublicPoint& point) {
  RETURN_IF_ERROR(check_kek(session, kek));
  // A final key cannot be destroyed again, so a wrong one must show itself before.
  ASSIGN_OR_RETURN(const CK_OBJECT_HANDLE trial,
                   unwrap_and_prove(session, kek, blob, plan, KeyKind::kSessionForWrap, point));
  if (const auto gone = session.destroy(trial); !gone.ok()) {
    return Failure{KeyError{gone.error(), "The trial copy of the key cannot be destroyed."}};
  }
  GeneratedKey restored{{}, point};
  ASSIGN_OR_RETURN(restored.handles.private_key,
                   unwrap_and_prove(session, kek, blob, plan, KeyKind::kFinal, point));
  AttributeList public_half = public_key_template(plan, KeyKind::kFinal, &point);
  const auto public_key = session.create(public_half);
  if (!public_key.ok()) {
    return Failure{KeyError{public_key.error(), "The public half cannot be stored."}};
  }
  restored.handles.public_key = *public_key;
  RETURN_IF_ERROR(check_attributes(read_attributes(session, restored.handles.private_key, false)));
  return restored;
}

}  // namespace buri::hsm::pkcs11
