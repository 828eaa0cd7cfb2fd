#pragma once

#include <string>

#include "hsm/pkcs11/key_check.hpp"

/// Makes a validator key in the device, with the attributes that the read-back gate and a hostile
/// holder of the user PIN are measured against.

namespace buri::hsm::pkcs11 {

/// What the new key is called and how the device wants its templates.
struct KeyPlan {
  std::string label;
  Bytes id;  ///< CKA_ID, the same for both halves
  const VendorProfile* profile = nullptr;
};

/// Where the private half may live.
enum class KeyKind : std::uint8_t {
  kFinal,          ///< a token object that never leaves the device
  kSessionForWrap  ///< a session object that a trusted key may wrap once, then gone
};

struct GeneratedKey {
  KeyPairHandles handles;
  PublicPoint point;
};

/// The template of a private key that may sign and nothing else. For kFinal: not extractable, not
/// modifiable, not copyable, not destroyable as far as the profile's device knows these. Used for
/// generation and for unwrapping alike.
AttributeList private_key_template(const KeyPlan& plan, KeyKind kind);

/// The template of the public half; `point` is added when the object is made from a known point.
AttributeList public_key_template(const KeyPlan& plan, KeyKind kind, const PublicPoint* point);

/// Generates a pair and reads back its point. Refuses when a key of that label or id is there
/// already: the device would make a second one without a word. For kFinal the attribute gate is run
/// too. REQUIRES: a read-write session with the user logged in.
Result<GeneratedKey, KeyError> generate_signing_key(Session& session, const KeyPlan& plan,
                                                    KeyKind kind);

/// A typed probe signature by `key`, recovered to `point`; the reason if it fails.
Status<KeyError> prove_key(Session& session, CK_OBJECT_HANDLE key, const PublicPoint& point);

}  // namespace buri::hsm::pkcs11
