#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What is known of the HSMs of each vendor, as data. A profile never loosens a security check; it
/// says what a device can be asked for and how it fails. Facts come from vendors' documents and
/// from users' reports; only "softhsm" was measured by us.

namespace buri::hsm::pkcs11 {

enum class PinFormat : std::uint8_t {
  kPlain,       ///< the PIN of the user
  kUserAndPin,  ///< "user:pin", one crypto user of several
};

/// Where the public point of a private key is looked for first.
enum class PointSource : std::uint8_t {
  kPublicObject,   ///< CKA_EC_POINT of the public key object with the same CKA_ID
  kPrivateObject,  ///< CKA_EC_POINT of the private key object itself
};

struct VendorProfile {
  std::string_view name;               ///< as configuration files spell it: "softhsm"
  std::string_view hardware;           ///< for people
  std::string_view manufacturer_hint;  ///< begins the token's manufacturer; empty: none known
  PinFormat pin_format;
  PointSource point_source;
  unsigned max_sessions;      ///< of one application; 0: no limit known
  unsigned signing_sessions;  ///< beyond this many at once only the tail latency grows
  unsigned attempt_ms;        ///< a signature that takes longer will not come: kill the worker
  bool accepts_copyable;      ///< CKA_COPYABLE in a template
  bool accepts_destroyable;   ///< CKA_DESTROYABLE
  bool accepts_allowed_mechanisms;  ///< CKA_ALLOWED_MECHANISMS
  bool accepts_trusted;             ///< CKA_TRUSTED and CKA_WRAP_WITH_TRUSTED
  /// CK_RV values after which nothing but a new process helps.
  std::span<const unsigned long> fatal_codes;
  std::string_view note;  ///< what an operator should know
};

/// All profiles; the first is "generic".
std::span<const VendorProfile> vendor_profiles();

/// The profile of that name, or null.
const VendorProfile* find_profile(std::string_view name);

/// The profile whose hint begins `manufacturer` (as CK_TOKEN_INFO gives it), else "generic".
const VendorProfile& guess_profile(std::string_view manufacturer);

}  // namespace buri::hsm::pkcs11
