#include "hsm/pkcs11/key_generation.hpp"

#include "base/random.hpp"
#include "hsm/pkcs11/signature_check.hpp"

namespace buri::hsm::pkcs11 {
namespace {

KeyError refusal(std::string reason) { return {{}, std::move(reason)}; }

/// Whether an EC private key of this label or id exists.
Result<bool, KeyError> is_taken(Session& session, const KeyPlan& plan) {
  for (const bool by_label : {true, false}) {
    AttributeList wanted;
    wanted.number(CKA_CLASS, CKO_PRIVATE_KEY);
    by_label ? wanted.text(CKA_LABEL, plan.label) : wanted.bytes(CKA_ID, plan.id);
    const auto found = session.find(wanted, 1);
    if (!found.ok()) {
      return Failure{KeyError{found.error(), "The token does not search its keys."}};
    }
    if (!found->empty()) return true;
  }
  return false;
}

}  // namespace

AttributeList private_key_template(const KeyPlan& plan, KeyKind kind) {
  const bool final_key = kind == KeyKind::kFinal;
  const VendorProfile& profile = *plan.profile;
  AttributeList list;
  list.number(CKA_CLASS, CKO_PRIVATE_KEY)
      .number(CKA_KEY_TYPE, CKK_EC)
      .flag(CKA_TOKEN, final_key)
      .flag(CKA_PRIVATE, true)
      .flag(CKA_SENSITIVE, true)
      .flag(CKA_EXTRACTABLE, !final_key)
      .flag(CKA_SIGN, true)
      .flag(CKA_DECRYPT, false)
      .flag(CKA_UNWRAP, false)
      .flag(CKA_SIGN_RECOVER, false)
      .flag(CKA_DERIVE, false)
      .text(CKA_LABEL, plan.label)
      .bytes(CKA_ID, plan.id);
  if (profile.accepts_copyable) list.flag(CKA_COPYABLE, false);
  if (profile.accepts_destroyable) list.flag(CKA_DESTROYABLE, !final_key);
  if (profile.accepts_trusted) list.flag(CKA_WRAP_WITH_TRUSTED, true);
  if (profile.accepts_allowed_mechanisms) {
    constexpr CK_MECHANISM_TYPE kOnly = CKM_ECDSA;
    list.mechanisms({&kOnly, 1});
  }
  // Last: SoftHSM takes a template in order, and unwraps nothing more into what is not modifiable.
  if (final_key) list.flag(CKA_MODIFIABLE, false);
  return list;
}

AttributeList public_key_template(const KeyPlan& plan, KeyKind kind, const PublicPoint* point) {
  AttributeList list;
  list.number(CKA_CLASS, CKO_PUBLIC_KEY)
      .number(CKA_KEY_TYPE, CKK_EC)
      .flag(CKA_TOKEN, kind == KeyKind::kFinal)
      .flag(CKA_PRIVATE, false)
      .flag(CKA_VERIFY, true)
      .flag(CKA_ENCRYPT, false)
      .flag(CKA_WRAP, false)
      .flag(CKA_DERIVE, false)
      .flag(CKA_MODIFIABLE, false)
      .bytes(CKA_EC_PARAMS, kSecp256k1Params)
      .text(CKA_LABEL, plan.label)
      .bytes(CKA_ID, plan.id);
  if (point != nullptr) {
    Bytes encoded{0x04, 65, 0x04};  // a DER octet string of the uncompressed point
    append(encoded, *point);
    list.bytes(CKA_EC_POINT, encoded);
  }
  return list;
}

Result<GeneratedKey, KeyError> generate_signing_key(Session& session, const KeyPlan& plan,
                                                    KeyKind kind) {
  ASSIGN_OR_RETURN(const bool taken, is_taken(session, plan));
  if (taken) {
    return Failure{refusal("A private key of this label or id is on the token already.")};
  }
  AttributeList public_half = public_key_template(plan, kind, nullptr);
  AttributeList private_half = private_key_template(plan, kind);
  const auto pair = session.generate_key_pair(CKM_EC_KEY_PAIR_GEN, public_half, private_half);
  if (!pair.ok()) return Failure{KeyError{pair.error(), "The device generated no key."}};
  const auto encoded = session.attribute(pair->public_key, CKA_EC_POINT);
  const auto point = encoded.ok() ? decode_ec_point(*encoded) : std::nullopt;
  if (!point) return Failure{refusal("The device does not tell the point of the new key.")};
  if (kind == KeyKind::kFinal) {
    RETURN_IF_ERROR(check_attributes(read_attributes(session, pair->private_key, true)));
  }
  RETURN_IF_ERROR(prove_key(session, pair->private_key, *point));
  return GeneratedKey{*pair, *point};
}

Status<KeyError> prove_key(Session& session, CK_OBJECT_HANDLE key, const PublicPoint& point) {
  Hash256 nonce;
  system_random().fill({nonce.data(), nonce.size()});
  const Hash256 digest = probe_digest(0, nonce);
  const auto raw = session.sign_ecdsa(key, digest);
  if (!raw.ok()) return Failure{KeyError{raw.error(), "The key makes no probe signature."}};
  const auto signature = PinnedKey(point).complete(*raw, digest);
  if (!signature.ok()) return Failure{refusal(std::string(describe(signature.error())))};
  return Unit{};
}

}  // namespace buri::hsm::pkcs11
