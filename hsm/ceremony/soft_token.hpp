#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "hsm/ceremony/text.hpp"
#include "hsm/pkcs11/module.hpp"
#include "hsm/pkcs11/pin.hpp"
#include "hsm/pkcs11/signing_device.hpp"
#include "hsm/pkcs11/uri.hpp"

/// Tokens of SoftHSM, made for a rehearsal or for a network of one's own: a real PKCS#11 module
/// whose keys lie in files. Whoever can read its folder and the PIN is the validator.

namespace buri::hsm::ceremony {

struct SoftTokenPins {
  pkcs11::Secret officer;
  pkcs11::Secret user;
};

/// Two PINs of 16 random digits.
SoftTokenPins draw_pins(Random& random);

/// Where Debian's package softhsm2 puts the module; the first of the usual places that has it.
std::string soft_module_path();

/// The configuration file that load_soft_module() leaves in a folder.
std::filesystem::path soft_config_path(const std::filesystem::path& folder);

/// SoftHSM with its tokens in `folder`, which must exist, loaded. Sets SOFTHSM2_CONF of this
/// process, so it can be called once and before any other module is loaded.
Result<std::shared_ptr<const pkcs11::Module>, Reason> load_soft_module(
    const std::filesystem::path& folder, const std::string& module_path);

/// A new token with both PINs set and no key yet; its label and serial number.
Result<pkcs11::KeyUri, Reason> make_soft_token(const pkcs11::Module& module,
                                               const std::string& label, const SoftTokenPins& pins);

/// A token that a signer of a private network can use at once.
struct SoftKey {
  std::string uri;            ///< names module, token and key
  pkcs11::PublicPoint point;  ///< the key that was made in the token
  std::string config_path;    ///< what SOFTHSM2_CONF has to say
  std::string pin_path;       ///< the user PIN, mode 0600
};

/// Makes the folder, one token in it and a validator's key in that. Fails where the folder has a
/// token already. The officer's PIN is thrown away. Once per process, as load_soft_module().
Result<SoftKey, Reason> make_soft_key(const std::filesystem::path& folder,
                                      const std::string& module_path, Random& random);

}  // namespace buri::hsm::ceremony
