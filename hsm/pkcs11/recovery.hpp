#pragma once

#include <cstdint>
#include <string_view>

#include "hsm/pkcs11/cryptoki.hpp"
#include "hsm/pkcs11/profile.hpp"

/// What to try after a PKCS#11 call failed. The rungs are climbed in order, each at most once per
/// request: a call that fails again goes at least one rung higher.

namespace buri::hsm::pkcs11 {

enum class Rung : std::uint8_t {
  kNone = 0,
  kSameSession = 1,   ///< repeat the call
  kNewSession = 2,    ///< open another session, close this one
  kLoginAndFind = 3,  ///< log in again and look for the key again, under a new handle epoch
  kRestart = 4,       ///< nothing in this process helps
};

/// Lower-case name with underscores: "new_session".
std::string_view rung_name(Rung rung);

/// The lowest rung that can help against `code` on this device.
Rung rung_for(CK_RV code, const VendorProfile& profile);

/// The rung after `last` for a call that failed with `code`.
Rung next_rung(Rung last, CK_RV code, const VendorProfile& profile);

}  // namespace buri::hsm::pkcs11
