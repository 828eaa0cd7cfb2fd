#include "hsm/pkcs11/login.hpp"

#include <algorithm>

namespace buri::hsm::pkcs11 {
namespace {

/// Why these flags of a token forbid an attempt; empty if they do not.
std::string_view flag_reason(CK_FLAGS flags) {
  if ((flags & CKF_USER_PIN_LOCKED) != 0) {
    return "The token says that the user PIN is locked; the security officer must set a new one.";
  }
  if ((flags & CKF_USER_PIN_FINAL_TRY) != 0) {
    return "The token says that the next wrong PIN locks it; an operator must allow the attempt.";
  }
  if ((flags & CKF_USER_PIN_COUNT_LOW) != 0) {
    return "The token says that a wrong PIN was given since the last login; an operator must allow "
           "the attempt.";
  }
  return {};
}

bool is_refusal(CK_RV code) {
  return code == CKR_PIN_INCORRECT || code == CKR_PIN_INVALID || code == CKR_PIN_LEN_RANGE ||
         code == CKR_PIN_EXPIRED || code == CKR_PIN_LOCKED || code == CKR_USER_PIN_NOT_INITIALIZED;
}

}  // namespace

Status<LoginError> log_in_user(Session& session, const PinReader& read_pin, const LoginRules& rules,
                               const std::function<void()>& before_attempt) {
  const auto flags = session.token_flags();
  if (!flags.ok()) {
    return Failure{
        LoginError{LoginFault::kDevice, flags.error(), "The token does not tell its PIN flags."}};
  }
  const std::string_view reason = flag_reason(*flags);
  const bool locked = (*flags & CKF_USER_PIN_LOCKED) != 0;
  if (!reason.empty() && (locked || !rules.ignore_flags)) {
    return Failure{LoginError{LoginFault::kFlags, {}, std::string(reason)}};
  }
  const auto pin = read_pin();
  if (!pin.ok()) return Failure{LoginError{LoginFault::kUnreadable, {}, pin.error()}};
  if (rules.user_and_pin && std::ranges::find(pin->bytes(), ':') == pin->bytes().end()) {
    return Failure{LoginError{LoginFault::kUnreadable,
                              {},
                              "This device's PIN has the form user:pin; the given one has not."}};
  }
  before_attempt();
  const auto login = session.login(CKU_USER, pin->bytes());
  if (login.ok()) return Unit{};
  const CryptokiError call = login.error();
  if (is_refusal(call.code)) {
    return Failure{
        LoginError{LoginFault::kRefused, call,
                   "The token refused the PIN (" + describe(call) + "); it is not tried again."}};
  }
  return Failure{
      LoginError{LoginFault::kDevice, call, "The login failed: " + describe(call) + "."}};
}

}  // namespace buri::hsm::pkcs11
