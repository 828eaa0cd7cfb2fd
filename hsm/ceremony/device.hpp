#pragma once

#include <memory>
#include <optional>
#include <string>

#include "hsm/ceremony/plan.hpp"
#include "hsm/pkcs11/key_generation.hpp"
#include "hsm/pkcs11/key_wrap.hpp"
#include "hsm/pkcs11/login.hpp"
#include "hsm/pkcs11/module.hpp"

/// The token a ceremony works on, in its two roles. A role is taken for one piece of work and laid
/// down after it, because a token knows one login at a time; each login is one attempt.

namespace buri::hsm::ceremony {

/// Both PINs, asked for once and kept in locked memory.
struct PinReaders {
  pkcs11::PinReader officer;
  pkcs11::PinReader user;
  bool ignore_flags = false;  ///< try although the token says that few attempts are left
};

/// "sentence (C_Sign: CKR_...)".
Reason text_of(const pkcs11::KeyError& error);
Reason text_of(std::string_view sentence, const pkcs11::CryptokiError& call);

/// One token. Not thread-safe.
class CeremonyDevice {
 public:
  /// Loads the module and finds the one token; logs nobody in.
  static Result<CeremonyDevice, Reason> open(const PlannedDevice& planned, PinReaders pins);

  [[nodiscard]] const pkcs11::Token& token() const { return token_; }
  [[nodiscard]] const pkcs11::VendorProfile& profile() const { return *profile_; }
  [[nodiscard]] const std::string& module_path() const { return module_path_; }
  [[nodiscard]] std::string module_description() const { return module_->description(); }
  /// The URI of one key on this token, by label and id.
  [[nodiscard]] pkcs11::KeyUri key_uri(const std::string& label, const Bytes& id) const;

  /// Runs `work(session)` with the key user logged in, then logs out.
  template <class Work>
  auto as_user(Work work) -> decltype(work(std::declval<pkcs11::Session&>())) {
    return in_role(CKU_USER, std::move(work));
  }
  /// The same with the security officer.
  template <class Work>
  auto as_officer(Work work) -> decltype(work(std::declval<pkcs11::Session&>())) {
    return in_role(CKU_SO, std::move(work));
  }
  /// The user PIN, for the fresh process that reads the token again.
  Result<pkcs11::Secret, Reason> user_pin();
  [[nodiscard]] bool ignores_pin_flags() const { return pins_.ignore_flags; }

 private:
  CeremonyDevice(std::shared_ptr<const pkcs11::Module> module, pkcs11::Token token,
                 const pkcs11::VendorProfile* profile, std::string module_path, PinReaders pins);

  template <class Work>
  auto in_role(CK_USER_TYPE role, Work work) -> decltype(work(std::declval<pkcs11::Session&>())) {
    ASSIGN_OR_RETURN(pkcs11::Session session, log_in(role));
    auto result = work(session);
    (void)session.logout();  // closing the session would do it, too
    return result;
  }
  Result<pkcs11::Session, Reason> log_in(CK_USER_TYPE role);
  Result<pkcs11::Secret, Reason> officer_pin();

  std::shared_ptr<const pkcs11::Module> module_;
  pkcs11::Token token_;
  const pkcs11::VendorProfile* profile_;
  std::string module_path_;
  PinReaders pins_;
  std::optional<pkcs11::Secret> officer_pin_;
  std::optional<pkcs11::Secret> user_pin_;
};

/// The AES keys of a label.
Result<std::vector<CK_OBJECT_HANDLE>, Reason> find_wrapping_keys(pkcs11::Session& session,
                                                                 const std::string& label);
/// Destroys the AES keys of a label; how many there were.
Result<std::size_t, Reason> destroy_wrapping_keys(pkcs11::Session& session,
                                                  const std::string& label);

/// The private EC key with this CKA_ID, if there is one; an error if there are several.
Result<std::optional<CK_OBJECT_HANDLE>, Reason> find_key_by_id(pkcs11::Session& session,
                                                               const Bytes& id);
/// Destroys public keys with this CKA_ID: halves that a power cut left.
Status<Reason> destroy_public_halves(pkcs11::Session& session, const Bytes& id);

/// Waits until everything that was written to any disk is on it: SoftHSM syncs nothing itself.
void settle_disks();

}  // namespace buri::hsm::ceremony
