#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hsm/pkcs11/profile.hpp"
#include "hsm/pkcs11/session.hpp"
#include "hsm/pkcs11/signing_device.hpp"

/// Is the key on the token the one that may sign: exactly one match, made in the device, never
/// outside it, on the right curve, with the pinned public point. Asked at every start and in the
/// ceremony; an answer from yesterday proves nothing about a token that others can write to.

namespace buri::hsm::pkcs11 {

/// Why a key may not be used. `call` is set when the device failed, and CKR_OK when it answered and
/// the answer is no.
struct KeyError {
  CryptokiError call;
  std::string reason;
};

/// The one private EC key that matches object label and id of the URI.
Result<CK_OBJECT_HANDLE, KeyError> find_private_key(Session& session, const KeyUri& uri);

/// How an attribute stands against the rules.
enum class AttributeVerdict : std::uint8_t {
  kGood,
  kWeak,     ///< not what our ceremony makes; reported, not refused
  kUnknown,  ///< the device does not tell, and no rule needs it
  kRefused,
};

struct AttributeReading {
  std::string_view name;  ///< "CKA_EXTRACTABLE"
  std::string value;      ///< "true", "0x1040", hex of bytes, or the CK_RV of a failed read
  AttributeVerdict verdict{};
};

/// Every attribute that a rule speaks of. With `require_hsm_born` a key must be CKA_LOCAL,
/// ALWAYS_SENSITIVE and NEVER_EXTRACTABLE, made by CKM_EC_KEY_PAIR_GEN; without it, it must still
/// be sensitive, not extractable, and able to sign without a PIN per signature.
std::vector<AttributeReading> read_attributes(Session& session, CK_OBJECT_HANDLE private_key,
                                              bool require_hsm_born);

/// Refuses a key that has an attribute with verdict kRefused, naming all of them.
Status<KeyError> check_attributes(const std::vector<AttributeReading>& readings);

/// The point of a CKA_EC_POINT value: 65 bytes 04 ‖ X ‖ Y, raw or as a DER octet string. Nothing on
/// any other encoding. Does not check that it lies on the curve.
std::optional<PublicPoint> decode_ec_point(ByteView value);

/// The point that the token states for the key: from the public key object with the same CKA_ID (or
/// label) or from the private object, `first` first; nothing where it states none.
std::optional<PublicPoint> read_public_point(Session& session, CK_OBJECT_HANDLE private_key,
                                             PointSource first);

}  // namespace buri::hsm::pkcs11
