#pragma once

#include <p11-kit/pkcs11.h>

#include <string>
#include <string_view>

#include "base/result.hpp"

/// The C types of PKCS#11 2.40 (p11-kit's header), and the one error type that its return values
/// become at the border: nothing above this layer sees a bare CK_RV.

namespace buri::hsm::pkcs11 {

/// A call that failed.
struct CryptokiError {
  CK_RV code = CKR_OK;
  std::string_view function;  ///< "C_Sign"; a literal
};

/// "CKR_DEVICE_ERROR"; "CKR_0x80000001" for codes that the standard does not name.
std::string rv_name(CK_RV code);

/// "C_Sign: CKR_DEVICE_ERROR".
std::string describe(const CryptokiError& error);

/// Success, or the code with the function's name. REQUIRES: `function` is a literal.
inline Status<CryptokiError> check_rv(CK_RV code, std::string_view function) {
  if (code == CKR_OK) return Unit{};
  return Failure{CryptokiError{code, function}};
}

}  // namespace buri::hsm::pkcs11
