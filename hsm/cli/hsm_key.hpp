#pragma once

#include <string>

#include "hsm/pkcs11/key_check.hpp"
#include "hsm/pkcs11/pin.hpp"

/// Reaching a key from the command line: the URI and PIN options, and the steps up to the key.

namespace buri::hsm::cli {

/// The options that name a key.
struct KeyOptions {
  std::string uri;
  std::string pin_file;
  std::string profile;  ///< empty: guessed from the token's manufacturer
  bool accept_restored_key = false;
  bool ignore_pin_flags = false;
};

/// A sentence for people.
struct CommandError {
  std::string reason;
};

/// The URI, parsed, with module and key named.
Result<pkcs11::KeyUri, CommandError> parse_uri(const KeyOptions& options);

/// The profile by name, else by the token's manufacturer.
Result<const pkcs11::VendorProfile*, CommandError> choose_profile(const KeyOptions& options,
                                                                  const pkcs11::Token& token);

/// The file that holds the PIN: --pin-file, else the URI's pin-source.
Result<std::string, CommandError> pin_path(const KeyOptions& options, const pkcs11::KeyUri& uri);

/// What a token shows without a login.
struct PublicView {
  pkcs11::PublicPoint point;  ///< of the public key object that matches the URI
  pkcs11::Token token;
};
Result<PublicView, CommandError> look_without_login(const pkcs11::KeyUri& uri);

/// "C_Login: CKR_..." behind the sentence, where a call failed.
CommandError error_of(const std::string& reason, const pkcs11::CryptokiError& call);

}  // namespace buri::hsm::cli
