#include "hsm/ceremony/device.hpp"

#include <unistd.h>

#include <utility>

namespace buri::hsm::ceremony {

using namespace pkcs11;

namespace {

constexpr std::size_t kMaxTwins = 8;

/// Why these flags of a token forbid an attempt at the security officer's PIN; empty if they do
/// not.
std::string_view officer_flag_reason(CK_FLAGS flags, bool ignore) {
  if ((flags & CKF_SO_PIN_LOCKED) != 0) {
    return "The token says that the security officer's PIN is locked.";
  }
  if (ignore) return {};
  if ((flags & CKF_SO_PIN_FINAL_TRY) != 0) {
    return "The token says that the next wrong PIN of the security officer locks it; "
           "--ignore-pin-flags allows the attempt.";
  }
  if ((flags & CKF_SO_PIN_COUNT_LOW) != 0) {
    return "The token says that a wrong PIN of the security officer was given since the last "
           "login; --ignore-pin-flags allows another attempt.";
  }
  return {};
}

/// Reads a PIN once.
Result<Secret, Reason> remembered(std::optional<Secret>& kept, const PinReader& read) {
  if (!kept) {
    ASSIGN_OR_RETURN(kept, read());
  }
  return *kept;
}

}  // namespace

Reason text_of(const KeyError& error) { return text_of(error.reason, error.call); }

Reason text_of(std::string_view sentence, const CryptokiError& call) {
  if (call.code == CKR_OK) return Reason(sentence);
  return Reason(sentence) + " (" + describe(call) + ")";
}

CeremonyDevice::CeremonyDevice(std::shared_ptr<const Module> module, Token token,
                               const VendorProfile* profile, std::string module_path,
                               PinReaders pins)
    : module_(std::move(module)),
      token_(std::move(token)),
      profile_(profile),
      module_path_(std::move(module_path)),
      pins_(std::move(pins)) {}

Result<CeremonyDevice, Reason> CeremonyDevice::open(const PlannedDevice& planned, PinReaders pins) {
  const auto uri = parse_key_uri(planned.uri);
  if (!uri.ok()) return Failure{describe(uri.error())};
  if (!uri->module_path) return Failure{Reason("The device's URI names no module.")};
  const auto module = Module::load(*uri->module_path);
  if (!module.ok()) return Failure{text_of(module.error().reason, module.error().call)};
  const auto token = (*module)->find_token(*uri);
  if (!token.ok()) return Failure{text_of(token.error().reason, token.error().call)};
  const VendorProfile* const profile =
      planned.profile.empty() ? &guess_profile(token->manufacturer) : find_profile(planned.profile);
  if (profile == nullptr) return Failure{"There is no profile " + planned.profile + "."};
  return CeremonyDevice(*module, *token, profile, *uri->module_path, std::move(pins));
}

KeyUri CeremonyDevice::key_uri(const std::string& label, const Bytes& id) const {
  KeyUri uri;
  uri.token = token_.label;
  uri.serial = token_.serial;
  uri.object = label;
  if (!id.empty()) uri.id = id;
  uri.type_private = true;
  uri.module_path = module_path_;
  return uri;
}

Result<Secret, Reason> CeremonyDevice::officer_pin() {
  return remembered(officer_pin_, pins_.officer);
}
Result<Secret, Reason> CeremonyDevice::user_pin() { return remembered(user_pin_, pins_.user); }

Result<Session, Reason> CeremonyDevice::log_in(CK_USER_TYPE role) {
  auto session = Session::open(module_, token_.slot, SessionMode::kReadWrite);
  if (!session.ok()) return Failure{text_of("No session can be opened.", session.error())};
  if (role == CKU_USER) {
    const LoginRules rules{pins_.ignore_flags, profile_->pin_format == PinFormat::kUserAndPin};
    const auto login = log_in_user(*session, [this] { return user_pin(); }, rules, [] {});
    if (!login.ok()) {
      user_pin_.reset();
      return Failure{"Key user: " + login.error().reason};
    }
    return std::move(session).value();
  }
  const auto flags = session->token_flags();
  if (!flags.ok()) return Failure{text_of("The token does not tell its PIN flags.", flags.error())};
  const std::string_view reason = officer_flag_reason(*flags, pins_.ignore_flags);
  if (!reason.empty()) return Failure{Reason(reason)};
  ASSIGN_OR_RETURN(const Secret pin, officer_pin());
  const auto login = session->login(CKU_SO, pin.bytes());
  if (login.ok()) return std::move(session).value();
  officer_pin_.reset();
  return Failure{
      text_of("The security officer's login failed; it is not tried again.", login.error())};
}

Result<std::vector<CK_OBJECT_HANDLE>, Reason> find_wrapping_keys(Session& session,
                                                                 const std::string& label) {
  AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_SECRET_KEY).number(CKA_KEY_TYPE, CKK_AES).text(CKA_LABEL, label);
  auto found = session.find(wanted, kMaxTwins);
  if (!found.ok()) return Failure{text_of("The token does not search its keys.", found.error())};
  return std::move(found).value();
}

Result<std::size_t, Reason> destroy_wrapping_keys(Session& session, const std::string& label) {
  ASSIGN_OR_RETURN(const auto keys, find_wrapping_keys(session, label));
  for (const CK_OBJECT_HANDLE key : keys) {
    if (const auto gone = session.destroy(key); !gone.ok()) {
      return Failure{text_of("The key-encryption key cannot be destroyed.", gone.error())};
    }
  }
  return keys.size();
}

Result<std::optional<CK_OBJECT_HANDLE>, Reason> find_key_by_id(Session& session, const Bytes& id) {
  AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_PRIVATE_KEY).number(CKA_KEY_TYPE, CKK_EC).bytes(CKA_ID, id);
  const auto found = session.find(wanted, 2);
  if (!found.ok()) return Failure{text_of("The token does not search its keys.", found.error())};
  if (found->size() > 1) return Failure{Reason("Several private keys have this ceremony's id.")};
  if (found->empty()) return std::optional<CK_OBJECT_HANDLE>();
  return std::optional(found->front());
}

Status<Reason> destroy_public_halves(Session& session, const Bytes& id) {
  AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_PUBLIC_KEY).number(CKA_KEY_TYPE, CKK_EC).bytes(CKA_ID, id);
  const auto found = session.find(wanted, kMaxTwins);
  if (!found.ok()) return Failure{text_of("The token does not search its keys.", found.error())};
  for (const CK_OBJECT_HANDLE half : *found) {
    if (const auto gone = session.destroy(half); !gone.ok()) {
      return Failure{
          text_of("A public key that an interruption left cannot be destroyed.", gone.error())};
    }
  }
  return Unit{};
}

void settle_disks() { ::sync(); }

}  // namespace buri::hsm::ceremony
