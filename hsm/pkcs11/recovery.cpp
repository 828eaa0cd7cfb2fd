#include "hsm/pkcs11/recovery.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace buri::hsm::pkcs11 {

std::string_view rung_name(Rung rung) {
  switch (rung) {
    case Rung::kNone:
      return "none";
    case Rung::kSameSession:
      return "same_session";
    case Rung::kNewSession:
      return "new_session";
    case Rung::kLoginAndFind:
      return "login_and_find";
    case Rung::kRestart:
      return "restart";
  }
  CHECK(false, "a Rung has a name");
}

Rung rung_for(CK_RV code, const VendorProfile& profile) {
  if (std::ranges::find(profile.fatal_codes, code) != profile.fatal_codes.end()) {
    return Rung::kRestart;
  }
  switch (code) {
    case CKR_OPERATION_ACTIVE:
    case CKR_BUFFER_TOO_SMALL:
      return Rung::kSameSession;
    case CKR_USER_NOT_LOGGED_IN:
    case CKR_KEY_HANDLE_INVALID:
    case CKR_OBJECT_HANDLE_INVALID:
      return Rung::kLoginAndFind;
    default:
      return Rung::kNewSession;
  }
}

Rung next_rung(Rung last, CK_RV code, const VendorProfile& profile) {
  const int higher = std::min(static_cast<int>(last) + 1, static_cast<int>(Rung::kRestart));
  return std::max(rung_for(code, profile), static_cast<Rung>(higher));
}

}  // namespace buri::hsm::pkcs11
