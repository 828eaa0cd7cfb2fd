#include "hsm/cli/hsm_key.hpp"

namespace buri::hsm::cli {

using namespace pkcs11;

CommandError error_of(const std::string& reason, const CryptokiError& call) {
  if (call.code == CKR_OK) return {reason};
  return {reason + " (" + describe(call) + ")"};
}

Result<KeyUri, CommandError> parse_uri(const KeyOptions& options) {
  auto uri = parse_key_uri(options.uri);
  if (!uri.ok()) return Failure{CommandError{describe(uri.error())}};
  if (!uri->module_path) {
    return Failure{CommandError{"The key URI names no module; end it with ?module-path=/path."}};
  }
  if (!uri->object && !uri->id) {
    return Failure{CommandError{"The key URI names no key; give object=LABEL or id=%XX."}};
  }
  return std::move(uri).value();
}

Result<const VendorProfile*, CommandError> choose_profile(const KeyOptions& options,
                                                          const Token& token) {
  if (options.profile.empty()) return &guess_profile(token.manufacturer);
  const VendorProfile* const profile = find_profile(options.profile);
  if (profile != nullptr) return profile;
  std::string names;
  for (const VendorProfile& known : vendor_profiles()) names += " " + std::string(known.name);
  return Failure{
      CommandError{"There is no profile \"" + options.profile + "\"; known are" + names + "."}};
}

Result<std::string, CommandError> pin_path(const KeyOptions& options, const KeyUri& uri) {
  if (!options.pin_file.empty()) return options.pin_file;
  if (uri.pin_path) return *uri.pin_path;
  return Failure{CommandError{
      "No PIN: give --pin-file FILE, or pin-source=file:/path in the URI. A PIN is never an "
      "argument."}};
}

Result<PublicView, CommandError> look_without_login(const KeyUri& uri) {
  const auto module = Module::load(*uri.module_path);
  if (!module.ok()) return Failure{error_of(module.error().reason, module.error().call)};
  const auto token = (*module)->find_token(uri);
  if (!token.ok()) return Failure{error_of(token.error().reason, token.error().call)};
  auto session = Session::open(*module, token->slot, SessionMode::kReadOnly);
  if (!session.ok()) return Failure{error_of("No session can be opened.", session.error())};
  AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_PUBLIC_KEY).number(CKA_KEY_TYPE, CKK_EC);
  if (uri.object) wanted.text(CKA_LABEL, *uri.object);
  if (uri.id) wanted.bytes(CKA_ID, *uri.id);
  const auto found = session->find(wanted, 2);
  if (!found.ok()) return Failure{error_of("The token does not search its keys.", found.error())};
  if (found->size() == 1) {
    const auto value = session->attribute(found->front(), CKA_EC_POINT);
    const auto point = value.ok() ? decode_ec_point(*value) : std::nullopt;
    if (point) return PublicView{*point, *token};
  }
  return Failure{CommandError{"The token shows no public key for this URI; give --public-key."}};
}

}  // namespace buri::hsm::cli
