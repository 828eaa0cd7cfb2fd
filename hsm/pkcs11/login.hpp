#pragma once

#include <functional>
#include <string>

#include "hsm/pkcs11/pin.hpp"
#include "hsm/pkcs11/session.hpp"

/// One login attempt, made only when it is safe: a token that counts wrong PINs may lock or erase
/// itself, so its flags are read first, the PIN is tried once, and nobody tries again by itself.

namespace buri::hsm::pkcs11 {

/// Reads the PIN for one login; the sentence says why there is none.
using PinReader = std::function<Result<Secret, std::string>()>;

enum class LoginFault : std::uint8_t {
  kFlags,       ///< not tried: few tries are left, or the PIN is locked
  kUnreadable,  ///< not tried: no PIN could be read
  kRefused,     ///< tried once: the token says the PIN is wrong, locked or expired
  kDevice,      ///< the device failed; whether the attempt counted is unknown
};

struct LoginError {
  LoginFault fault{};
  CryptokiError call;
  std::string reason;  ///< a sentence without the PIN
};

struct LoginRules {
  bool ignore_flags = false;  ///< an operator has said so, for this PIN
  bool user_and_pin = false;  ///< the vendor's PIN is "user:pin"; one without a colon is not tried
};

/// Logs the user in. `before_attempt` runs when nothing but C_Login is left to do.
Status<LoginError> log_in_user(Session& session, const PinReader& read_pin, const LoginRules& rules,
                               const std::function<void()>& before_attempt);

}  // namespace buri::hsm::pkcs11
